import { markdownCode, markdownCodeBlock, markdownText } from '../escape.ts'
import { cutDiff } from '../model/cut-diff.ts'
import type {
  Blames,
  CauseEntry,
  Causes,
  ProblemItem,
  Problems,
  Section,
  Sets,
  SymbolTable,
  Table,
} from '../model/report-model.ts'
import { say, text, written } from '../model/span.ts'
import { variantsInWords } from '../model/variant-words.ts'
import { andMore, counted } from '../words.ts'
import { rowsOf, type Detail } from './detail.ts'
import { markdownPen, summaryWords } from './markdown-pen.ts'
import { markdownTable } from './markdown-table.ts'

/** @param summary escaped for HTML */
export function folded(summary: string, content: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${content}\n\n</details>`
}

function more(left: number, noun?: string): string {
  if (left <= 0) return ''
  return `… and ${noun === undefined ? `${left} more` : counted(left, `more ${noun}`)}.`
}

/** Parts with an empty line between them; empty ones are left out. */
export function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

export function tableText({ list, columns, rows, noun, foldAfter }: Table, detail: Detail): string {
  const shown = rows.slice(0, rowsOf(list, detail))
  if (shown.length === 0) return ''
  const pen = markdownPen(detail.text)
  const content = joined([
    markdownTable(
      columns.map(({ head }) => head),
      shown.map((row) => row.map((words) => written(words, pen))),
      columns.flatMap(({ head, number }) => (number ? [head] : [])),
    ),
    more(rows.length - shown.length, noun),
  ])
  if (foldAfter === undefined || shown.length <= foldAfter) return content
  return folded(counted(rows.length, noun ?? 'row'), content)
}

/** A longer table starts folded. */
const longTable = 10

/** A table for each set of variants. */
export function symbolsText({ columns, groups }: SymbolTable, detail: Detail): string {
  const pen = markdownPen(detail.text)
  return joined([
    ...groups.slice(0, detail.groups).map(({ where, rows }) => {
      const heading = `In ${written(where, pen)}: ${counted(rows.length, 'symbol')}`
      const shown = rows.slice(0, detail.symbols)
      if (shown.length === 0) return `- ${heading}`
      const table = joined([
        markdownTable(
          columns.map(({ head }) => head),
          shown.map(({ cells }) => cells.map((words) => written(words, pen))),
        ),
        more(rows.length - shown.length),
      ])
      return rows.length <= longTable ? `${heading}\n\n${table}` : folded(heading, table)
    }),
    groups.length > detail.groups
      ? `… and ${counted(groups.length - detail.groups, 'more set')} of variants.`
      : '',
  ])
}

export function blamesText({ items }: Blames, detail: Detail): string {
  const pen = markdownPen(detail.text)
  const shown = items.slice(0, rowsOf('blames', detail))
  const lines = shown.map(({ place, line, remark }) => {
    const what = line === undefined ? '' : `: ${pen.patch(line)}`
    return `- ${pen.code(place, undefined)}${what} (${written(remark, pen)})`
  })
  return joined([`Look at:\n\n${lines.join('\n')}`, more(items.length - shown.length)])
}

/** The causes at a glance, then each in full. */
export function causesText({ glance, causes }: Causes, detail: Detail): string {
  return joined([
    tableText(glance, detail),
    ...causes.slice(0, detail.causeBlocks).map((cause) => causeText(cause, detail)),
  ])
}

function causeText({ number, title, change, symbols, facts, diff }: CauseEntry, detail: Detail): string {
  const pen = markdownPen(detail.text)
  const items = facts.map(({ name, words, place }) => {
    const at = place === undefined ? '' : `${pen.code(place, undefined)} `
    return name === '' ? `- ${written(words, pen)}` : `- **${name}:** ${at}${written(words, pen)}`
  })
  const summary = say`${number}. ${text(title)}: ${change} (${counted(symbols, 'symbol')})`
  return folded(
    summaryWords(summary, detail.text),
    joined([items.join('\n'), diffText(diff, detail.diff)]),
    number === 1,
  )
}

const diffMarks = { same: ' ', added: '+', removed: '-' } as const

/** None for two definitions that differ in nothing that C shows. */
function diffText(diff: CauseEntry['diff'], max: number): string {
  if (diff.length === 0) return ''
  const { shown, note } = cutDiff(diff, max)
  return markdownCodeBlock(
    [
      ...shown.map((line) => {
        if (line.kind === 'gap') return `@@ ${counted(line.count, 'equal line')} @@`
        return `${diffMarks[line.kind]} ${line.text.replaceAll('\t', '    ')}`
      }),
      ...(note === undefined ? [] : [`@@ ${note} @@`]),
    ],
    'diff',
  )
}

const mostTitles = 6

export function setsText({ sets }: Sets, detail: Detail): string {
  const shown = sets.slice(0, detail.groups)
  if (shown.length === 0) return ''
  const { code } = markdownPen(detail.text)
  return joined([
    markdownTable(
      ['Count', 'Causes', 'Symbols'],
      shown.map(({ causes, others, symbols }) => {
        const titles = causes
          .slice(0, mostTitles)
          .map(({ number, title }) => `${number} ${code(title, undefined)}`)
        const names = symbols.slice(0, detail.symbols).map((name) => code(name, undefined))
        return [
          String(symbols.length),
          titles.join(', ') + andMore(causes.length - titles.length + others),
          names.join(' ') + (names.length > 0 ? andMore(symbols.length - names.length) : ''),
        ]
      }),
      ['Count'],
    ),
    sets.length > shown.length ? `… and ${counted(sets.length - shown.length, 'more set')} of causes.` : '',
  ])
}

export function remarksText(remarks: Section['remarks'], detail: Detail): string {
  const pen = markdownPen(detail.text)
  return remarks
    .map(({ label, words, help = '' }) =>
      `- **${label}:** ${written(words, pen)} ${pen.ours(help)}`.trimEnd(),
    )
    .join('\n')
}

/** Each problem with its place, its excerpt and what to do. */
export function problemsText({ items, rest }: Problems, detail: Detail): string {
  const pen = markdownPen(detail.text)
  const shown = items.slice(0, rowsOf('problems', detail))
  return joined([
    ...shown.map((item) => problemText(item, detail)),
    more(items.length - shown.length, 'problem'),
    ...(shown.length < items.length ? [] : rest.map(({ words }) => written(words, pen))),
  ])
}

function problemText(item: ProblemItem, detail: Detail): string {
  const { error, title, message, place, variants, excerpt, advice } = item
  const pen = markdownPen(detail.text)
  const where = [
    ...(place === undefined ? [] : [`at ${markdownCode(place)}`]),
    ...(variants.length > 0 ? [`in ${written(variantsInWords(variants, []), pen)}`] : []),
  ].join(', ')
  const lines = detail.excerpt === 0 ? [] : excerpt.slice(-detail.excerpt)
  return joined([
    `${error ? '❌' : 'ℹ️'} **${title}:** ${pen.prose(message)}${where === '' ? '' : ` (${where})`}`,
    lines.length > 0 ? markdownCodeBlock(lines) : '',
    `**What to do:** ${markdownText(advice, detail.text)}`,
  ])
}
