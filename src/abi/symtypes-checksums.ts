import { crc32 } from './crc32.ts'
import { parseSymtypes } from './parse-symtypes.ts'
import type { Read } from '../problem/problem.ts'
import { feedRepeated, feedText, isExport, partOf, partSize, recordName, type Symtypes } from './symtypes.ts'

/**
 * The checksum of each export of a `.symtypes` file, as an unsigned number: what genksyms printed when it wrote the
 * file. An export that is not understood, or that reaches a type that is not, has none.
 *
 * @param file the name to use in messages; for the problems see `parseSymtypes`
 * @param wanted the exports to compute, by default all
 */
export function symtypesChecksums(
  bytes: Uint8Array,
  file: string,
  wanted?: ReadonlySet<string>,
): Read<ReadonlyMap<string, number>> {
  const { value: symtypes, problems } = parseSymtypes(bytes, file)
  const expand = expander(symtypes)
  const checksums = new Map<string, number>()
  for (let record = 0; record < symtypes.count; record++) {
    if (!isExport(symtypes, record)) continue
    const symbol = recordName(symtypes, record)
    if (wanted && !wanted.has(symbol)) continue
    const crc = expand(record)
    if (crc !== undefined) checksums.set(symbol, crc)
  }
  return { value: checksums, problems }
}

/**
 * Makes the function that expands an export as genksyms does (`expand_and_crc_sym` in scripts/genksyms/genksyms.c): the
 * tokens in order, each followed by a space; in place of a reference the definition, and when that definition has been
 * begun before within this export, the name alone, with the keyword for a struct, union or enum.
 */
function expander({ count, partsStart, partsEnd, parts }: Symtypes): (record: number) => number | undefined {
  const { shift: zeros } = crc32()
  /** The export in whose expansion a record was last begun; exports are counted from 1. */
  const begun = new Int32Array(count)
  /** Where to go on, and until where, in the definitions that are begun and not finished. */
  const stack = new Int32Array(count * 2)
  let round = 0
  return (root) => {
    round++
    begun[root] = round
    let part = partsStart[root] ?? -1
    if (part < 0) return undefined
    let end = partsEnd[root] ?? 0
    let crc = feedText(zeros, -1, parts, part)
    part += partSize
    let depth = 0
    for (;;) {
      if (part === end) {
        if (depth === 0) return ~crc >>> 0
        end = stack[--depth] ?? 0
        part = stack[--depth] ?? 0
      } else {
        const record = parts[part + partOf.record] ?? 0
        if (begun[record] === round) {
          crc = feedRepeated(zeros, crc, parts, part)
          part += partSize
          continue
        }
        begun[record] = round
        stack[depth++] = part
        stack[depth++] = end
        part = partsStart[record] ?? -1
        if (part < 0) return undefined
        end = partsEnd[record] ?? 0
      }
      crc = feedText(zeros, crc, parts, part)
      part += partSize
    }
  }
}
