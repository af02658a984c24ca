import {
  onlyGrew,
  type RowChange,
  type RowColumn,
  type VariantDifference,
} from '../abi/compare-whitelists.ts'
import { formatCrc } from '../abi/export.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import { counted, partOfVariants, type Escape } from './words.ts'

/** Whether two whitelists are the same, the newer one only grew, or a promise of the older one changed. */
export type DiffResult = 'same' | 'grown' | 'changed'

export const diffWords: Readonly<Record<DiffResult, string>> = {
  same: 'SAME',
  grown: 'GROWN',
  changed: 'CHANGED',
}

/** What each column is called. */
export const columnWords: Readonly<Record<RowColumn, { readonly head: string; readonly plural: string }>> = {
  crc: { head: 'Checksum', plural: 'checksums' },
  type: { head: 'Export type', plural: 'export types' },
  module: { head: 'Module', plural: 'modules' },
  namespace: { head: 'Namespace', plural: 'namespaces' },
  lifetime: { head: 'Lifetime', plural: 'lifetimes' },
}

export function diffResult(differences: readonly VariantDifference[]): DiffResult {
  if (!differences.every(({ difference }) => onlyGrew(difference))) return 'changed'
  return differences.every(({ difference }) => difference.added.length === 0) ? 'same' : 'grown'
}

/** `1 symbol changed, 2 removed in 2 of 10 variants`. */
export function diffSentence(differences: readonly VariantDifference[], escape: Escape): string {
  const touched = differences.filter((one) => diffResult([one]) !== 'same')
  const of = (touched.length === 0 ? differences : touched).map(({ difference }) => difference)
  const sum = (count: (one: VariantDifference['difference']) => number): number =>
    of.reduce((total, one) => total + count(one), 0)
  const [only] = differences
  const where =
    only && differences.length === 1
      ? escape(only.variant)
      : partOfVariants(touched.length || differences.length, differences.length)
  if (touched.length === 0)
    return `${counted(
      sum(({ common }) => common),
      'symbol',
    )} in ${where}`
  const counts = inWords([
    [sum(({ changed }) => changed.length), 'changed'],
    [sum(({ removed }) => removed.length), 'removed'],
    [sum(({ added }) => added.length), 'added'],
  ])
  const lost = new Set(of.flatMap((one) => one.lost))
  return `${[...(counts === '' ? [] : [counts]), ...listed([...lost], 'lost')].join(', ')} in ${where}`
}

/** `1 symbol changed, 2 removed`; empty when nothing was counted. */
function inWords(counts: readonly (readonly [count: number, happened: string])[]): string {
  const [first, ...rest] = counts.filter(([count]) => count > 0)
  if (!first) return ''
  const [count, happened] = first
  return [`${counted(count, 'symbol')} ${happened}`, ...rest.map((one) => one.join(' '))].join(', ')
}

function listed(columns: readonly RowColumn[], happened: string): readonly string[] {
  const words = columns.map((column) => columnWords[column].plural)
  const [last] = words.slice(-1)
  if (last === undefined) return []
  const names = words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
  return [`${names} ${happened}`]
}

/** True for a variant about which there is something to tell. */
export function isWorthTelling(one: VariantDifference): boolean {
  return diffResult([one]) !== 'same' || one.difference.gained.length > 0
}

/** What happened to one variant's list as a whole, a sentence each. */
export function variantRemarks({ before, after, difference }: VariantDifference): readonly string[] {
  const { lost, gained, common } = difference
  if (!before) return [`new whitelist, ${counted(symbolsOf(after), 'symbol')}`]
  if (!after) return [`no whitelist any more, it had ${counted(symbolsOf(before), 'symbol')}`]
  return [
    ...listed(lost, `lost: only the older list has them`),
    ...listed(gained, `not compared: only the newer list has them`),
    `${counted(common - difference.changed.length, 'symbol')} as before`,
  ]
}

function symbolsOf(whitelist: Whitelist | undefined): number {
  return new Set(whitelist?.rows.map(({ symbol }) => symbol)).size
}

/** One column of a row in words, empty when there is nothing to say. */
export function columnText(row: WhitelistRow, column: RowColumn): string {
  switch (column) {
    case 'crc':
      return row.crc === undefined ? '' : formatCrc(row.crc)
    case 'lifetime':
      return row.lifetime ? `#${row.lifetime.first}-${row.lifetime.last ?? ''}` : ''
    case 'type':
    case 'module':
    case 'namespace':
      return row[column] ?? ''
  }
}

/** What happened to one column of a row, empty when nothing did. */
export function changeText(
  { before, after, columns }: RowChange,
  column: RowColumn,
  arrow: string,
  show: Escape,
): string {
  if (!columns.includes(column)) return ''
  const [old, now] = [before, after].map((row) => show(columnText(row, column)) || '(none)')
  return `${old} ${arrow} ${now}`
}
