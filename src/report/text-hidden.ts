import type { HiddenFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { alignColumns } from './align-columns.ts'
import { patchText } from './explanation-words.ts'
import { hiddenWords } from './hidden-words.ts'
import { findingHeading, findingNotes } from './text-findings.ts'
import { brief, type Layout } from './text-layout.ts'

/** The lines of a patch that hide changes from the checksums, as a block like that of any other kind of finding. */
export function hiddenBlock(
  hidden: readonly HiddenFinding[],
  severity: Severity,
  max: number,
  layout: Layout,
): string[] {
  const lines = hidden.filter((one) => one.severity === severity)
  if (lines.length === 0) return []
  const shown = lines.slice(0, max)
  const left = lines.length - shown.length
  return [
    ...findingHeading({ severity, kind: 'hidden', symbols: lines.length }, layout),
    ...alignColumns(
      shown.map(({ line }) => [
        brief(`${line.file}:${line.line}`),
        hiddenWords[line.how],
        { text: brief(patchText(line)), paint: layout.paint.bold },
      ]),
      '    ',
    ),
    ...(left > 0 ? [layout.paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
    ...findingNotes('hidden', layout),
  ]
}
