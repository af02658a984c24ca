import { alignColumns, type Cell } from './align-columns.ts'
import type { CauseLimits } from './cause-limits.ts'
import { splitByCauses, type CauseView, type Explained, type SymbolGroup } from './explained.ts'
import {
  aloneWords,
  causesInWords,
  causesSentence,
  classWords,
  firstPlace,
  isVariantOnly,
  proofSentence,
  variantsWords,
} from './explanation-words.ts'
import { findingTexts } from './finding-texts.ts'
import type { KindGroup } from './group-findings.ts'
import { causeBlock, riskPaint } from './text-cause.ts'
import { findingHeading, symbolRows } from './text-findings.ts'
import { brief, briefVariant, hang, labelled, type Layout } from './text-layout.ts'
import { unexplainedTexts } from './unexplained-texts.ts'
import { counted, variantsInWords } from './words.ts'

/**
 * Changed symbols as the definitions that changed them: how many and why, each cause, then the symbols by the causes
 * they need back.
 *
 * @param withCauses false for a second group, of another severity: its causes were shown already
 */
export function changedBlocks(
  group: KindGroup,
  explained: Explained,
  { withCauses, limits }: { readonly withCauses: boolean; readonly limits: CauseLimits },
  all: readonly string[],
  layout: Layout,
): string[][] {
  const { sets, rest } = splitByCauses(group, explained)
  const { causes, idle } = explained
  const blocks = causes.slice(0, limits.blocks)
  const prose = { label: plain, text: plain }
  return [
    [
      ...findingHeading(group, layout),
      ...(withCauses
        ? hang('  ', `${causesSentence(explained, brief)}. ${proofSentence(explained)}`, layout.width, prose)
        : []),
      ...labelled('note', findingTexts.changed.explanation, layout),
    ],
    ...(withCauses
      ? [
          ...blocks.map((view) => causeBlock(view, causes.length, all, limits, layout)),
          moreCauses(causes.slice(blocks.length), all, layout),
        ]
      : []),
    setsBlock(sets, limits, layout),
    ...(rest.length > 0 ? [restBlock(rest, explained, all, limits, layout)] : []),
    ...(limits.allRows ? [allRowsBlock(group, explained, all, layout)] : []),
    ...(withCauses ? [idleBlock(idle, all, limits, layout)] : []),
  ]
}

function moreCauses(causes: readonly CauseView[], all: readonly string[], layout: Layout): string[] {
  if (causes.length === 0) return []
  const { paint } = layout
  return [
    paint.bold(`${counted(causes.length, 'more cause')}; --format details shows each in full:`),
    ...causeRows(causes, all, layout),
  ]
}

function causeRows(causes: readonly CauseView[], all: readonly string[], layout: Layout): string[] {
  return alignColumns(
    causes.map(({ cause, number, title, risk }): Cell[] => [
      { text: String(number), align: 'right' },
      { text: brief(title), paint: layout.paint.bold },
      { text: classWords(cause), paint: riskPaint(risk, layout) },
      { text: cause.matters ? counted(cause.symbols, 'symbol') : cause.alone > 0 ? aloneWords(cause) : '' },
      {
        text: variantsWords(cause, all, briefVariant),
        paint: isVariantOnly(cause, all) ? layout.paint.yellow : plain,
      },
      { text: brief(firstPlace(cause) ?? '') },
    ]),
    '    ',
  )
}

function setsBlock(sets: readonly SymbolGroup[], limits: CauseLimits, layout: Layout): string[] {
  if (sets.length === 0) return []
  const shown = sets.slice(0, limits.groups)
  const left = sets.slice(shown.length)
  const symbols = left.reduce((sum, set) => sum + set.symbols.length, 0)
  const { paint } = layout
  return [
    paint.bold('symbols by the causes they need back:'),
    ...shown.flatMap((set) => {
      const { symbols: names } = set
      const some = names.slice(0, limits.symbols).map((name) => brief(name))
      const rest = names.length - some.length
      const label = `${counted(names.length, 'symbol')}, ${causesInWords(set, brief)}:`
      return [
        ...hang('  ', label, layout.width, { label: plain, text: plain }),
        ...hang('    ', some.join(', ') + (rest > 0 ? ` and ${rest} more` : ''), layout.width, {
          label: plain,
          text: plain,
        }),
      ]
    }),
    ...(left.length > 0
      ? [paint.dim(`  … and ${counted(symbols, 'symbol')} in ${counted(left.length, 'more set')} of causes`)]
      : []),
  ]
}

function restBlock(
  rest: KindGroup['groups'],
  explained: Explained,
  all: readonly string[],
  limits: CauseLimits,
  layout: Layout,
): string[] {
  const symbols = new Set(rest.flatMap(({ findings }) => findings.map(({ symbol }) => symbol))).size
  return [
    layout.paint.bold(`${counted(symbols, 'symbol')} not explained:`),
    ...(limits.allRows ? [] : symbolRows(rest, all, limits.rows, layout)),
    ...unexplainedNotes(explained, layout),
  ]
}

/** Why symbols could not be explained, and what would help. */
export function unexplainedNotes({ unexplained }: Explained, layout: Layout): string[] {
  return unexplained.flatMap(({ why, variants, symbols }) => {
    const { title, advice } = unexplainedTexts[why]
    const where = variantsInWords(variants, [], briefVariant)
    return [
      ...labelled('not explained', `${counted(symbols.length, 'symbol')} in ${where}: ${title}.`, layout),
      ...labelled('help', advice, layout),
    ]
  })
}

function allRowsBlock(
  group: KindGroup,
  { byId }: Explained,
  all: readonly string[],
  layout: Layout,
): string[] {
  return [
    layout.paint.bold('all of them:'),
    ...symbolRows(group.groups, all, Infinity, layout, ({ causes = [] }) => {
      const numbers = causes.flatMap((id) => byId.get(id)?.number ?? [])
      return numbers.length === 0
        ? 'not explained'
        : `cause${numbers.length === 1 ? '' : 's'} ${numbers.join(' ')}`
    }),
  ]
}

const mostIdle = 10

function idleBlock(
  idle: readonly CauseView[],
  all: readonly string[],
  limits: CauseLimits,
  layout: Layout,
): string[] {
  if (idle.length === 0) return []
  const shown = limits.allRows ? idle : idle.slice(0, mostIdle)
  const left = idle.length - shown.length
  return [
    layout.paint.bold(
      `${counted(idle.length, 'changed definition')} that ${idle.length === 1 ? 'plays' : 'play'} no part once the others are repaired:`,
    ),
    ...causeRows(shown, all, layout),
    ...(left > 0 ? [layout.paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
  ]
}

function plain(text: string): string {
  return text
}
