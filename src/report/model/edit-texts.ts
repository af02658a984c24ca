import type { GateEdit, GateEditKind } from '../../judge/gate-edit.ts'
import { arrow, say, text, type Words } from './span.ts'

/** What a report says about one kind of edit of the gate, one entry a kind. */
export interface EditText {
  readonly title: string
  /** What it would mean once it is merged. */
  readonly meaning: string
}

/** Titles and meanings, for those who review the edit. */
export const editTexts: Readonly<Record<GateEditKind, EditText>> = {
  'row-added': {
    title: 'row added that the build does not have',
    meaning:
      'The build does not export the symbol with this row, so the next check would fail or protect nothing.',
  },
  'row-changed': {
    title: 'row changed',
    meaning: 'What was promised about the symbol is given up for something else.',
  },
  'row-removed': { title: 'row removed', meaning: 'The symbol is no longer protected.' },
  'column-dropped': {
    title: 'column dropped',
    meaning: 'Nothing is promised any more about this property of any symbol of the list.',
  },
  'list-unreadable': {
    title: 'whitelist gone or not readable',
    meaning: 'The variant could not be checked any more.',
  },
  'config-unreadable': {
    title: 'configuration gone or not accepted',
    meaning: 'Nothing could be checked any more.',
  },
  'baseline-changed': {
    title: 'baseline.yml changed',
    meaning: 'A build that differs from the released one would be compared as if it did not.',
  },
  'variant-dropped': { title: 'variant dropped', meaning: 'The variant is no longer checked.' },
  'promise-withdrawn': {
    title: 'promise withdrawn',
    meaning: 'The variant is no longer checked; nothing of it is protected.',
  },
  'drivers-dropped': {
    title: 'drivers dropped',
    meaning: 'Nobody would notice any more when these drivers no longer load.',
  },
  'build-changed': {
    title: 'build changed',
    meaning:
      'The kernel would be configured or built in another way than the one that this check looked at, so its checksums may be others.',
  },
  'runner-changed': {
    title: 'runner changed',
    meaning: 'The variant would be built on other machines, whose evidence nobody has looked at yet.',
  },
  'weight-lowered': {
    title: 'weight lowered',
    meaning: 'Such findings would no longer fail, or not be told.',
  },
  'comparability-lowered': {
    title: 'comparability lowered',
    meaning: 'A build that differs from the released one would be compared all the same.',
  },
  'layouts-off': {
    title: 'layouts no longer compared',
    meaning: 'What the checksums do not tell, a type that lies in memory otherwise, would pass.',
  },
  'rule-added': { title: 'rule added', meaning: 'What the rule matches would no longer fail.' },
  'rule-removed': {
    title: 'rule removed',
    meaning: 'What the rule matched would be weighed by a later rule, or by the policy.',
  },
  'rules-reordered': { title: 'rules in another order', meaning: 'The first rule that matches decides.' },
  'waiver-added': {
    title: 'waiver added',
    meaning: 'It does not count for this patch; once merged it would excuse what it names.',
  },
  'waiver-extended': {
    title: 'waiver extended',
    meaning: 'The exception would hold longer than was reviewed.',
  },
  'protection-removed': {
    title: 'branch no longer protected',
    meaning: 'The disable flag would be accepted on branches with this name.',
  },
}

/** `0x1 -> 0x2`, or the one that there is; empty for none. */
export function editChange({ before, after }: GateEdit): Words {
  if (before !== undefined && after !== undefined) return say`${text(before)} ${arrow} ${text(after)}`
  const value = before ?? after ?? ''
  return value === '' ? [] : [text(value)]
}

/** `kabi.yml:3`. */
export function editPlace({ file, line }: GateEdit): string {
  return line === undefined ? file : `${file}:${line}`
}

/** The meanings of the kinds that there are, each once, in the order of the edits. */
export function editMeanings(edits: readonly GateEdit[]): readonly EditText[] {
  return [...new Set(edits.map(({ kind }) => kind))].map((kind) => editTexts[kind])
}
