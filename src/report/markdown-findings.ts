import type { FindingKind, SymbolFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { blameItems } from './blame-words.ts'
import { markdownCode, markdownText } from './escape.ts'
import { findingColumns, formatChange } from './finding-columns.ts'
import { findingTexts } from './finding-texts.ts'
import type { KindGroup, VariantGroup } from './group-findings.ts'
import type { Detail } from './markdown-detail.ts'
import { markdownTable } from './markdown-table.ts'
import { counted, variantsInWords } from './words.ts'

/** A longer table starts folded. */
const longTable = 10

/** All findings of one kind: a heading, what it means, what to do, and a table for each set of variants. */
export function findingSection(group: KindGroup, all: readonly string[], detail: Detail): string {
  const { explanation, advice } = findingTexts[group.kind]
  return [
    findingHeading(group),
    markdownText(explanation),
    `**What to do:** ${markdownText(advice)}`,
    ...groupSections(group.groups, all, detail),
    ...blameList(group, detail),
  ].join('\n\n')
}

/** The lines that made the findings. */
function blameList({ groups }: KindGroup, detail: Detail): string[] {
  const items = blameItems(groups.flatMap(({ findings }) => findings))
  if (items.length === 0) return []
  const shown = items.slice(0, detail.problems)
  const left = items.length - shown.length
  const lines = shown.map(({ place, line, remark }) => {
    const text = line === undefined ? '' : `: ${markdownCode(line, Math.min(detail.text, 300))}`
    return `- ${markdownCode(place, Math.min(detail.text, 300))}${text} (${markdownText(remark, detail.text)})`
  })
  return [`Look at:\n\n${lines.join('\n')}`, ...(left > 0 ? [`… and ${left} more.`] : [])]
}

/** How many findings of a kind there are, and what they weigh. */
interface Heading {
  readonly severity: Severity
  readonly kind: FindingKind
  readonly symbols: number
}

export function findingHeading({ severity, kind, symbols }: Heading): string {
  const text = findingTexts[kind]
  return `### ${severity === 'fail' ? '❌' : '⚠️ Warning:'} ${text.title}: ${counted(symbols, text.counted.noun)}`
}

/** A table for each set of variants. */
export function groupSections(
  groups: readonly VariantGroup[],
  all: readonly string[],
  detail: Detail,
): string[] {
  const shown = groups.slice(0, detail.groups)
  const left = groups.length - shown.length
  return [
    ...shown.map((group) => groupSection(group, all, detail)),
    ...(left > 0 ? [`… and ${counted(left, 'more set')} of variants.`] : []),
  ]
}

function groupSection({ variants, findings }: VariantGroup, all: readonly string[], detail: Detail): string {
  const names = variantsInWords(variants, all, (name) => markdownText(name, 100))
  const heading = `In ${names}: ${counted(findings.length, 'symbol')}`
  const shown = findings.slice(0, detail.symbols)
  const left = findings.length - shown.length
  if (shown.length === 0) return `- ${heading}`
  const table = findingTable(shown) + (left > 0 ? `\n\n… and ${left} more.` : '')
  if (findings.length <= longTable) return `${heading}\n\n${table}`
  return `<details><summary>${heading}</summary>\n\n${table}\n\n</details>`
}

function findingTable(findings: readonly SymbolFinding[]): string {
  const [first] = findings
  const columns = first ? findingColumns[first.kind] : []
  return markdownTable(
    ['Symbol', ...columns.map(({ head }) => head), 'Remark'],
    findings.map((finding) => [
      markdownCode(finding.symbol),
      ...columns.map(({ change }) => formatChange(change(finding), '→', markdownCode)),
      finding.waiver
        ? 'waived'
        : finding.rule
          ? `by rule ${markdownCode(`${finding.rule.file}:${finding.rule.line}`)}`
          : '',
    ]),
  )
}
