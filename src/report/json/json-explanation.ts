import type { Blame } from '../../abi/blame.ts'
import type {
  Cause,
  Explanation,
  HiddenChange,
  LayoutChange,
  PatchLine,
  SourcePlace,
} from '../../abi/cause.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { prettyDefinition } from '../../abi/explain/pretty-definition.ts'
import type { HiddenFinding } from '../../judge/finding.ts'
import { changeTexts } from '../model/change-texts.ts'
import { unexplainedTexts } from '../model/unexplained-texts.ts'

/**
 * Why checksums changed, for the JSON report.
 * @param share of a report of very many findings: variants with the same unexplained symbols are told of together
 */
export function jsonExplanation(explanation: Explanation, share: boolean) {
  const { changed, proven, causes, groups, repair } = explanation
  const unexplained = share
    ? sharedUnexplained(explanation)
    : explanation.unexplained.map((one) => ({ ...one, sameIn: [] }))
  return {
    changed,
    proven,
    causes: causes.map(jsonCause),
    groups: groups.map((group) => ({ causes: group.causes, symbols: group.symbols })),
    repair: repair.map((step) => ({ causes: step.causes, restored: step.restored })),
    unexplained: unexplained.map(({ variant, sameIn, why, symbols }) => ({
      variant,
      sameIn,
      why,
      title: unexplainedTexts[why].title,
      advice: unexplainedTexts[why].advice,
      symbols,
    })),
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
    options: options.map(({ name, before, after }) => ({ name, before, after })),
    place: place ? jsonPlace(place) : null,
  }
}

function jsonCause(cause: Cause) {
  const { id, name, before, after, changes, reach, chain, place, patch, reserved, layout } = cause
  return {
    id,
    name,
    title: definitionTitle(name),
    matters: cause.matters,
    symbols: cause.symbols,
    alone: cause.alone,
    changes: changes.map((change) => {
      const { title, risk, advice } = changeTexts[change.class]
      return {
        class: change.class,
        title,
        risk,
        subject: change.subject ?? null,
        before: change.before ?? null,
        after: change.after ?? null,
        advice,
      }
    }),
    before,
    after,
    beforeInC: prettyDefinition(name, before),
    afterInC: prettyDefinition(name, after),
    reach: reach.map(({ variant, symbols }) => ({ variant, symbols })),
    chain,
    place: place ? jsonPlace(place) : null,
    patch: patch ? patch.map(jsonPatchLine) : null,
    reserved: reserved
      ? { macro: reserved.macro, left: reserved.left, place: jsonPlace(reserved.place) }
      : null,
    layout: layout ? jsonLayout(layout) : null,
  }
}

function jsonLayout({ sizeBefore, sizeAfter, moved }: LayoutChange) {
  return {
    sizeBefore,
    sizeAfter,
    moved: moved.map(({ member, before, after }) => ({ member, before, after: after ?? null })),
  }
}

function jsonPlace({ file, line, endLine }: SourcePlace) {
  return { file, line, endLine }
}

function jsonPatchLine({ file, line, kind, text }: PatchLine | HiddenChange) {
  return { file, line, kind, text }
}

/** A line of the patch that hides changes from the checksums. */
export function jsonHidden({ severity, line }: HiddenFinding) {
  return { how: line.how, severity, ...jsonPatchLine(line) }
}
