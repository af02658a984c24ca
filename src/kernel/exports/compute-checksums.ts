import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { isError } from '../../problem/problem.ts'
import { symtypesChecksums } from '../../abi/symtypes-checksums.ts'
import type { Argv, EnabledObject } from './enabled-object.ts'
import { genksymsKeyword } from './exported-names.ts'
import type { KernelTree } from './kernel-tree.ts'
import { parseChecksums } from './parse-checksums.ts'
import { runProgram, type Stopped } from './run-program.ts'

/** What a program for checksums reads, and where it writes. */
export interface ChecksumFiles {
  /** What the object's `compile` made: text for genksyms, an object for gendwarfksyms. */
  readonly compiled: string
  /** What the compiler wrote there. */
  readonly output: Buffer
  /** Where genksyms writes the type definitions behind the exports. */
  readonly types: string
  /** Where the list of symbols goes that gendwarfksyms reads. */
  readonly names: string
}

type Checksums = ReadonlyMap<string, number>

/**
 * Lets the kernel's own program compute the checksums of an object's exports. An export that it cannot compute one for is
 * absent or 0. What it printed must be complete, whatever its exit code.
 */
export function computeChecksums(
  tree: KernelTree,
  { checksums: { kind, command } }: EnabledObject,
  symbols: readonly string[],
  files: ChecksumFiles,
): Promise<Checksums | Stopped> {
  return kind === 'genksyms' ? fromText(tree, command, files) : fromObject(tree, command, symbols, files)
}

/** The export that is put behind all others of a text. */
const last = 'kabi_gate_end_of_exports'

/**
 * Genksyms does not mention an export of which it finds no declaration. So it is given one more behind all others, which shows that
 * it came to the end; and each checksum must come out again of the types that it wrote, which must have no others.
 */
async function fromText(
  tree: KernelTree,
  command: Argv,
  { compiled, output, types }: ChecksumFiles,
): Promise<Checksums | Stopped> {
  const keyword = genksymsKeyword(output)
  // The first declaration is for what genksyms may be in the middle of; it goes on at the next semicolon.
  await appendFile(compiled, `\nint ${last}_;\nint ${last};\n${keyword}(${last});\n`)
  const outcome = await runProgram(tree, [...command, '-T', types], compiled)
  if (outcome.kind !== 'done') return outcome
  const checksums = new Map(parseChecksums(outcome.stdout.join('\n')))
  if (!checksums.has(last)) return incomplete(command, 'its list of checksums ends too early')
  const written = await readFile(types).catch(() => new Uint8Array())
  const { value: recomputed, problems } = symtypesChecksums(written, types)
  const [fault] = problems.filter(isError)
  if (fault) return incomplete(command, `its types cannot be read: ${fault.message}`)
  for (const symbol of new Set([...checksums.keys(), ...recomputed.keys()])) {
    if (checksums.get(symbol) === recomputed.get(symbol)) continue
    return incomplete(command, `its checksum of ${symbol} is not that of its types`)
  }
  checksums.delete(last)
  await writeFile(types, withoutLast(Buffer.from(written)))
  return checksums
}

function withoutLast(types: Buffer): Buffer {
  const lines = types.toString('latin1').split('\n')
  return Buffer.from(lines.filter((line) => !line.startsWith(`${last} `)).join('\n'), 'latin1')
}

/**
 * Gendwarfksyms gets the symbols in the order of `nm`, as in the kernel's build: two names of one address get the checksum of one
 * of them. It prints a line for each, 0 for one of which it knows nothing (symbol_print_versions in
 * scripts/gendwarfksyms/symbols.c).
 */
async function fromObject(
  tree: KernelTree,
  command: Argv,
  symbols: readonly string[],
  { compiled, names }: ChecksumFiles,
): Promise<Checksums | Stopped> {
  await writeFile(names, [...symbols].sort().join('\n') + '\n')
  const outcome = await runProgram(tree, [...command, compiled], names)
  if (outcome.kind !== 'done') return outcome
  const checksums = parseChecksums(outcome.stdout.join('\n'))
  const missing = symbols.find((symbol) => !checksums.has(symbol))
  return missing === undefined ? checksums : incomplete(command, `it printed no checksum of ${missing}`)
}

function incomplete([program = '']: Argv, why: string): Stopped {
  return { kind: 'failed', why: `${program} ended well, but ${why}`, stderr: [] }
}
