import { writeFile } from 'node:fs/promises'
import type { EnabledObject } from './enabled-object.ts'
import type { KernelTree } from './kernel-tree.ts'
import { parseChecksums } from './parse-checksums.ts'
import { runProgram, type Outcome, type Stopped } from './run-program.ts'

/** What a program for checksums reads, and where it writes. */
export interface ChecksumFiles {
  /** What the object's `compile` made: text for genksyms, an object for gendwarfksyms. */
  readonly compiled: string
  /** Where genksyms writes the type definitions behind the exports. */
  readonly types: string
  /** Where the list of symbols goes that gendwarfksyms reads. */
  readonly names: string
}

/**
 * Lets the kernel's own program compute the checksums of an object's exports. An export that it cannot compute one for is
 * absent or 0. Gendwarfksyms gets the symbols in the order of `nm`, as in the kernel's build: two names of one address
 * get the checksum of one of them.
 */
export async function computeChecksums(
  tree: KernelTree,
  { checksums: { kind, command } }: EnabledObject,
  symbols: readonly string[],
  { compiled, types, names }: ChecksumFiles,
): Promise<ReadonlyMap<string, number> | Stopped> {
  let outcome: Outcome
  if (kind === 'genksyms') outcome = await runProgram(tree, [...command, '-T', types], compiled)
  else {
    await writeFile(names, [...symbols].sort().join('\n') + '\n')
    outcome = await runProgram(tree, [...command, compiled], names)
  }
  return outcome.kind === 'done' ? parseChecksums(outcome.stdout.join('\n')) : outcome
}
