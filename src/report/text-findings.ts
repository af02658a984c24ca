import type { SymbolFinding, FindingKind } from '../judge/finding.ts'
import type { Rule, Severity } from '../judge/policy.ts'
import { alignColumns, type Cell } from './align-columns.ts'
import { blameItems } from './blame-words.ts'
import { changeCells, findingColumns } from './finding-columns.ts'
import { findingTexts } from './finding-texts.ts'
import type { KindGroup, RuleUse, VariantGroup } from './group-findings.ts'
import { brief, briefVariant, hang, labelled, type Layout } from './text-layout.ts'
import { counted, variantsInWords } from './words.ts'

/**
 * All findings of one kind as lines: a heading, the symbols by set of variants, what it means and what to do.
 *
 * @param all names of the variants that a finding could belong to
 * @param maxSymbols rows to show before the rest is only counted
 */
export function findingBlock(
  group: KindGroup,
  all: readonly string[],
  maxSymbols: number,
  layout: Layout,
  remarks: readonly string[] = [],
): string[] {
  return [
    ...findingHeading(group, layout),
    ...symbolRows(group.groups, all, maxSymbols, layout),
    ...blameRows(group, layout),
    ...remarks,
    ...findingNotes(group.kind, layout),
  ]
}

/** How many findings of a kind there are, and what they weigh. */
interface Heading {
  readonly severity: Severity
  readonly kind: FindingKind
  readonly symbols: number
}

/** `error[changed]: Checksum changed: 3 protected symbols`. */
export function findingHeading({ severity, kind, symbols }: Heading, { paint, width }: Layout): string[] {
  const text = findingTexts[kind]
  const fails = severity === 'fail'
  const color = fails ? paint.red : paint.yellow
  return hang(
    `${fails ? 'error' : 'warning'}[${kind}]: `,
    `${text.title}: ${counted(symbols, text.counted.noun)}`,
    width,
    { label: (label) => paint.bold(color(label)), text: paint.bold },
  )
}

/**
 * The symbols of findings as a table, by set of variants.
 *
 * @param remark what to say at the end of a symbol's row
 */
export function symbolRows(
  groups: readonly VariantGroup[],
  all: readonly string[],
  maxSymbols: number,
  { paint }: Layout,
  remark: (finding: SymbolFinding) => string = () => '',
): string[] {
  const lines: string[] = []
  const rows: { readonly heading?: string; readonly cells: readonly (Cell | string)[] }[] = []
  let left = 0
  for (const { variants, findings } of groups) {
    const shown = findings.slice(0, Math.max(0, maxSymbols - rows.length))
    left += findings.length - shown.length
    shown.forEach((finding, index) => {
      const cells = [...cellsOf(finding, paint.bold), remark(finding)]
      rows.push(
        index === 0 ? { heading: `  in ${variantsInWords(variants, all, briefVariant)}:`, cells } : { cells },
      )
    })
  }
  // Aligned over all sets of variants, so that the eye can run down one column.
  const table = alignColumns(
    rows.map(({ cells }) => cells),
    '    ',
  )
  rows.forEach(({ heading }, index) => {
    if (heading !== undefined) lines.push(heading)
    lines.push(table[index] ?? '')
  })
  if (left > 0) lines.push(paint.dim(`    … and ${left} more; the JSON report lists all of them`))
  return lines
}

const mostBlames = 10

/** The lines that made the findings. */
function blameRows({ groups }: KindGroup, { paint, width }: Layout): string[] {
  const items = blameItems(
    groups.flatMap(({ findings }) => findings),
    brief,
  )
  if (items.length === 0) return []
  const left = items.length - mostBlames
  const prose = { label: (text: string) => text, text: (text: string) => text }
  return [
    '  look at:',
    ...items.slice(0, mostBlames).flatMap(({ place, line, remark }) => {
      const text = line === undefined ? '' : `: ${brief(line)}`
      return [`    ${paint.bold(brief(place))}${text}`, ...hang('      ', remark, width, prose)]
    }),
    ...(left > 0 ? [paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
  ]
}

/** What a kind means and what to do about it. */
export function findingNotes(kind: FindingKind, layout: Layout): string[] {
  const { explanation, advice, anchor } = findingTexts[kind]
  return [
    ...labelled('note', explanation, layout),
    ...labelled('help', `${advice} See docs/fixing-a-break.md#${anchor}.`, layout),
  ]
}

function cellsOf(finding: SymbolFinding, bold: (text: string) => string): Cell[] {
  const { rule, waiver } = finding
  return [
    { text: brief(finding.symbol), paint: bold },
    ...changeCells(findingColumns[finding.kind], finding),
    { text: waiver ? 'waived' : rule ? `by rule ${placeOf(rule)}` : '' },
  ]
}

/** The rules that made findings to be ignored, with a count each. */
export function ignoredBlock(uses: readonly RuleUse[], { paint }: Layout): string[] {
  if (uses.length === 0) return []
  const total = uses.reduce((sum, { findings }) => sum + findings, 0)
  return [
    paint.bold(
      `${paint.cyan('note:')} ${counted(total, 'finding')} ignored by ${counted(uses.length, 'rule')}`,
    ),
    ...alignColumns(
      uses.map(({ rule, findings }) => [{ text: String(findings), align: 'right' }, ...ruleCells(rule)]),
      '    ',
    ),
  ]
}

/** Distributions keep long lists of rules; only the first few are worth a look at every run. */
const mostUnused = 10

/** The rules that are the first to match no protected symbol. */
export function unusedRulesBlock(rules: readonly Rule[], { paint }: Layout): string[] {
  if (rules.length === 0) return []
  const left = rules.length - mostUnused
  return [
    paint.bold(`${paint.cyan('note:')} ${counted(rules.length, 'unused rule')}`),
    ...alignColumns(rules.slice(0, mostUnused).map(ruleCells), '    '),
    ...(left > 0 ? [paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
  ]
}

function ruleCells(rule: Rule): Cell[] {
  return [
    { text: `${rule.match.by} ${brief(rule.match.pattern)}` },
    { text: rule.action },
    { text: placeOf(rule) },
    { text: brief(rule.reason ?? '') },
  ]
}

function placeOf({ file, line }: Rule): string {
  return brief(`${file}:${line}`)
}
