import type { Blame } from '../../abi/blame.ts'
import type { Cause, Change, Explanation } from '../../abi/cause.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { prettyDefinition } from '../../abi/explain/pretty-definition.ts'
import type { HiddenFinding } from '../../judge/finding.ts'
import { jsonCauseLayout } from './json-layouts.ts'
import { jsonOrigin } from './json-origins.ts'
import { jsonPatchLine, jsonPlace } from './json-places.ts'
import { fields } from './print-json.ts'
import { changeText } from '../model/change-texts.ts'
import { unexplainedTexts } from '../model/unexplained-texts.ts'

/**
 * Why checksums changed, for the JSON report.
 * @param share of a report of very many findings: variants with the same unexplained symbols are told of together
 */
export function jsonExplanation(explanation: Explanation, share: boolean) {
  const { changed, proven, causes, groups, repair, kabiMacros = null } = explanation
  const unexplained = share
    ? sharedUnexplained(explanation)
    : explanation.unexplained.map((one) => ({ ...one, sameIn: [] }))
  return {
    changed,
    proven,
    causes: causes.map((cause) => jsonCause(cause, explanation)),
    groups: groups.map((group) => fields(group, 'causes', 'symbols')),
    repair: repair.map((step) => fields(step, 'causes', 'restored')),
    unexplained: unexplained.map((one) => ({
      ...fields(one, 'variant', 'sameIn', 'why'),
      ...fields(unexplainedTexts[one.why], 'title', 'advice'),
      symbols: one.symbols,
    })),
    kabiMacros,
  }
}

function sharedUnexplained({ unexplained }: Explanation) {
  const shared = new Map<string, Explanation['unexplained'][number] & { readonly sameIn: string[] }>()
  for (const one of unexplained) {
    const key = [one.why, ...one.symbols].join(' ')
    const same = shared.get(key)
    if (same) same.sameIn.push(one.variant)
    else shared.set(key, { ...one, sameIn: [] })
  }
  return [...shared.values()]
}

/** What made a finding of another kind than `changed`. */
export function jsonBlame({ patch, options = [], place }: Blame) {
  return {
    patch: patch.map(jsonPatchLine),
    options: options.map((option) => fields(option, 'name', 'before', 'after')),
    place: place ? jsonPlace(place) : null,
  }
}

function jsonCause(cause: Cause, { kabiMacros }: Explanation) {
  const { name, before, after, place, patch, reserved, layout, fix } = cause
  return {
    ...fields(cause, 'id', 'name'),
    title: definitionTitle(name),
    ...fields(cause, 'matters', 'symbols', 'alone'),
    changes: cause.changes.map((change) => jsonChange(change, kabiMacros)),
    before,
    after,
    beforeInC: prettyDefinition(name, before),
    afterInC: prettyDefinition(name, after),
    reach: cause.reach.map((one) => fields(one, 'variant', 'symbols')),
    chain: cause.chain,
    place: place ? jsonPlace(place) : null,
    patch: patch ? patch.map(jsonPatchLine) : null,
    reserved: reserved ? { ...fields(reserved, 'macro', 'left'), place: jsonPlace(reserved.place) } : null,
    layout: layout ? jsonCauseLayout(layout) : null,
    fix: fix
      ? {
          ...fields(fix, 'how', 'file'),
          edits: fix.edits.map((edit) => fields(edit, 'line', 'removed', 'added')),
        }
      : null,
  }
}

/** @param kabiMacros whether the kernel has macros by which structures change under a checksum that stays; absent: not known */
export function jsonChange(change: Change, kabiMacros?: boolean) {
  const text = changeText(change.class, kabiMacros)
  return {
    class: change.class,
    ...fields(text, 'title', 'risk'),
    ...fields(change, 'subject', 'before', 'after'),
    advice: text.advice,
  }
}

/** A line of the patch that hides changes from the checksums. */
export function jsonHidden(finding: HiddenFinding) {
  const { severity, line, proof } = finding
  const types = 'types' in proof ? proof.types : []
  return {
    ...{ how: line.how, severity, ...jsonPatchLine(line), layout: proof.kind, types },
    ...jsonOrigin(finding),
  }
}
