import type { Result, Verdict } from '../../judge/verdict.ts'
import { markdownCodeBlock, markdownText } from '../escape.ts'
import { reportModel } from '../model/make-model.ts'
import { isDetail, type Block, type ReportModel, type Section } from '../model/report-model.ts'
import { written } from '../model/span.ts'
import { capital, counted } from '../words.ts'
import {
  blamesText,
  causesText,
  folded,
  joined,
  problemsText,
  remarksText,
  setsText,
  symbolsText,
  tableText,
} from './blocks.ts'
import { countsOnly, cutNote, detailLevels, explainedLevels, leastOfAll, type Detail } from './detail.ts'
import { markdownPen, summaryWords } from './markdown-pen.ts'

export interface MarkdownOptions {
  /** The result is never longer, in bytes of UTF-8. At least 2,000. */
  readonly maxBytes: number
  /** What the heading names in front of the verdict; `kabi-gate` unless told. */
  readonly title?: string
}

interface VerdictOptions extends MarkdownOptions {
  /** False to leave out how long each variant took. */
  readonly seconds?: boolean
}

/** A verdict as GitHub Markdown, as `writeMarkdown` writes it. */
export function renderMarkdown(verdict: Verdict, { seconds = true, ...options }: VerdictOptions): string {
  return writeMarkdown(reportModel(verdict, seconds), options)
}

/**
 * A report as GitHub Markdown, for a job summary or a comment. When it would be too long it shows fewer symbols of
 * each group, then only counts, and says that it was cut.
 */
export function writeMarkdown(
  model: ReportModel,
  { maxBytes, title = 'kabi-gate' }: MarkdownOptions,
): string {
  const encoder = new TextEncoder()
  // A text is never shorter in UTF-8 than in UTF-16 units.
  const fits = (text: string) => text.length <= maxBytes && encoder.encode(text).length <= maxBytes
  const byCauses = blocksOf(model).some(({ kind }) => kind === 'causes')
  const markdown = firstThat(byCauses ? explainedLevels : detailLevels, (detail) => {
    if (leastBytes(model, detail) > maxBytes) return undefined
    const text = render(model, title, detail)
    return fits(text) ? text : undefined
  })
  if (markdown !== undefined) return markdown
  const counts = renderCounts(model, title, countsOnly)
  return fits(counts) ? counts : renderCounts(model, title, leastOfAll)
}

/**
 * What is made of the first level that can be made; of levels that show less and less, so a level that can be made is
 * followed by such alone.
 */
function firstThat(
  levels: readonly Detail[],
  make: (detail: Detail) => string | undefined,
): string | undefined {
  let made: string | undefined
  let from = 0
  for (let to = levels.length; from < to;) {
    const middle = (from + to) >> 1
    const detail = levels[middle]
    const text = detail && make(detail)
    if (text === undefined) from = middle + 1
    else {
      made = text
      to = middle
    }
  }
  return made
}

/** Bytes of a table's row, of a name in a list, and of a cause; save rendering what cannot fit. */
const shortestRow = 16
const shortestName = 4
const shortestCause = 250

function blocksOf({ sections }: ReportModel): readonly Block[] {
  return sections.flatMap(({ blocks, parts }) => [
    ...blocks,
    ...parts.filter((part) => !isDetail(part)).flatMap((part) => part.blocks),
  ])
}

function leastBytes(model: ReportModel, detail: Detail): number {
  const ofRows = (rows: readonly unknown[], bytes: number) => Math.min(rows.length, detail.symbols) * bytes
  return blocksOf(model).reduce((sum, block) => {
    switch (block.kind) {
      case 'causes':
        return sum + Math.min(block.causes.length, detail.causeBlocks) * shortestCause
      case 'sets':
        return block.sets
          .slice(0, detail.groups)
          .reduce((all, { symbols }) => all + ofRows(symbols, shortestName), sum)
      case 'symbols':
        return block.groups
          .slice(0, detail.groups)
          .reduce((all, { rows }) => all + ofRows(rows, shortestRow), sum)
      default:
        return sum
    }
  }, 0)
}

