import { rowColumns, type VariantDifference } from '../abi/compare-whitelists.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'
import { alignColumns, type Cell } from './text/align-columns.ts'
import { printable } from './escape.ts'
import { layoutOf, type Paint } from './text/text-layout.ts'
import {
  changeText,
  columnText,
  diffResult,
  diffSentence,
  diffWords,
  isWorthTelling,
  variantRemarks,
  type DiffResult,
} from './whitelist-diff-words.ts'

/**
 * The differences of whitelists for a terminal: the result in words, then each variant with a difference and its rows,
 * those first that take a promise back. Ends in a newline.
 */
export function renderWhitelistDiff(
  differences: readonly VariantDifference[],
  { color }: { readonly color: boolean },
): string {
  const { paint } = layoutOf({ color })
  const paints: Readonly<Record<DiffResult, Paint>> = {
    same: paint.green,
    grown: paint.green,
    changed: paint.red,
  }
  const result = diffResult(differences)
  const headline = `${paint.bold(paints[result](diffWords[result]))}: ${diffSentence(differences, printable)}`
  const blocks = differences
    .filter(isWorthTelling)
    .map((one) => [paint.bold(`${printable(one.variant)}:`), ...variantLines(one)])
  return [[headline], ...blocks].map((lines) => lines.join('\n') + '\n').join('\n')
}

function variantLines(one: VariantDifference): readonly string[] {
  const { before, after, difference } = one
  const rows = [
    ...difference.changed.map((change) => [
      'changed',
      printable(change.symbol),
      ...rowColumns.map((column) => labelled(column, changeText(change, column, '->', printable))),
    ]),
    ...difference.removed.map((row) => cellsOf('removed', row)),
    ...difference.added.map((row) => cellsOf('added', row)),
  ]
  return [
    ...(before && after ? alignColumns(rows, '  ') : []),
    ...variantRemarks(one).map((remark) => `  ${remark}`),
  ]
}

function cellsOf(happened: string, row: WhitelistRow): readonly (Cell | string)[] {
  return [
    happened,
    printable(row.symbol),
    ...rowColumns.map((column) => labelled(column, printable(columnText(row, column)))),
  ]
}

/** A namespace does not show what it is. */
function labelled(column: string, text: string): string {
  return column === 'namespace' && text !== '' ? `namespace ${text}` : text
}
