import type { DiffLine } from '../abi/explain/definition-diff.ts'
import { markdownCode, markdownCodeBlock, markdownHtml, markdownText } from './escape.ts'
import type { CauseView, Explained, SplitGroup, SymbolGroup } from './explained.ts'
import {
  adviceOf,
  causesSentence,
  chainTitles,
  changesInWords,
  classWords,
  firstPlace,
  hasLayout,
  isVariantOnly,
  layoutWords,
  patchText,
  proofSentence,
  reachWords,
  reservedWords,
  riskWords,
  variantsWords,
} from './explanation-words.ts'
import { findingTexts } from './finding-texts.ts'
import type { KindGroup } from './group-findings.ts'
import { cutDiff } from './cut-diff.ts'
import type { Detail } from './markdown-detail.ts'
import { findingHeading, groupSections } from './markdown-findings.ts'
import { folded } from './markdown-sections.ts'
import { markdownTable } from './markdown-table.ts'
import { unexplainedTexts } from './unexplained-texts.ts'
import { counted, variantsInWords } from './words.ts'

/**
 * Changed symbols as the definitions that changed them: a sentence, a table of the causes, each cause, then the symbols
 * by the causes they need back.
 *
 * @param withCauses false for a second group, of another severity: its causes were shown already
 */
export function changedSection(
  group: KindGroup,
  { sets, rest }: SplitGroup,
  explained: Explained,
  withCauses: boolean,
  all: readonly string[],
  detail: Detail,
): string {
  const escape = (text: string) => markdownText(text, detail.text)
  const symbols = new Set(rest.flatMap(({ findings }) => findings.map(({ symbol }) => symbol))).size
  return [
    findingHeading(group),
    ...(withCauses
      ? [
          `${causesSentence(explained, escape)}. ${proofSentence(explained)}`,
          markdownText(findingTexts.changed.explanation),
          causeTable(explained.causes, all, detail),
          ...explained.causes.slice(0, detail.causeBlocks).map((view) => causeSection(view, all, detail)),
        ]
      : []),
    setsSection(sets, detail),
    ...(rest.length > 0
      ? [
          `**${counted(symbols, 'symbol')} not explained**`,
          ...groupSections(rest, all, detail),
          ...unexplainedLines(explained, detail),
        ]
      : []),
    withCauses ? idleSection(explained.idle, detail) : '',
  ]
    .filter((section) => section !== '')
    .join('\n\n')
}

const marks = { breaks: '🔴', 'may-break': '🟡', 'usually-harmless': '🟢' } as const

/** The causes at a glance. */
function causeTable(causes: readonly CauseView[], all: readonly string[], detail: Detail): string {
  const shown = causes.slice(0, detail.causes)
  if (shown.length === 0) return ''
  const left = causes.length - shown.length
  return (
    markdownTable(
      ['#', 'Cause', 'Change', 'Symbols', 'Alone', 'Variants', 'Place'],
      shown.map(({ cause, number, title, risk }) => [
        String(number),
        markdownCode(title, Math.min(detail.text, 300)),
        `${marks[risk]} ${markdownText(classWords(cause))}`,
        String(cause.symbols),
        String(cause.alone),
        variantCell(cause, all, detail),
        markdownCode(firstPlace(cause) ?? '', Math.min(detail.text, 300)),
      ]),
      ['#', 'Symbols', 'Alone'],
    ) + (left > 0 ? `\n\n… and ${counted(left, 'more cause')}.` : '')
  )
}

function variantCell(cause: CauseView['cause'], all: readonly string[], detail: Detail): string {
  const words = variantsWords(cause, all, (name) => markdownText(name, Math.min(detail.text, 100)))
  return isVariantOnly(cause, all) ? `**${words}**` : words.replace(/^in /, '')
}

