import type { EditFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { alignColumns } from './align-columns.ts'
import { editChange, editMeanings, editPlace, editTexts } from './edit-texts.ts'
import { findingHeading, findingNotes } from './text-findings.ts'
import { brief, briefVariant, labelled, type Layout } from './text-layout.ts'

/** What the patch changes in the gate, as a block like that of any other kind of finding. */
export function editsBlock(
  all: readonly EditFinding[],
  severity: Severity,
  max: number,
  layout: Layout,
): string[] {
  const edits = all.filter((edit) => edit.severity === severity)
  if (edits.length === 0) return []
  const shown = edits.slice(0, max)
  const left = edits.length - shown.length
  return [
    ...findingHeading({ severity, kind: 'whitelist-edit', symbols: edits.length }, layout),
    ...alignColumns(
      shown.map(({ edit }) => [
        brief(editPlace(edit)),
        editTexts[edit.kind].title,
        { text: brief(edit.subject), paint: layout.paint.bold },
        editChange({ ...edit, ...brieflyChanged(edit) }, '->'),
        edit.variant === undefined ? '' : `in ${briefVariant(edit.variant)}`,
      ]),
      '    ',
    ),
    ...(left > 0 ? [layout.paint.dim(`    … and ${left} more; the JSON report lists all of them`)] : []),
    ...editMeanings(edits.map(({ edit }) => edit)).flatMap(({ title, meaning }) =>
      labelled(title, meaning, layout),
    ),
    ...findingNotes('whitelist-edit', layout),
  ]
}

function brieflyChanged({
  before,
  after,
}: EditFinding['edit']): Pick<EditFinding['edit'], 'before' | 'after'> {
  return {
    ...(before === undefined ? {} : { before: brief(before) }),
    ...(after === undefined ? {} : { after: brief(after) }),
  }
}
