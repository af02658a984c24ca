import { formatCrc } from './export.ts'
import { exportsWithForeignNames } from './foreign-names.ts'
import { parseKsymtypes } from './parse-ksymtypes.ts'
import { parseSymtypes } from './parse-symtypes.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
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
 * meant to be exact, that the list lacks; `types-not-recomputed`, a note, for symbols whose types have names that are none of
 * C; and those of `parseKsymtypes`.
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
  const foreign: string[] = []
  const isForeign = foreignExports()
  let reproduced = 0
  for (const [symbol, crc] of promised) {
    if (!crc) continue
    const found = computed.get(symbol)
    if (found?.crc === crc) reproduced++
    else if (found === undefined) {
      if (!known.has(symbol)) without.push(symbol)
    } else if (isForeign(symbol, found.dump)) foreign.push(symbol)
    else different.push(`${symbol}: ${formatCrc(crc)} in the list, ${formatCrc(found.crc)} from the types`)
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
      ...mismatch(
        file,
        foreign,
        (count) =>
          `The types of ${count} of the protected symbols have names that C does not have: genksyms did not write them, and their checksum was not recomputed.`,
        'types-not-recomputed',
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
  kind: 'types-differ' | 'types-not-recomputed' = 'types-differ',
): readonly Problem[] {
  if (symbols.length === 0) return []
  const more = symbols.length - mostShown
  return [
    {
      kind,
      message: message(symbols.length),
      place: { file },
      excerpt: [...symbols.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])],
    },
  ]
}

/** Makes the function that tells whether the types of an export have names that are none of C; it reads each dump once. */
function foreignExports(): (symbol: string, dump: Uint8Array) => boolean {
  const found = new Map<Uint8Array, ReadonlySet<string>>()
  return (symbol, dump) => {
    const exports = found.get(dump) ?? exportsWithForeignNames(parseSymtypes(dump, '').value)
    found.set(dump, exports)
    return exports.has(symbol)
  }
}

interface Computed {
  readonly crc: number
  /** The types of the object that exports it. */
  readonly dump: Uint8Array
}

/** The checksum of every export that consolidated types define. */
function checksumsOf(bytes: Uint8Array, file: string): Read<ReadonlyMap<string, Computed>> {
  const { value: objects, problems: unread } = parseKsymtypes(bytes, file)
  const problems: Problem[] = [...unread]
  const computed = new Map<string, Computed>()
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
      const earlier = computed.get(symbol)?.crc
      computed.set(symbol, { crc, dump })
      if (earlier !== undefined && earlier !== crc) problems.push(twoChecksums(file, symbol, earlier, crc))
    }
  }
  return { value: computed, problems }
}

function twoChecksums(file: string, symbol: string, earlier: number, later: number): Problem {
  const message = `${quote(symbol)} is exported by two objects, with the checksums ${formatCrc(earlier)} and ${formatCrc(later)}.`
  return { kind: 'conflicting-rows', message, place: { file } }
}