function causeSection(view: CauseView, all: readonly string[], detail: Detail): string {
  const { cause, number, title, risk, adviceAt } = view
  const escape = (text: string) => markdownText(text, detail.text)
  const code = (text: string) => markdownCode(text, Math.min(detail.text, 300))
  const { explanation, advice } = adviceOf(cause)
  const [first = ''] = changesInWords(cause, (text) => markdownHtml(text, detail.text))
  const others = changesInWords(cause, code).slice(1)
  const patch = cause.patch ?? []
  const chain = chainTitles(cause)
  const again = number !== adviceAt
  const items = [
    ...patch
      .slice(0, mostPatchLines)
      .map((line) => `**Patch:** ${code(`${line.file}:${line.line}`)} ${code(patchText(line))}`),
    ...(patch.length > mostPatchLines
      ? [`… and ${counted(patch.length - mostPatchLines, 'more line')} of the patch`]
      : []),
    ...(cause.place ? [`**Defined:** ${code(`${cause.place.file}:${cause.place.line}`)}`] : []),
    ...others.map((text) => `**Also:** ${text}`),
    `**Reach:** ${reachWords(cause, all, escape)}`,
    ...(chain.length > 1 ? [`**For example:** ${chain.map(code).join(' → ')}`] : []),
    ...(hasLayout(cause) ? [`**Layout:** ${layoutWords(cause.layout, code)}`] : []),
    ...(cause.reserved ? [`**Reserved:** ${reservedWords(cause.reserved, code)}`] : []),
    `**Risk:** ${riskWords[risk]}.${again ? '' : ` ${markdownText(explanation)}`}`,
    `**What to do:** ${again ? `as for cause ${adviceAt}.` : markdownText(advice)}`,
  ]
  return folded(
    `${number}. ${markdownHtml(title, detail.text)}: ${first} (${counted(cause.symbols, 'symbol')})`,
    [items.map((item) => `- ${item}`).join('\n'), ...diffBlock(view.diff, detail.diff)].join('\n\n'),
    number === 1,
  )
}

const mostPatchLines = 3

const diffMarks = { same: ' ', added: '+', removed: '-' } as const

/** None for two definitions that differ in nothing that C shows. */
function diffBlock(diff: readonly DiffLine[], max: number): readonly string[] {
  if (diff.length === 0) return []
  const { shown, note } = cutDiff(diff, max)
  const block = markdownCodeBlock(
    [
      ...shown.map((line) => {
        if (line.kind === 'gap') return `@@ ${counted(line.count, 'equal line')} @@`
        return `${diffMarks[line.kind]} ${line.text.replaceAll('\t', '    ')}`
      }),
      ...(note === undefined ? [] : [`@@ ${note} @@`]),
    ],
    'diff',
  )
  return [block]
}

/** Sets of causes and the symbols that need them; a longer table starts folded. */
const longTable = 3

function setsSection(sets: readonly SymbolGroup[], detail: Detail): string {
  if (sets.length === 0) return ''
  const heading = 'Symbols by the causes they need back'
  const shown = sets.slice(0, detail.groups)
  const left = sets.length - shown.length
  if (shown.length === 0) return ''
  const table =
    markdownTable(
      ['Count', 'Causes', 'Symbols'],
      shown.map(({ causes, others, symbols }) => [
        String(symbols.length),
        causes
          .slice(0, mostTitles)
          .map(({ number, title }) => `${number} ${markdownCode(title, Math.min(detail.text, 300))}`)
          .join(', ') + andMore(causes.length - mostTitles, others),
        symbolNames(symbols, detail),
      ]),
      ['Count'],
    ) + (left > 0 ? `\n\n… and ${counted(left, 'more set')} of causes.` : '')
  return sets.length > longTable ? folded(heading, table) : `**${heading}**\n\n${table}`
}

const mostTitles = 6

function andMore(left: number, others: number): string {
  const more = Math.max(0, left) + others
  return more > 0 ? ` and ${more} more` : ''
}

function symbolNames(symbols: readonly string[], detail: Detail): string {
  const shown = symbols.slice(0, detail.symbols).map((name) => markdownCode(name, Math.min(detail.text, 300)))
  const left = symbols.length - shown.length
  return shown.join(' ') + (left > 0 && shown.length > 0 ? ` and ${left} more` : '')
}

/** Why symbols could not be explained, and what would help, as a list. */
export function unexplainedLines({ unexplained }: Explained, detail: Detail): string[] {
  if (unexplained.length === 0) return []
  return [
    unexplained
      .map(({ why, variants, symbols }) => {
        const { title, advice } = unexplainedTexts[why]
        const where = variantsInWords(variants, [], (name) => markdownText(name, Math.min(detail.text, 100)))
        return `- **Not explained:** ${counted(symbols.length, 'symbol')} in ${where}: ${title}. ${advice}`
      })
      .join('\n'),
  ]
}

function idleSection(idle: readonly CauseView[], detail: Detail): string {
  if (idle.length === 0 || detail.causes === 0) return ''
  const heading = `${counted(idle.length, 'changed definition')} that ${idle.length === 1 ? 'plays' : 'play'} no part once the others are repaired`
  const rows = idle.slice(0, detail.complete ? Infinity : Math.min(detail.causes, 20))
  const left = idle.length - rows.length
  return folded(
    heading,
    markdownTable(
      ['#', 'Definition', 'Change', 'Place'],
      rows.map(({ cause, number, title }) => [
        String(number),
        markdownCode(title, Math.min(detail.text, 300)),
        markdownText(classWords(cause)),
        markdownCode(firstPlace(cause) ?? '', Math.min(detail.text, 300)),
      ]),
      ['#'],
    ) + (left > 0 ? `\n\n… and ${left} more.` : ''),
  )
}
