import type { Change, ChangeClass } from '../cause.ts'

/** How grave a class is among the others: higher is graver. */
export const changeGravity: Readonly<Record<ChangeClass, number>> = {
  'field-removed': 23,
  'fields-reordered': 22,
  'field-added': 21,
  'field-retyped': 20,
  'array-bound': 19,
  'bit-field-width': 18,
  'argument-removed': 17,
  'argument-added': 16,
  'argument-retyped': 15,
  'return-type': 14,
  'enumerator-inserted': 13,
  'enumerator-removed': 12,
  'enumerator-value': 11,
  'variable-retyped': 10,
  'typedef-retargeted': 9,
  other: 8,
  'body-unseen': 7.8,
  'body-seen': 7.6,
  attribute: 7,
  'fields-regrouped': 6.5,
  'field-added-at-end': 6,
  'enumerator-added-at-end': 5,
  qualifier: 4,
  'field-renamed': 3,
  'enumerator-renamed': 2,
  'became-opaque': 1.5,
  'became-defined': 1,
  spelling: 0,
}

/** The changes of several lists, each once, the gravest first. */
export function allChanges(lists: readonly (readonly Change[])[]): readonly Change[] {
  const distinct = new Map(lists.flat().map((change) => [JSON.stringify(change), change]))
  return sortByGravity([...distinct.values()])
}

/** The gravest first; changes of one class keep their order. */
export function sortByGravity(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => changeGravity[b.class] - changeGravity[a.class])
}
