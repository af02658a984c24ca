import type { DifferenceKind } from '../../abi/compare.ts'
import { formatCrc } from '../../abi/export.ts'
import type { WhitelistRow } from '../../abi/whitelist.ts'
import type { RowColumn } from '../../abi/compare-whitelists.ts'
import { arrow, code, say, type Words } from './span.ts'

/** A value before and after; `undefined` where there is none or none was recorded. */
export type Change = readonly [before: string | undefined, after: string | undefined]

/** The row of a symbol before and after; `undefined` where there was none. */
export interface RowPair {
  readonly baseline: Columns | undefined
  readonly current: Columns | undefined
}

type Columns = Pick<WhitelistRow, Exclude<RowColumn, 'lifetime'>> & Pick<Partial<WhitelistRow>, 'lifetime'>

/** A column of a table of findings, beside the symbol. */
export interface FindingColumn {
  readonly column: RowColumn
  readonly head: string
  /** True when the value does not show what it is. */
  readonly needsLabel: boolean
  readonly change: (rows: RowPair) => Change
}

const checksum: FindingColumn = {
  column: 'crc',
  head: 'Checksum',
  needsLabel: false,
  change: ({ baseline, current }) => [crcOf(baseline?.crc), crcOf(current?.crc)],
}

const exportType: FindingColumn = {
  column: 'type',
  head: 'Export type',
  needsLabel: false,
  change: ({ baseline, current }) => [baseline?.type, current?.type],
}

const namespace: FindingColumn = {
  column: 'namespace',
  head: 'Namespace',
  needsLabel: true,
  change: ({ baseline, current }) =>
    (baseline?.namespace ?? '') === '' && (current?.namespace ?? '') === ''
      ? [undefined, undefined]
      : [namespaceOf(baseline), namespaceOf(current)],
}

const module: FindingColumn = {
  column: 'module',
  head: 'Module',
  needsLabel: false,
  change: ({ baseline, current }) => [baseline?.module, current?.module],
}

/** For how long a symbol is promised, which only whitelists say. */
export const lifetime: FindingColumn = {
  column: 'lifetime',
  head: 'Lifetime',
  needsLabel: false,
  change: ({ baseline, current }) => [lifetimeOf(baseline), lifetimeOf(current)],
}

function lifetimeOf(row: Columns | undefined): string | undefined {
  return row?.lifetime && `#${row.lifetime.first}-${row.lifetime.last ?? ''}`
}

/** What tells about a kind beside the symbol: what changed first, then what the symbol was. */
export const findingColumns: Readonly<Record<DifferenceKind, readonly FindingColumn[]>> = {
  removed: [checksum, exportType, namespace, module],
  changed: [checksum, exportType, namespace, module],
  unversioned: [checksum, exportType, namespace, module],
  'export-type': [exportType, checksum, namespace, module],
  announced: [exportType, checksum, namespace, module],
  namespace: [{ ...namespace, needsLabel: false }, checksum, exportType, module],
  moved: [module, checksum, exportType, namespace],
  added: [checksum, exportType, namespace, module],
}

/** One value when both sides agree or one side is unknown, else both around the arrow. */
export function changeWords([before, after]: Change): Words {
  if (before !== undefined && after !== undefined && before !== after)
    return say`${code(before)} ${arrow} ${code(after)}`
  const value = after ?? before ?? ''
  return value === '' ? [] : [code(value)]
}

function crcOf(crc: number | undefined): string | undefined {
  return crc === undefined ? undefined : formatCrc(crc)
}

function namespaceOf(row: { readonly namespace: string | undefined } | undefined): string | undefined {
  if (!row) return undefined
  if (row.namespace === undefined) return '(not recorded)'
  return row.namespace === '' ? '(none)' : row.namespace
}