function render(model: ReportModel, title: string, detail: Detail): string {
  return whole([
    ...opening(model, title, detail),
    ...model.sections.map((section) => sectionText(section, detail)),
    detail.complete ? '' : cutNote,
    closing(model, detail),
  ])
}

/** The least that is still a report: the verdict, the override, a count a kind. */
function renderCounts(model: ReportModel, title: string, detail: Detail): string {
  const pen = markdownPen(detail.text)
  const problems = blocksOf(model).reduce(
    (sum, block) => sum + (block.kind === 'problems' ? block.items.length + block.rest.length : 0),
    0,
  )
  const counts = model.sections.flatMap((section) =>
    section.about
      ? [`- ${section.about.severity === 'fail' ? '❌' : '⚠️'} ${written(section.title, pen)}`]
      : [],
  )
  if (problems > 0) counts.push(`- ${counted(problems, 'problem')}`)
  return whole([...opening(model, title, detail), counts.join('\n'), cutNote])
}

const marks: Readonly<Record<Result, string>> = {
  pass: '✅',
  break: '❌',
  overridden: '⚠️',
  error: '❌',
}

function opening({ headline, next }: ReportModel, title: string, detail: Detail): string[] {
  const pen = markdownPen(detail.text)
  const name = markdownText(title, Math.min(detail.text, 60))
  return [
    ...(headline
      ? [
          `## ${marks[headline.tone]} ${name}: ${headline.word}`,
          headline.override ? `> **Override** ${written(headline.override, pen)}` : '',
          capital(written(headline.sentence, pen)) + '.',
        ]
      : []),
    next ? `**Next:** ${written(next, pen)}` : '',
  ]
}

function closing({ checked }: ReportModel, detail: Detail): string {
  return checked ? `<sub>${written(checked, markdownPen(detail.text))}</sub>` : ''
}

/** A section; empty where nothing of it fits. */
function sectionText(section: Section, detail: Detail): string {
  const { about, label, title, lead, explanation, advice, blocks, remarks, parts } = section
  const pen = markdownPen(detail.text)
  const words = written(title, pen)
  const texts = blocks.map((block) => blockText(block, detail))
  if (!about && blocks.length > 0 && texts.every((text) => text === ''))
    return label === undefined ? '' : section.folded ? `${words}.` : `### ${marked(section)}${words}`
  const content = joined([
    lead ? written(lead, pen) : '',
    explanation === undefined ? '' : pen.ours(explanation),
    advice === undefined ? '' : `**What to do:** ${written(advice, pen)}`,
    ...texts,
    remarksText(remarks, detail),
    ...parts.filter((part) => !isDetail(part)).map((part) => partText(part, detail)),
  ])
  if (section.folded) return folded(summaryWords(title, detail.text), content)
  return joined([`### ${marked(section)}${words}`, content])
}

function marked({ about, label }: Section): string {
  if (about) return about.severity === 'fail' ? '❌ ' : '⚠️ Warning: '
  return label === 'waived' ? '⚠️ Waived: ' : ''
}

function partText(part: Section, detail: Detail): string {
  const content = joined([
    ...part.blocks.map((block) => blockText(block, detail)),
    remarksText(part.remarks, detail),
  ])
  if (content === '') return ''
  const heading = written(part.title, markdownPen(detail.text))
  return part.folded
    ? folded(summaryWords(part.title, detail.text), content)
    : joined([`**${heading}**`, content])
}

function blockText(block: Block, detail: Detail): string {
  switch (block.kind) {
    case 'table':
      return tableText(block, detail)
    case 'symbols':
      return symbolsText(block, detail)
    case 'blames':
      return blamesText(block, detail)
    case 'causes':
      return causesText(block, detail)
    case 'sets':
      return setsText(block, detail)
    case 'problems':
      return problemsText(block, detail)
    case 'pictures':
      return ''
    case 'commands':
      return detail.symbols === 0 ? '' : markdownCodeBlock(block.lines)
  }
}

function whole(sections: readonly string[]): string {
  return joined(sections) + '\n'
}
