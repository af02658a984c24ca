import { adviceFor, isError, problemTexts } from '../problem/problem.ts'
import type { Rule } from '../judge/policy.ts'
import type { VariantSummary, Verdict } from '../judge/verdict.ts'
import { markdownCode, markdownCodeBlock, markdownText } from './escape.ts'
import type { RuleUse } from './group-findings.ts'
import type { Detail } from './markdown-detail.ts'
import { markdownTable } from './markdown-table.ts'
import { formatPlace, type MergedProblem } from './merge-problems.ts'
import { counted, variantsInWords } from './words.ts'

/** A longer table starts folded. */
const longTable = 12

/** Errors or notes, each with its place, its excerpt and what to do. */
export function problemSection(
  heading: string,
  problems: readonly MergedProblem[],
  detail: Detail,
): string[] {
  if (problems.length === 0) return []
  const shown = problems.slice(0, detail.problems)
  const left = problems.length - shown.length
  return [
    `### ${heading}`,
    ...shown.map((one) => problemText(one, detail)),
    ...(left > 0 ? [`… and ${counted(left, 'more problem')}.`] : []),
  ]
}

function problemText({ problem, variants }: MergedProblem, detail: Detail): string {
  const { kind, message, place, excerpt = [] } = problem
  const escape = (text: string) => markdownText(text, detail.text)
  const where = [
    ...(place ? [`at ${markdownCode(formatPlace(place))}`] : []),
    ...(variants.length > 0
      ? [`in ${variantsInWords(variants, [], (name) => markdownText(name, Math.min(detail.text, 100)))}`]
      : []),
  ].join(', ')
  const mark = isError(problem) ? '❌' : 'ℹ️'
  const lines = detail.excerpt === 0 ? [] : excerpt.slice(-detail.excerpt)
  return [
    `${mark} **${problemTexts[kind].title}:** ${escape(message)}${where === '' ? '' : ` (${where})`}`,
    ...(lines.length > 0 ? [markdownCodeBlock(lines)] : []),
    `**What to do:** ${escape(adviceFor(problem))}`,
  ].join('\n\n')
}

/** One row a variant: what was looked at, how, and what came of it. */
export function variantSection({ variants, policy }: Verdict, detail: Detail): string {
  const shown = variants.slice(0, detail.variants)
  if (shown.length === 0) return ''
  const warned = variants.some(({ findings }) => findings.warn > 0)
  const left = variants.length - shown.length
  const table = markdownTable(
    [
      'Variant',
      'Result',
      'Protected',
      'Compared',
      'Broken',
      'Warned',
      'Added',
      'Strategy',
      'Seconds',
      'Remark',
    ],
    shown.map((variant) => {
      const number = (value: number) => (variant.result === 'no-promise' ? '-' : String(value))
      return [
        markdownCode(variant.name, 100),
        resultTexts[variant.result],
        number(variant.protected),
        number(variant.compared),
        number(variant.findings.fail),
        warned ? number(variant.findings.warn) : '',
        number(variant.added),
        variant.how?.strategy ?? '-',
        variant.how ? variant.how.seconds.toFixed(1) : '-',
        markdownText(variant.noPromiseReason ?? '', detail.text),
      ]
    }),
    ['Protected', 'Compared', 'Broken', 'Warned', 'Added', 'Seconds'],
  )
  const text = table + (left > 0 ? `\n\n… and ${counted(left, 'more variant')}.` : '')
  if (shown.length <= longTable) return `### Variants, policy ${markdownText(policy, 40)}\n\n${text}`
  return `### Variants, policy ${markdownText(policy, 40)}\n\n${folded(`${variants.length} variants`, text)}`
}

const resultTexts: Readonly<Record<VariantSummary['result'], string>> = {
  pass: '✅ pass',
  break: '❌ break',
  error: '❌ error',
  'no-promise': 'no promise',
}

/** The rules that made findings to be ignored, with a count each. */
export function ignoredSection(uses: readonly RuleUse[], detail: Detail): string {
  if (uses.length === 0) return ''
  const total = uses.reduce((sum, { findings }) => sum + findings, 0)
  const heading = `${counted(total, 'finding')} ignored by ${counted(uses.length, 'rule')}`
  const rows = uses
    .slice(0, detail.rules)
    .map(({ rule, findings }) => [String(findings), ...ruleCells(rule, detail)])
  return ruleTable(heading, ['Findings', ...ruleHeads], rows, uses.length)
}

/** The rules that are the first to match no protected symbol. */
export function unusedRulesSection(rules: readonly Rule[], detail: Detail): string {
  if (rules.length === 0) return ''
  const rows = rules.slice(0, detail.rules).map((rule) => ruleCells(rule, detail))
  return ruleTable(counted(rules.length, 'unused rule'), ruleHeads, rows, rules.length)
}

const ruleHeads: readonly string[] = ['Rule', 'Action', 'Place', 'Reason']

function ruleCells({ match, action, file, line, reason = '' }: Rule, detail: Detail): string[] {
  return [
    `${match.by} ${markdownCode(match.pattern)}`,
    action,
    markdownCode(`${file}:${line}`),
    markdownText(reason, detail.text),
  ]
}

function ruleTable(heading: string, heads: readonly string[], rows: string[][], total: number): string {
  if (rows.length === 0) return `${heading}.`
  const left = total - rows.length
  return folded(
    heading,
    markdownTable(heads, rows, ['Findings']) + (left > 0 ? `\n\n… and ${left} more.` : ''),
  )
}

/** @param summary escaped for HTML */
export function folded(summary: string, text: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${text}\n\n</details>`
}
