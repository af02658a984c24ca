import type { EditFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { editChange, editMeanings, editPlace, editTexts } from './edit-texts.ts'
import { markdownCode, markdownText } from './escape.ts'
import { findingTexts } from './finding-texts.ts'
import type { Detail } from './markdown-detail.ts'
import { findingHeading } from './markdown-findings.ts'
import { markdownTable } from './markdown-table.ts'
import { capital } from './words.ts'

/** What the patch changes in the gate, as a section like that of any other kind of finding. */
export function editsSection(all: readonly EditFinding[], severity: Severity, detail: Detail): string {
  const edits = all.filter((edit) => edit.severity === severity)
  if (edits.length === 0) return ''
  const shown = edits.slice(0, detail.problems)
  const left = edits.length - shown.length
  const { explanation, advice } = findingTexts['whitelist-edit']
  return [
    findingHeading({ severity, kind: 'whitelist-edit', symbols: edits.length }),
    markdownText(explanation),
    `**What to do:** ${markdownText(advice)}`,
    markdownTable(
      ['Place', 'What', 'About', 'Change', 'Variant'],
      shown.map(({ edit }) => [
        markdownCode(editPlace(edit), Math.min(detail.text, 300)),
        editTexts[edit.kind].title,
        markdownCode(edit.subject, Math.min(detail.text, 300)),
        markdownText(editChange(edit, '→'), detail.text),
        markdownText(edit.variant ?? '', 100),
      ]),
    ),
    ...(left > 0 ? [`… and ${left} more.`] : []),
    editMeanings(edits.map(({ edit }) => edit))
      .map(({ title: what, meaning }) => `- **${capital(what)}:** ${meaning}`)
      .join('\n'),
  ].join('\n\n')
}
