import type { GrantedRequest } from './baseline.ts'
import { compare, type Difference } from './compare.ts'
import type { Explained } from './explain/merge-explanations.ts'
import type { Export, Symvers } from './export.ts'
import type { Problem } from '../problem/problem.ts'
import { sameColumns } from './repeated-row.ts'
import { selectRows, type SelectedRows } from './select-rows.ts'
import type { Whitelist, WhitelistRow } from './whitelist.ts'

export interface UpdateRequest {
  readonly whitelist: Whitelist
  readonly symvers: Symvers
  /** Symbols to protect from now on; those that are protected already stay as they are. */
  readonly names: Whitelist | undefined
  /** Symbols whose rows may change or go. */
  readonly accepted: ReadonlySet<string>
}

/** What an update does to a whitelist, and what it must not do. */
export interface UpdatePlan {
  /** All rows afterwards. */
  readonly rows: readonly WhitelistRow[]
  /** Unique symbols on the list. */
  readonly protected: { readonly before: number; readonly after: number }
  readonly added: readonly WhitelistRow[]
  /** Each symbol once, also when it stands in several sections. */
  readonly changed: readonly ChangedRow[]
  readonly removed: readonly WhitelistRow[]
  /** Differences that nobody accepted, or that nobody can accept as the build has no checksum to put in its place. */
  readonly refused: readonly Difference[]
  /** The names, not protected so far, that add nothing as the build does not export them, or not with a checksum. */
  readonly absent: SelectedRows['absent']
  readonly unversioned: SelectedRows['unversioned']
}

/** What an update does to one variant's whitelist. */
export interface VariantUpdate {
  readonly variant: string
  readonly path: string
  readonly plan: UpdatePlan
  /** The request that the added rows come from, as the history gets it. */
  readonly granted?: GrantedRequest | undefined
}

/**
 * What came of an update: `planned` is that of a dry run; `refused` means that a protected row differs and nobody
 * accepted it, so nothing was written.
 */
export interface UpdateOutcome {
  readonly result: 'updated' | 'planned' | 'refused' | 'error'
  /** Of an error only those that were written before it. */
  readonly updates: readonly VariantUpdate[]
  /** Why protected checksums changed, accepted or not; absent where none did, or nobody came to it. */
  readonly explained?: Explained | undefined
  readonly problems: readonly Problem[]
}

interface ChangedRow {
  readonly symbol: string
  readonly before: WhitelistRow
  readonly after: WhitelistRow
}

/**
 * Works out how a whitelist becomes that of a build. New names add rows. The row of a symbol changes, or goes when the
 * build does not export it, only if the symbol was accepted; an accepted row takes over every column of the build. Any
 * other way in which the build breaks a row is refused, whatever a policy says about it.
 */
export function planUpdate({ whitelist, symvers, names, accepted }: UpdateRequest): UpdatePlan {
  const exported = new Map(symvers.exports.map((row) => [row.symbol, row]))
  const known = new Set(whitelist.rows.map(({ symbol }) => symbol))
  const changed = new Map<string, ChangedRow>()
  const removed: WhitelistRow[] = []
  const kept = whitelist.rows.flatMap((before) => {
    if (!accepted.has(before.symbol)) return [before]
    const current = exported.get(before.symbol)
    if (!current) {
      removed.push(before)
      return []
    }
    const after = renewed(before, current)
    if (current.crc === 0 || sameColumns(before, after)) return [before]
    if (!changed.has(before.symbol)) changed.set(before.symbol, { symbol: before.symbol, before, after })
    return [after]
  })
  const selected = names && selectRows(symvers, names)
  const added = selected?.rows.filter(({ symbol }) => !known.has(symbol)) ?? []
  const rows = [...kept, ...added]
  return {
    rows,
    protected: { before: known.size, after: new Set(rows.map(({ symbol }) => symbol)).size },
    added,
    changed: [...changed.values()],
    removed,
    refused: compare(whitelist, symvers).differences.filter(
      ({ symbol, current }) => !accepted.has(symbol) || current?.crc === 0,
    ),
    absent: selected?.absent.filter((symbol) => !known.has(symbol)) ?? [],
    unversioned: selected?.unversioned.filter((symbol) => !known.has(symbol)) ?? [],
  }
}

function renewed(
  before: WhitelistRow,
  { symbol, crc, module, type, namespace, file, line }: Export,
): WhitelistRow {
  return { ...before, symbol, crc, module, type, namespace, file, line }
}
