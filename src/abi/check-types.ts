import { typePool, type TypePool } from './types/type-pool.ts'
import { formatCrc } from './export.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { shownOf } from './shown-of.ts'
import type { KernelTypes, TypedObject } from './types/kernel-types.ts'
import { parseTypes } from './types/parse-types.ts'
import { readContext, type ReadContext } from './types/read-context.ts'
import { recompute } from './types/recompute.ts'
import type { WhitelistRow } from './whitelist.ts'

/** Type definitions in any form. */
export interface StoredTypes {
  readonly bytes: Uint8Array
  readonly file: string
  /** Whether they are meant for exactly the symbols of the list. */
  readonly exact: boolean
  /** Whether they are meant to hold all symbols of the list; so it is when not given. */
  readonly complete?: boolean
  /** Symbols of the list that are known to have no types. */
  readonly untyped?: readonly string[]
}

/**
 * Recomputes the checksum of each row from stored types. The value is the number of symbols whose checksum came out as
 * the list has it; rows without a checksum are not counted.
 *
 * Problems: `types-differ` for symbols that the types give another checksum, that types which are meant to be complete
 * lack, and, where they are meant to be exact, that the list lacks; `types-not-recomputed`, a note, for symbols that the
 * types of others lack, and for those whose types have names that are none of C; and those of `parseTypes`.
 */
export function checkTypes(
  rows: readonly WhitelistRow[],
  { bytes, file, exact, complete = true, untyped = [] }: StoredTypes,
): Read<number> {
  const known = new Set(untyped)
  const pool = typePool()
  const context = readContext(pool, () => true)
  const objects = parseTypes(context, bytes, file, file)
  const problems = context.problems.all()
  if (problems.some(isError)) return { value: 0, problems }
  const promised = new Map(rows.map(({ symbol, crc }) => [symbol, crc]))
  const checksums = new Map([...promised].flatMap(([symbol, crc]) => (crc ? [[symbol, crc] as const] : [])))
  const { proven, different, missing } = recompute(pool, { file, objects }, checksums)
  const twofold = exact ? twoChecksums(pool, { file, objects }, checksums) : []
  if (twofold.length > 0) return { value: 0, problems: [...problems, ...twofold] }
  const foreign: string[] = []
  const others: string[] = []
  for (const [symbol, { object, crc }] of different) {
    const said = `${symbol}: ${formatCrc(checksums.get(symbol) ?? 0)} in the list, ${formatCrc(crc ?? 0)} from the types`
    if (hasForeignNames(context, object, symbol)) foreign.push(symbol)
    else others.push(said)
  }
  const without = missing.filter((symbol) => !known.has(symbol))
  const exported = new Set(objects.flatMap(({ exports }) => exports))
  const surplus = exact ? [...exported].filter((symbol) => !promised.has(symbol)) : []
  return {
    value: proven.size,
    problems: [
      ...problems,
      ...mismatch(
        file,
        others,
        (count) => `Another checksum comes out for ${count} of the protected symbols.`,
      ),
      ...mismatch(
        file,
        foreign,
        (count) =>
          `The types of ${count} of the protected symbols have names that C does not have: genksyms did not write them, and their checksum was not recomputed.`,
        'types-not-recomputed',
      ),
      ...mismatch(
        file,
        without,
        (count) => `The types of ${count} of the protected symbols are missing.`,
        complete ? 'types-differ' : 'types-not-recomputed',
      ),
      ...mismatch(file, surplus, (count) => `The list lacks ${count} of the symbols that have types here.`),
    ],
  }
}

/** Types that were stored for a list are those of one object for each symbol. */
function twoChecksums(
  pool: TypePool,
  { file, objects }: KernelTypes,
  checksums: ReadonlyMap<string, number>,
): readonly Problem[] {
  const once = new Set<string>()
  const twice = new Set<string>()
  for (const symbol of objects.flatMap(({ exports }) => exports))
    (once.has(symbol) ? twice : once).add(symbol)
  if (twice.size === 0) return []
  const asked = new Map([...checksums].filter(([symbol]) => twice.has(symbol)))
  const { proven } = recompute(pool, { file, objects }, asked)
  const others = objects.flatMap((one) => [
    ...recompute(pool, { file, objects: [one] }, asked).different.keys(),
  ])
  return others
    .filter((symbol) => proven.has(symbol))
    .map((symbol) => ({
      kind: 'conflicting-rows',
      message: `${quote(symbol)} is exported by two objects, with types of different checksums.`,
      place: { file },
    }))
}

function mismatch(
  file: string,
  symbols: readonly string[],
  message: (count: number) => string,
  kind: 'types-differ' | 'types-not-recomputed' = 'types-differ',
): readonly Problem[] {
  if (symbols.length === 0) return []
  return [{ kind, message: message(symbols.length), place: { file }, excerpt: shownOf(symbols) }]
}

/** What genksyms writes as the name of a type: an identifier of C. */
const nameOfC = /^[\w$.]+$/

/** Whether an export comes by a type with a name that C does not have, such as `s#'core::option::Option<u32, u8>'`. */
function hasForeignNames({ pool, reach }: ReadContext, { types }: TypedObject, symbol: string): boolean {
  const definitions = new Map([...types.names].map((name, at) => [name, types.definitions[at] ?? -1]))
  const reached = reach(
    [pool.nameNumber(symbol)],
    (name) => definitions.get(name) ?? -1,
    () => undefined,
  )
  return reached.names.some((name) => !nameOfC.test(pool.symbolText(name)))
}
