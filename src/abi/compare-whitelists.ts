import type { GrantedRequest } from './baseline.ts'
import type { Explained } from './explain/merge-explanations.ts'
import type { Whitelist, WhitelistRow } from './whitelist.ts'

/** What a row promises about its symbol. */
export const rowColumns = ['crc', 'type', 'module', 'namespace', 'lifetime'] as const

export type RowColumn = (typeof rowColumns)[number]

/** A symbol on both lists whose rows differ. */
export interface RowChange {
  readonly symbol: string
  readonly before: WhitelistRow
  readonly after: WhitelistRow
  /** What differs; at least one column. */
  readonly columns: readonly RowColumn[]
}

/** How one whitelist became another; each symbol once, sorted. */
interface WhitelistDifference {
  readonly added: readonly WhitelistRow[]
  readonly removed: readonly WhitelistRow[]
  readonly changed: readonly RowChange[]
  /** Symbols on both lists. */
  readonly common: number
  /** Columns that only the older list fills: a promise is lost for all of its symbols at once. */
  readonly lost: readonly RowColumn[]
  /** Columns that only the newer list fills. */
  readonly gained: readonly RowColumn[]
}

/**
 * Compares two whitelists as promises: unlike `compare`, which looks for what breaks a driver, it tells of every column
 * that differs, in either direction. A column is compared when both lists have it; a list of names has none, so that
 * names alone are compared. Sections promise nothing and make no difference.
 * @param columns what to compare beside the names
 */
export function compareWhitelists(
  before: Whitelist,
  after: Whitelist,
  columns: readonly RowColumn[] = rowColumns,
): WhitelistDifference {
  const [old, now] = [bySymbol(before), bySymbol(after)]
  const common = [...old.values()].flatMap((row) => {
    const other = now.get(row.symbol)
    return other ? [{ symbol: row.symbol, before: row, after: other }] : []
  })
  const has = ({ rows }: Whitelist, column: RowColumn) => rows.some((row) => row[column] !== undefined)
  const compared = columns.filter((column) => has(before, column) && has(after, column))
  const changed = common
    .map((pair) => ({
      ...pair,
      columns: compared.filter((column) => differs(pair.before, pair.after, column)),
    }))
    .filter((pair) => pair.columns.length > 0)
  const onlyIn = (one: Whitelist, other: Whitelist) =>
    common.length === 0 ? [] : columns.filter((column) => has(one, column) && !has(other, column))
  return {
    added: [...now.values()].filter(({ symbol }) => !old.has(symbol)),
    removed: [...old.values()].filter(({ symbol }) => !now.has(symbol)),
    changed,
    common: common.length,
    lost: onlyIn(before, after),
    gained: onlyIn(after, before),
  }
}

/** True when every promise of the older list is still there, word for word. */
export function onlyGrew({ removed, changed, lost }: WhitelistDifference): boolean {
  return removed.length === 0 && changed.length === 0 && lost.length === 0
}

/** Each symbol once, sorted; rows of one symbol say the same in every section. */
function bySymbol({ rows }: Whitelist): ReadonlyMap<string, WhitelistRow> {
  const sorted = rows.toSorted((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0))
  return new Map(sorted.map((row) => [row.symbol, row]))
}

function differs(before: WhitelistRow, after: WhitelistRow, column: RowColumn): boolean {
  if (column === 'lifetime') {
    return before.lifetime?.first !== after.lifetime?.first || before.lifetime?.last !== after.lifetime?.last
  }
  return before[column] !== after[column]
}

/** How the whitelist of one variant became another. */
export interface VariantDifference {
  readonly variant: string
  /** The list as it was; undefined for a variant that had none. */
  readonly before: Whitelist | undefined
  readonly after: Whitelist | undefined
  readonly difference: WhitelistDifference
  /** The requests that the history of the newer list has and that of the older one has not. */
  readonly granted: readonly GrantedRequest[]
}

/** What changed, and why, as far as types are stored beside the lists. */
export interface WhitelistsDifference {
  readonly differences: readonly VariantDifference[]
  readonly explained?: Explained | undefined
}
