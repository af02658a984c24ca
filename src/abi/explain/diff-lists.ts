import { diffArrays } from 'diff'

/** A run of texts that two lists share, or that one of them has alone. */
interface ListPart {
  readonly kind: 'same' | 'added' | 'removed'
  readonly items: readonly string[]
}

/** Lists that differ in more than this are not aligned, as that would take too long: everything is another. */
const mostEdits = 2000

/** How one list of texts becomes another, with as few edits as possible. */
export function diffLists(before: readonly string[], after: readonly string[]): readonly ListPart[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: mostEdits })
  if (!parts) {
    return [
      { kind: 'removed', items: before },
      { kind: 'added', items: after },
    ]
  }
  return parts.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    items: value,
  }))
}
