import type { HiddenFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { markdownCode, markdownText } from './escape.ts'
import { patchText } from './explanation-words.ts'
import { findingTexts } from './finding-texts.ts'
import { hiddenWords } from './hidden-words.ts'
import type { Detail } from './markdown-detail.ts'
import { findingHeading } from './markdown-findings.ts'
import { markdownTable } from './markdown-table.ts'

/** The lines of a patch that hide changes from the checksums, as a section like that of any other kind of finding. */
export function hiddenSection(hidden: readonly HiddenFinding[], severity: Severity, detail: Detail): string {
  const lines = hidden.filter((one) => one.severity === severity)
  if (lines.length === 0) return ''
  const shown = lines.slice(0, detail.problems)
  const left = lines.length - shown.length
  const { explanation, advice } = findingTexts.hidden
  return [
    findingHeading({ severity, kind: 'hidden', symbols: lines.length }),
    markdownText(explanation),
    `**What to do:** ${markdownText(advice)}`,
    markdownTable(
      ['Place', 'How', 'Line'],
      shown.map(({ line }) => [
        markdownCode(`${line.file}:${line.line}`, Math.min(detail.text, 300)),
        hiddenWords[line.how],
        markdownCode(patchText(line), Math.min(detail.text, 300)),
      ]),
    ),
    ...(left > 0 ? [`… and ${left} more.`] : []),
  ].join('\n\n')
}
