import { uncapital } from '../words.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import { reportModel } from '../model/make-model.ts'
import { isDetail, type Block, type Headline, type ReportModel, type Section } from '../model/report-model.ts'
import { blameLines, causeBlocks, paintOf, remarkLines, setLines, symbolLines, tableLines } from './blocks.ts'
import { textLimits, type TextLimits } from './limits.ts'
import { problemBlocks } from './problem-blocks.ts'
import { hang, joinBlocks, labelled, layoutOf, unpainted, type Layout } from './text-layout.ts'
import { plainText } from './text-pen.ts'

export interface TextOptions {
  readonly color: boolean
  /** Columns for prose, 100 unless told; tables never lose a value and may be wider. */
  readonly width?: number
  /** Rows of symbols to show per kind before the rest is only counted; all of them unless told. */
  readonly maxSymbols?: number
  /** True to cut nothing: every cause, every diff and every symbol in full. */
  readonly details?: boolean
}

/** Lines after which the first one is out of sight. */
const screen = 40

/** A verdict for a terminal, as `writeText` writes it. */
export function renderText(verdict: Verdict, options: TextOptions): string {
  return writeText(reportModel(verdict), options)
}

/**
 * A report for a terminal. The first line is the result in words, and names the override when the disable flag was
 * given. Then what is wrong, heaviest first, then what was looked at, then what to do; a long text says the
 * result again as its last line. Ends in a newline.
 */
export function writeText(model: ReportModel, options: TextOptions): string {
  const layout = layoutOf(options)
  const { maxSymbols = Infinity, details = false } = options
  const limits = textLimits(maxSymbols, details)
  const bold = { ...unpainted, label: layout.paint.bold }
  const { headline, checked, next } = model
  const first = headline ? [headlineText(headline, layout)] : []
  const blocks = [
    first,
    ...model.sections.flatMap((section) => sectionBlocks(section, limits, layout)),
    checked ? hang('gate: ', plainText(checked), layout.width, bold) : [],
    next ? hang('next: ', plainText(next), layout.width, bold) : [],
  ]
  const long = blocks.reduce((lines, block) => lines + block.length, 0) > screen
  return joinBlocks(long ? [...blocks, first] : blocks)
}

function headlineText({ tone, word: result, sentence, override }: Headline, layout: Layout): string {
  const word = layout.paint.bold(paintOf(tone, layout)(result))
  // The line carries both, and neither is wrapped: it is what people search a log for.
  if (override === undefined) return `${word}: ${plainText(sentence)}`
  return tone === 'overridden'
    ? `${word} ${plainText(override)} — ${plainText(sentence)}`
    : `${word}: ${plainText(sentence)} — override ${plainText(override)}`
}

/** A section as blocks with an empty line between them. */
function sectionBlocks(section: Section, limits: TextLimits, layout: Layout): readonly string[][] {
  const { lead, blocks, remarks, parts } = section
  const problems = blocks.flatMap((block) => (block.kind === 'problems' ? [block] : []))
  if (problems.length > 0) return problems.flatMap((block) => problemBlocks(block, layout))
  const causes = blocks.flatMap((block) => (block.kind === 'causes' ? [block] : []))
  const captioned = blocks.filter(({ kind }) => kind === 'table').length > 1
  return [
    [
      ...heading(section, layout),
      ...(lead ? hang('  ', plainText(lead), layout.width, unpainted) : []),
      ...blocks.flatMap((block) => blockLines(block, limits, layout, captioned)),
      ...remarkLines(remarks, layout),
      ...notes(section, layout),
    ],
    ...causes.flatMap((block) => causeBlocks(block, limits, layout)),
    ...parts.flatMap((part) => partBlock(part, limits, layout)),
  ]
}

function blockLines(block: Block, limits: TextLimits, layout: Layout, captioned: boolean): string[] {
  switch (block.kind) {
    case 'table':
      return tableLines(block, limits, layout, captioned)
    case 'symbols':
      return symbolLines(block, limits.symbols, layout)
    case 'blames':
      return blameLines(block, limits, layout)
    case 'sets':
      return setLines(block, limits, layout)
    case 'commands':
      return block.lines.map((line) => `    ${printable(line, Infinity)}`)
    case 'causes':
    case 'problems':
    case 'pictures':
      return []
  }
}

/** `break[changed]: Checksum changed: 3 protected symbols`. */
function heading({ about, label, title }: Section, layout: Layout): string[] {
  const { paint, width } = layout
  const words = plainText(title)
  if (about) {
    const fails = about.severity === 'fail'
    const color = fails ? paint.red : paint.yellow
    return hang(`${fails ? 'break' : 'warning'}[${about.kind}]: `, words, width, {
      label: (text) => paint.bold(color(text)),
      text: paint.bold,
    })
  }
  if (label) {
    const color = label === 'note' ? paint.cyan : paint.yellow
    return [paint.bold(`${color(`${label}:`)} ${uncapital(words)}`)]
  }
  // What begins with a name stands as it is.
  return [paint.bold(typeof title[0] === 'string' ? `${uncapital(words)}:` : words)]
}

/** What a kind means and what to do about it. */
function notes({ explanation, advice }: Section, layout: Layout): string[] {
  return [
    ...(explanation === undefined ? [] : labelled('note', explanation, layout)),
    ...(advice === undefined ? [] : labelled('help', plainText(advice), layout)),
  ]
}

/** Part of a section. What only asks for details wants is left out, and stands for what it repeats. */
function partBlock(part: Section, limits: TextLimits, layout: Layout): readonly string[][] {
  const { details } = limits
  if (!details && isDetail(part)) return []
  const blocks = part.blocks.filter((block) => !details || block.kind !== 'symbols' || block.details)
  return [
    [
      ...heading(part, layout),
      ...blocks.flatMap((block) => blockLines(block, limits, layout, false)),
      ...remarkLines(part.remarks, layout),
    ],
  ]
}
