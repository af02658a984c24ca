import type { ChangeClass } from '../../abi/cause.ts'
import type { FindingKind } from '../../judge/finding.ts'
import { changeTexts } from '../model/change-texts.ts'
import { findingTexts } from '../model/finding-texts.ts'

/** The id of the rule for a kind of finding, or for a class of changes behind a changed checksum. */
export type SarifRuleId = FindingKind | `changed/${ChangeClass}`

interface Text {
  readonly title: string
  readonly explanation: string
  readonly advice: string
  readonly anchor: string
}

function ruleOf(id: SarifRuleId, { title, explanation, advice, anchor }: Text) {
  return {
    id,
    /** Its section in docs/fixing-a-break.md. */
    anchor,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    help: { text: `${explanation}\n\n${advice}`, markdown: `${explanation}\n\n${advice}` },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['kabi', id.startsWith('changed') ? 'checksum' : 'export'] },
  } as const
}

/** Every rule that a result may name, always all and in this order, so that an index stays what it is. */
export const sarifRules = [
  ...Object.entries(findingTexts).map(([kind, text]) => ruleOf(kind as FindingKind, text)),
  ...Object.entries(changeTexts).map(([name, text]) => ruleOf(`changed/${name as ChangeClass}`, text)),
]
