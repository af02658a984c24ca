import { rowColumns, type VariantDifference } from '../abi/compare-whitelists.ts'
import { markdownCode, markdownText } from './escape.ts'
import { markdownTable } from './markdown/markdown-table.ts'
import {
  changeText,
  columnText,
  columnWords,
  diffResult,
  diffSentence,
  diffWords,
  isWorthTelling,
  variantRemarks,
  type DiffResult,
} from './whitelist-diff-words.ts'

/** A longer table starts folded; of a still longer one the rest is only counted. */
const longTable = 10
const mostRows = 500

const marks: Readonly<Record<DiffResult, string>> = { same: '✅', grown: '✅', changed: '❌' }

/** The differences of whitelists as Markdown for GitHub. */
export function renderWhitelistDiffMarkdown(differences: readonly VariantDifference[]): string {
  const result = diffResult(differences)
  const sentence = diffSentence(differences, (text) => markdownText(text, 100))
  return [
    `## ${marks[result]} ${diffWords[result]}: ${sentence}`,
    ...differences.filter(isWorthTelling).map(section),
  ]
    .map((block) => block + '\n')
    .join('\n')
}

function section(one: VariantDifference): string {
  const { variant, before, after, difference } = one
  const rows = [
    ...difference.changed.map((change) => [
      'changed',
      markdownCode(change.symbol),
      ...rowColumns.map((column) => changeText(change, column, '→', markdownCode)),
    ]),
    ...(['removed', 'added'] as const).flatMap((happened) =>
      difference[happened].map((row) => [
        happened,
        markdownCode(row.symbol),
        ...rowColumns.map((column) => markdownCode(columnText(row, column))),
      ]),
    ),
  ]
  const heads = ['', 'Symbol', ...rowColumns.map((column) => columnWords[column].head)]
  return [
    `### ${markdownText(variant, 100)}`,
    ...(before && after && rows.length > 0 ? [folded(heads, rows)] : []),
    ...variantRemarks(one).map((remark) => `- ${remark}`),
  ].join('\n\n')
}

function folded(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const left = rows.length - mostRows
  const table = markdownTable(heads, rows.slice(0, mostRows)) + (left > 0 ? `\n\n… and ${left} more.` : '')
  if (rows.length <= longTable) return table
  return `<details><summary>${rows.length} rows</summary>\n\n${table}\n\n</details>`
}
