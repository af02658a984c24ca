import type { DifferenceKind } from '../../abi/compare.ts'
import { formatCrc } from '../../abi/export.ts'
import type { WhitelistRow } from '../../abi/whitelist.ts'
import type { Cell } from '../text/align-columns.ts'
import { printable } from '../escape.ts'

/** A value before and after; `undefined` where there is none or none was recorded. */
export type Change = readonly [before: string | undefined, after: string | undefined]

/** The row of a symbol before and after; `undefined` where there was none. */
export interface RowChange {
  readonly baseline: Columns | undefined
  readonly current: Columns | undefined
}

type Columns = Pick<WhitelistRow, 'crc' | 'module' | 'type' | 'namespace'>

/** A column of a table of findings, beside the symbol. */
export interface FindingColumn {
  readonly head: string
  /** True when the value does not show what it is. */
  readonly needsLabel: boolean
  readonly change: (rows: RowChange) => Change
}

const checksum: FindingColumn = {
  head: 'Checksum',
  needsLabel: false,
  change: ({ baseline, current }) => [crcOf(baseline?.crc), crcOf(current?.crc)],
}

const exportType: FindingColumn = {
  head: 'Export type',
  needsLabel: false,
  change: ({ baseline, current }) => [baseline?.type, current?.type],
}

const namespace: FindingColumn = {
  head: 'Namespace',
  needsLabel: true,
  change: ({ baseline, current }) =>
    (baseline?.namespace ?? '') === '' && (current?.namespace ?? '') === ''
      ? [undefined, undefined]
      : [namespaceOf(baseline), namespaceOf(current)],
}

const module: FindingColumn = {
  head: 'Module',
  needsLabel: false,
  change: ({ baseline, current }) => [baseline?.module, current?.module],
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

/** The cells of a change in a table for a terminal, beside the symbol. */
export function changeCells(columns: readonly FindingColumn[], rows: RowChange): Cell[] {
  return columns.map(({ head, needsLabel, change }) => {
    const text = formatChange(change(rows), '->', printable)
    return { text: needsLabel && text !== '' ? `${head.toLowerCase()} ${text}` : text }
  })
}

/**
 * A change in words: one value when both sides agree or one side is unknown, else both around the arrow.
 *
 * @param show how a value is written
 */
export function formatChange(
  [before, after]: Change,
  arrow: string,
  show: (value: string) => string,
): string {
  if (before === undefined || after === undefined || before === after) {
    const value = after ?? before
    return value === undefined ? '' : show(value)
  }
  return `${show(before)} ${arrow} ${show(after)}`
}

function crcOf(crc: number | undefined): string | undefined {
  return crc === undefined ? undefined : formatCrc(crc)
}

function namespaceOf(row: { readonly namespace: string | undefined } | undefined): string | undefined {
  if (!row) return undefined
  if (row.namespace === undefined) return '(not recorded)'
  return row.namespace === '' ? '(none)' : row.namespace
}
