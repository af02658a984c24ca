import type { SentFile } from '../abi/evidence.ts'
import type { SymtypesByObject } from '../abi/ksymtypes.ts'
import { parseKsymtypes } from '../abi/parse-ksymtypes.ts'
import { isError, type Read } from '../problem/problem.ts'
import { unpack } from './gzipped.ts'
import { limits } from './limits.ts'
import { badFile } from '../io/read-plain-file.ts'

/**
 * Unpacks the types of evidence, checks all of them, and puts together the files of the objects that are wanted. The value
 * is undefined when they are not accepted.
 *
 * Problems: `bad-evidence`, and those of `parseKsymtypes`.
 * @param wanted is asked for every object, by its path without suffix
 */
export async function openTypes(
  { file, bytes }: SentFile,
  wanted: (object: string) => boolean,
): Promise<Read<SymtypesByObject | undefined>> {
  const unpacked = await unpack(bytes, limits.types.unpacked)
  const refused = (what: string) => ({ value: undefined, problems: [badFile(file, what)] })
  if (unpacked.kind !== 'bytes') return refused(unpacked.reason)
  const excess = excessOfTypes(unpacked.bytes)
  if (excess !== undefined) return refused(excess)
  const { value, problems } = parseKsymtypes(unpacked.bytes, file, { maxBytes: limits.types.objects, wanted })
  const errors = problems.filter(isError)
  return { value: errors.length > 0 ? undefined : value, problems: errors }
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
