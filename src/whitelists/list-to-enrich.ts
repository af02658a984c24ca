import type { Baseline } from '../abi/baseline.ts'
import { formatBaseline } from '../abi/format-baseline.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { shownOf } from '../abi/shown-of.ts'
import { checksumsOf } from '../abi/types/recompute.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { findStoredTypes } from '../baseline/find-stored-types.ts'
import { mayExist, whitelistFiles } from '../baseline/whitelist-files.ts'
import { inspectWhitelist } from '../baseline/inspect-whitelist.ts'
import type { LayoutsFrom } from './evidence-content.ts'
import { listRecords } from '../baseline/list-records.ts'

/** A list that has no types of its own yet, or no layouts. */
export interface ListToEnrich {
  readonly variant: string
  readonly source: WhitelistSource
  readonly whitelist: Whitelist
  readonly baseline: Baseline | undefined
  readonly checksums: ReadonlyMap<string, number>
}

/** Types for a list, and what is known of the build that they come from. */
export interface TypesOfList {
  /** In SUSE's consolidated form. */
  readonly types: Uint8Array
  /** Symbols of the list for which there are none. */
  readonly untyped: readonly string[]
  readonly layouts?: Uint8Array | undefined
  readonly layoutsFrom?: LayoutsFrom | undefined
  readonly baseline: Baseline
}

/** What to write beside a list. */
export interface Enrichment {
  readonly variant: string
  readonly path: string
  /** The file of the types. */
  readonly file: string
  /** How many symbols of the list have types now. */
  readonly typed: number
  readonly untyped: number
  readonly types: Uint8Array
  readonly layouts: Uint8Array | undefined
  /** What of the layouts a vmlinux told. */
  readonly layoutsFrom: LayoutsFrom | undefined
  readonly baseline: string | undefined
}

/**
 * Reads a list that is to get types. Problems, without a value: those of `inspectWhitelist`, but for types that were stored and are gone;
 * `unwritable` where it has already what is wanted.
 */
export async function listToEnrich(
  source: WhitelistSource,
  variant: string,
  wanted: 'types' | 'types and layouts' | 'layouts',
): Promise<Read<ListToEnrich | undefined>> {
  const { value, problems } = await inspectWhitelist(source, variant)
  const stored = await findStoredTypes(source.path)
  const { layouts } = whitelistFiles(source.path)
  const lacks = wanted !== 'types' && !(await mayExist(layouts))
  const faults = !lacks && (stored?.exact || wanted === 'layouts')
    ? [fileExists(stored?.exact && wanted !== 'layouts' ? stored.file : layouts)]
    : problems.filter(({ kind }) => stored !== undefined || kind !== 'types-differ')
  const named = faults.map((problem) => ({ variant, ...problem }))
  if (named.some(isError)) return { value: undefined, problems: named }
  const { whitelist, baseline } = value
  const checksums = checksumsOf(whitelist.rows)
  return { value: { variant, source, whitelist, baseline: baseline?.baseline, checksums }, problems: named }
}

/**
 * Decides what is written beside a list. What a baseline says of the build already stays.
 *
 * Problems: `no-types`, a note that names the rows that have none; an error for those where nothing can record that; `no-layouts`, a note,
 * for layouts that nothing can record.
 */
export function enrichmentOf(
  { variant, source, whitelist, baseline, checksums }: ListToEnrich,
  { types, untyped, layouts, layoutsFrom, baseline: found }: TypesOfList,
): Read<Enrichment | undefined> {
  const { path } = source
  const files = whitelistFiles(path)
  const all = new Set(whitelist.rows.map(({ symbol }) => symbol))
  const without = untyped.filter((symbol) => all.has(symbol))
  const problems: Problem[] = without.length > 0 ? [rowsWithout(without, all.size, path)] : []
  if (layouts && source.checksums !== undefined) problems.push({ ...unrecorded, place: { file: path } })
  // Nothing is recorded about a list that takes its checksums from another file.
  const records = listRecords(whitelist.rows, types, without, layouts)
  const described = source.checksums === undefined ? { ...(baseline ?? found), records } : undefined
  if (!described && without.length > 0) {
    const [note] = problems
    return { value: undefined, problems: note ? [{ ...note, kind: 'types-differ', variant, advice: joinFirst }] : [] }
  }
  return {
    value: {
      variant,
      path,
      file: files.types,
      typed: checksums.size - without.length,
      untyped: without.length,
      types,
      ...(described ? { layouts, layoutsFrom } : { layouts: undefined, layoutsFrom: undefined }),
      baseline: described && formatBaseline(described),
    },
    problems: problems.map((problem) => ({ ...problem, variant })),
  }
}

const joinFirst = 'Name the list with its checksums in one file: `kabi-gate whitelist import` makes it.'

const unrecorded: Problem = {
  kind: 'no-layouts',
  message: 'Nothing can record layouts beside a list that takes its checksums from another file.',
  advice: joinFirst,
}

function rowsWithout(symbols: readonly string[], all: number, file: string): Problem {
  return {
    kind: 'no-types',
    message: `${symbols.length} of ${all} protected symbols have no types.`,
    place: { file },
    excerpt: shownOf(symbols),
    advice: 'A change of these is found as before, and not explained.',
  }
}

function fileExists(file: string): Problem {
  return {
    kind: 'unwritable',
    message: `${quote(file)} exists already.`,
    place: { file },
    advice: 'Remove it, to have it made anew.',
  }
}
