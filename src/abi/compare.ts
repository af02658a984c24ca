import { isGplOnly, isMoreRestricted, type Export, type ExportType, type Symvers } from './export.ts'
import { isNarrower } from './namespaces.ts'
import type { Whitelist, WhitelistRow } from './whitelist.ts'

/**
 * The ways in which a build can differ from what a whitelist promises.
 *
 * - `removed`: the build does not export the symbol.
 * - `changed`: its checksum differs.
 * - `unversioned`: the build, or the baseline, records no checksum (zero), so nothing could be compared.
 * - `export-type`: it became GPL-only. The other direction takes nothing away and is no difference.
 * - `announced`: it is to become GPL-only, or to go (`EXPORT_SYMBOL_GPL_FUTURE`, `EXPORT_UNUSED_SYMBOL`); nothing is taken
 *   away yet.
 * - `namespace`: it moved into a namespace, or into another one. Leaving one takes nothing away, nor does a longer list of the
 *   modules that one is reserved for.
 * - `moved`: another module provides it.
 * - `added`: the build exports it and the whitelist does not protect it.
 */
export type DifferenceKind =
  'removed' | 'changed' | 'unversioned' | 'export-type' | 'announced' | 'namespace' | 'moved' | 'added'

interface Base {
  readonly symbol: string
}

export type Difference =
  | (Base & { readonly kind: 'removed'; readonly baseline: WhitelistRow; readonly current: undefined })
  | (Base & { readonly kind: 'added'; readonly baseline: undefined; readonly current: Export })
  | (Base & {
      readonly kind: Exclude<DifferenceKind, 'removed' | 'added'>
      readonly baseline: WhitelistRow
      readonly current: Export
    })

export interface Comparison {
  /** Unique symbols on the whitelist. */
  readonly protected: number
  /** Protected symbols whose fate was established. Less than `protected` when the whitelist lacks a checksum. */
  readonly compared: number
  /** In the order of the whitelist; `added` is not among them. */
  readonly differences: readonly Difference[]
  /** How many protected symbols have something in a column of the build that their row does not have. */
  readonly notCompared: Readonly<Record<'module' | 'type' | 'namespace', number>>
  /** What the build exports and the whitelist does not protect, in the order of the build. */
  readonly added: readonly Export[]
  /** How many symbols the build exports and the whitelist does not protect, with those that it only counts. */
  readonly additions: number
}

/**
 * Compares what a whitelist promises with what a build exports. A symbol in several sections is compared once, a column that
 * its row does not have is not.
 */
export function compare(whitelist: Whitelist, symvers: Symvers): Comparison {
  const exported = new Map<string, Export>()
  for (const row of symvers.exports) exported.set(row.symbol, row)
  const seen = new Set<string>()
  const differences: Difference[] = []
  const notCompared = { module: 0, type: 0, namespace: 0 }
  let compared = 0
  for (const baseline of whitelist.rows) {
    const { symbol } = baseline
    if (seen.has(symbol)) continue
    seen.add(symbol)
    const current = exported.get(symbol)
    if (!current) {
      compared++
      differences.push({ kind: 'removed', symbol, baseline, current })
      continue
    }
    if (baseline.crc !== undefined) compared++
    for (const column of ['module', 'type', 'namespace'] as const) {
      if (baseline[column] === undefined && current[column]) notCompared[column]++
    }
    for (const kind of differencesOf(baseline, current)) differences.push({ kind, symbol, baseline, current })
  }
  const added = symvers.exports.filter(({ symbol }) => !seen.has(symbol))
  return {
    protected: seen.size,
    compared,
    differences,
    notCompared,
    added,
    additions: added.length + (symvers.others?.count ?? 0),
  }
}

function differencesOf(
  baseline: WhitelistRow,
  current: Export,
): Exclude<DifferenceKind, 'removed' | 'added'>[] {
  const kinds: Exclude<DifferenceKind, 'removed' | 'added'>[] = []
  if (baseline.crc !== undefined) {
    if (baseline.crc === 0 || current.crc === 0) kinds.push('unversioned')
    else if (baseline.crc !== current.crc) kinds.push('changed')
  }
  const restricted = restrictionOf(baseline.type, current.type)
  if (restricted) kinds.push(restricted)
  if (baseline.namespace !== undefined && isNarrower(baseline.namespace, current.namespace ?? '')) {
    kinds.push('namespace')
  }
  if (baseline.module !== undefined && baseline.module !== current.module) kinds.push('moved')
  return kinds
}

function restrictionOf(
  before: ExportType | undefined,
  after: ExportType | undefined,
): 'export-type' | 'announced' | undefined {
  if (before === undefined || after === undefined || !isMoreRestricted(before, after)) return undefined
  return isGplOnly(after) && !isGplOnly(before) ? 'export-type' : 'announced'
}
