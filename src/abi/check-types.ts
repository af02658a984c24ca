import { formatCrc } from './export.ts'
import { parseKsymtypes } from './parse-ksymtypes.ts'
import { isError, type Problem, type Read } from './problem.ts'
import { quote } from './quote.ts'
import { symtypesChecksums } from './symtypes-checksums.ts'
import type { WhitelistRow } from './whitelist.ts'

/** Symbols that one problem shows. */
const mostShown = 20

/** Type definitions in the consolidated form, and whether they are meant for exactly the symbols of the list. */
export interface StoredTypes {
  readonly bytes: Uint8Array
  readonly file: string
  readonly exact: boolean
  /** Symbols of the list that are known to have no types. */
  readonly untyped?: readonly string[]
}

/**
 * Recomputes the checksum of each row from stored types. The value is the number of symbols whose checksum came out as
 * the list has it; rows without a checksum are not counted.
 *
 * Problems: `types-differ` for symbols that the types lack, that they give another checksum, and, where the types are
 * meant to be exact, that the list lacks; and those of `parseKsymtypes`.
 */
export function checkTypes(
  rows: readonly WhitelistRow[],
  { bytes, file, exact, untyped = [] }: StoredTypes,
): Read<number> {
  const known = new Set(untyped)
  const { value: computed, problems } = checksumsOf(bytes, file)
  if (problems.some(isError)) return { value: 0, problems }
  const promised = new Map(rows.map(({ symbol, crc }) => [symbol, crc]))
  const without: string[] = []
  const different: string[] = []
  let reproduced = 0
  for (const [symbol, crc] of promised) {
    if (!crc) continue
    const found = computed.get(symbol)
    if (found === crc) reproduced++
    else if (found === undefined) {
      if (!known.has(symbol)) without.push(symbol)
    } else different.push(`${symbol}: ${formatCrc(crc)} in the list, ${formatCrc(found)} from the types`)
  }
  const surplus = exact ? [...computed.keys()].filter((symbol) => !promised.has(symbol)) : []
  return {
    value: reproduced,
    problems: [
      ...problems,
      ...mismatch(
        file,
        different,
        (count) => `Another checksum comes out for ${count} of the protected symbols.`,
      ),
      ...mismatch(file, without, (count) => `The types of ${count} of the protected symbols are missing.`),
      ...mismatch(file, surplus, (count) => `The list lacks ${count} of the symbols that have types here.`),
    ],
  }
}

function mismatch(
  file: string,
  symbols: readonly string[],
  message: (count: number) => string,
): readonly Problem[] {
  if (symbols.length === 0) return []
  const more = symbols.length - mostShown
  return [
    {
      kind: 'types-differ',
      message: message(symbols.length),
      place: { file },
      excerpt: [...symbols.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])],
    },
  ]
}

/** The checksum of every export that consolidated types define. */
function checksumsOf(bytes: Uint8Array, file: string): Read<ReadonlyMap<string, number>> {
  const { value: objects, problems: unread } = parseKsymtypes(bytes, file)
  const problems: Problem[] = [...unread]
  const computed = new Map<string, number>()
  for (const [object, dump] of objects) {
    const { value, problems: faults } = symtypesChecksums(dump, file)
    // Their lines are those of a dump that is no file of its own.
    problems.push(
      ...faults.map(({ kind, message, excerpt = [] }) => ({
        kind,
        message: `In the section of ${quote(object)}: ${message}`,
        place: { file },
        excerpt,
      })),
    )
    for (const [symbol, crc] of value) {
      const earlier = computed.get(symbol)
      computed.set(symbol, crc)
      if (earlier !== undefined && earlier !== crc) problems.push(twoChecksums(file, symbol, earlier, crc))
    }
  }
  return { value: computed, problems }
}

function twoChecksums(file: string, symbol: string, earlier: number, later: number): Problem {
  const message = `${quote(symbol)} is exported by two objects, with the checksums ${formatCrc(earlier)} and ${formatCrc(later)}.`
  return { kind: 'conflicting-rows', message, place: { file } }
}
