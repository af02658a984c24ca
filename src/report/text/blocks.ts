import { printable } from '../escape.ts'
import { cutDiff } from '../model/cut-diff.ts'
import type {
  Blames,
  CauseEntry,
  Causes,
  Column,
  Section,
  Sets,
  SymbolTable,
  Table,
} from '../model/report-model.ts'
import type { Tone, Words } from '../model/span.ts'
import { andMore, counted, uncapital } from '../words.ts'
import { alignColumns, type Cell } from './align-columns.ts'
import type { TextLimits } from './limits.ts'
import { hang, labelled, unpainted, type Layout, type Paint } from './text-layout.ts'
import { plainText } from './text-pen.ts'

/** What a cell or a label of this tone looks like. */
export function paintOf(tone: Tone, { paint }: Layout): Paint {
  const paints: Readonly<Record<Tone, Paint>> = {
    pass: paint.green,
    break: paint.red,
    error: paint.red,
    overridden: paint.yellow,
    'no-promise': paint.dim,
    breaks: paint.red,
    'may-break': paint.yellow,
    'usually-harmless': paint.cyan,
    strong: paint.yellow,
  }
  return paints[tone]
}

function more(left: number, { paint }: Layout): string[] {
  return left > 0 ? [paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []
}

function cellOf(words: Words, { lead, number, key }: Column, layout: Layout): Cell {
  const shown = plainText(words)
  const [only] = words
  const toned = typeof only === 'object' && 'tone' in only ? paintOf(only.tone, layout) : undefined
  const paint = key ? layout.paint.bold : toned
  const text = shown === '' || lead === undefined ? shown : `${lead} ${shown}`
  return { text, paint, align: number ? 'right' : undefined }
}

/** Rows of a table; those of figures stand below their heads. */
export function tableLines(
  { list, columns, rows, figures = false, caption }: Table,
  { lists }: TextLimits,
  layout: Layout,
  captioned: boolean,
): string[] {
  const shown = rows.slice(0, lists[list])
  const cells = shown.map((row) =>
    columns.map((column, index) => {
      const { lead, ...withoutLead } = column
      return cellOf(row[index] ?? [], figures || lead === undefined ? withoutLead : column, layout)
    }),
  )
  const filled = columns.map((_, index) => cells.some((row) => row[index]?.text))
  const heads = columns.map(({ head, number }, index): Cell => ({
    text: filled[index] ? head.toLowerCase() : '',
    paint: layout.paint.dim,
    ...(number ? { align: 'right' } : {}),
  }))
  return [
    ...(captioned ? [`  ${uncapital(caption)}:`] : []),
    ...alignColumns(figures ? [heads, ...cells] : cells, figures ? '  ' : '    '),
    ...more(rows.length - shown.length, layout),
  ]
}

/** Symbols, aligned over all sets of variants, so that the eye can run down one column. */
export function symbolLines({ columns, groups }: SymbolTable, max: number, layout: Layout): string[] {
  const rows: { readonly heading?: string; readonly cells: readonly Cell[] }[] = []
  let left = 0
  for (const { where, rows: all } of groups) {
    const shown = all.slice(0, Math.max(0, max - rows.length))
    left += all.length - shown.length
    shown.forEach((row, index) => {
      const cells = columns.map((column, at) => cellOf(row.cells[at] ?? [], column, layout))
      rows.push(index === 0 ? { heading: `  in ${plainText(where)}:`, cells } : { cells })
    })
  }
  const table = alignColumns(
    rows.map(({ cells }) => cells),
    '    ',
  )
  return [
    ...rows.flatMap(({ heading }, index) => [
      ...((heading ?? '') ? [heading ?? ''] : []),
      table[index] ?? '',
    ]),
    ...more(left, layout),
  ]
}

export function blameLines({ items }: Blames, { lists }: TextLimits, layout: Layout): string[] {
  const { paint, width } = layout
  return [
    '  look at:',
    ...items.slice(0, lists.blames).flatMap(({ place, line, remark }) => {
      const shown = line === undefined ? '' : `: ${printable(line, 300)}`
      return [
        `    ${paint.bold(printable(place, 300))}${shown}`,
        ...hang('      ', plainText(remark), width, unpainted),
      ]
    }),
    ...more(items.length - (lists.blames ?? Infinity), layout),
  ]
}

/** Each cause as a block, and those for which there is no room as a line each. */
export function causeBlocks({ causes, glance }: Causes, limits: TextLimits, layout: Layout): string[][] {
  const left = causes.length - limits.causes
  return [
    ...causes.slice(0, limits.causes).map((cause) => causeLines(cause, causes.length, limits, layout)),
    left > 0
      ? [
          layout.paint.bold(`${counted(left, 'more cause')}; --format details shows each in full:`),
          ...tableLines({ ...glance, rows: glance.rows.slice(limits.causes) }, limits, layout, false),
        ]
      : [],
  ]
}

/** One cause with all that helps to repair it, in the form of rustc's diagnostics. */
function causeLines(cause: CauseEntry, total: number, { diff: most }: TextLimits, layout: Layout): string[] {
  const { number, title, change, place, facts, diff, risk } = cause
  const { paint, width } = layout
  const color = paintOf(risk, layout)
  const patched = facts.some(({ name }) => name === 'Patch')
  return [
    ...hang(`cause ${number} of ${total}: `, `${printable(title, 300)}: ${plainText(change)}`, width, {
      label: (label) => paint.bold(color(label)),
      text: paint.bold,
    }),
    ...(place === undefined ? [] : [`${paint.blue('  -->')} ${printable(place, 300)}`]),
    ...facts.flatMap(({ name, words }) => {
      const shown = plainText(words)
      if (name === 'Patch')
        return [`${paint.blue('   |')} ${(shown.startsWith('+') ? paint.green : paint.red)(shown)}`]
      if (name === '') return [paint.dim(`   ${shown}`)]
      // Without a line of the patch it is the place above.
      if (name === 'Defined' && !patched) return []
      return labelled(name === 'What to do' ? 'help' : name.toLowerCase(), shown, layout)
    }),
    ...diffLines(diff, most, layout),
  ]
}

function diffLines(diff: CauseEntry['diff'], max: number, { paint }: Layout): string[] {
  const { shown, note } = cutDiff(diff, max)
  return [
    ...shown.map((line) => {
      if (line.kind === 'gap') return paint.dim(`      … ${counted(line.count, 'equal line')}`)
      const text = printable(line.text.replaceAll('\t', '    '), 300)
      switch (line.kind) {
        case 'same':
          return `      ${text}`.trimEnd()
        case 'added':
          return paint.green(`    + ${text}`)
        case 'removed':
          return paint.red(`    - ${text}`)
      }
    }),
    ...(note === undefined ? [] : [paint.dim(`      … ${note}; --format details shows all`)]),
  ]
}

/** Symbols by the causes that changed them. */
export function setLines({ sets }: Sets, limits: TextLimits, { paint, width }: Layout): string[] {
  const left = sets.slice(limits.sets)
  const symbols = left.reduce((sum, set) => sum + set.symbols.length, 0)
  return [
    ...sets.slice(0, limits.sets).flatMap(({ causes, others, symbols: names }) => {
      const titles = causes.slice(0, 4).map(({ number, title }) => `${number} (${printable(title, 300)})`)
      const noun = `cause${causes.length === 1 ? '' : 's'}`
      const label = `${counted(names.length, 'symbol')}, ${noun} ${titles.join(', ')}${andMore(causes.length - titles.length + others)}:`
      const some = names.slice(0, limits.setSymbols).map((name) => printable(name, 300))
      return [
        ...hang('  ', label, width, unpainted),
        ...hang('    ', some.join(', ') + andMore(names.length - some.length), width, unpainted),
      ]
    }),
    ...(left.length > 0
      ? [paint.dim(`  … and ${counted(symbols, 'symbol')} in ${counted(left.length, 'more set')} of causes`)]
      : []),
  ]
}

export function remarkLines(remarks: Section['remarks'], layout: Layout): string[] {
  return remarks.flatMap(({ label, words, help }) => [
    ...labelled(uncapital(label), plainText(words), layout),
    ...(help === undefined ? [] : labelled('help', help, layout)),
  ])
}
