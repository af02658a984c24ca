import type { Finding } from '../judge/finding.ts'
import { markdownCode, markdownText } from './escape.ts'
import type { Detail } from './markdown-detail.ts'
import { markdownTable } from './markdown-table.ts'
import { boundTo, mostWaivers, waivedHeading, waivedHeads, waiverUses } from './waived.ts'
import { variantsInWords } from './words.ts'

/** The waivers that excused findings, with who answers for them, until when and why. */
export function waivedSection(findings: readonly Finding[], all: readonly string[], detail: Detail): string {
  const uses = waiverUses(findings)
  if (uses.length === 0) return ''
  const shown = uses.slice(0, Math.min(detail.rules, mostWaivers))
  const left = uses.length - shown.length
  const rows = shown.map(({ waiver, variants }) => [
    markdownCode(waiver.symbol),
    waiver.kind,
    boundTo(waiver, '→'),
    variantsInWords(variants, all, (name) => markdownText(name, 100)),
    markdownText(waiver.owner, detail.text),
    markdownText(waiver.expires, detail.text),
    markdownText(waiver.ticket ?? '', detail.text),
    markdownText(waiver.reason, detail.text),
    markdownCode(`${waiver.file}:${waiver.line}`, Math.min(detail.text, 300)),
  ])
  return [
    `### ⚠️ Waived: ${waivedHeading(uses)}`,
    ...(rows.length > 0 ? [markdownTable(waivedHeads, rows)] : []),
    ...(left > 0 ? [`… and ${left} more.`] : []),
  ].join('\n\n')
}
