import type { SentFile } from '../abi/evidence.ts'
import type { TypePool } from '../abi/types/type-pool.ts'
import { isError, type Read } from '../problem/problem.ts'
import { readConsolidated } from '../abi/types/consolidated.ts'
import type { IsWanted, KernelTypes } from '../abi/types/kernel-types.ts'
import { readContext } from '../abi/types/read-context.ts'
import { unpack } from './gzipped.ts'
import { limits } from './limits.ts'
import { badFile } from '../io/read-plain-file.ts'

/**
 * Unpacks the types of evidence and reads them into a pool. The value is undefined when they are not accepted.
 *
 * Problems: `bad-evidence`, and those of `readConsolidated`.
 */
export async function openTypes(
  { file, bytes }: SentFile,
  pool: TypePool,
  isWanted: IsWanted,
): Promise<Read<KernelTypes | undefined>> {
  const unpacked = await unpack(bytes, limits.types.unpacked)
  const refused = (what: string) => ({ value: undefined, problems: [badFile(file, what)] })
  if (unpacked.kind !== 'bytes') return refused(unpacked.reason)
  const excess = excessOfTypes(unpacked.bytes)
  if (excess !== undefined) return refused(excess)
  const context = readContext(pool, isWanted, limits.types.records)
  const objects = readConsolidated(context, unpacked.bytes, file)
  const errors = context.problems.all().filter(isError)
  return { value: errors.length > 0 ? undefined : { file, objects }, problems: errors }
}

/** What of some types is more than evidence may have, in words that follow the name of the file; undefined when nothing is. */
export function excessOfTypes(bytes: Uint8Array): string | undefined {
  const { unpacked, line: longest, lines: most, references: mostReferences } = limits.types
  if (bytes.length > unpacked) return `has more than ${unpacked} bytes`
  let lines = 0
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline < 0 ? bytes.length : newline
    lines++
    if (end - start > longest) return `has a definition of more than ${longest} bytes on line ${lines}`
    if (lines > most) return `has more than ${most} lines`
    start = end + 1
  }
  let references = 0
  for (let at = bytes.indexOf(0x23); at >= 0; at = bytes.indexOf(0x23, at + 1)) references++
  return references > mostReferences ? `has more than ${mostReferences} references to types` : undefined
}
