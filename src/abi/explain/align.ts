import { diffArrays } from 'diff'

/** What two lists have in common, and what only one of them has. */
export interface Aligned<T> {
  /** In the order of the lists. `level` is the number of the key that matched. */
  readonly pairs: readonly { readonly before: T; readonly after: T; readonly level: number }[]
  readonly removed: readonly T[]
  readonly added: readonly T[]
}

type Key<T> = (item: T, side: 'before' | 'after') => string

/**
 * Aligns two lists without crossing: first by the longest common subsequence of the first key, then what lies between
 * those pairs by the second key, and so on.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  keys: readonly Key<T>[],
  level = 0,
): Aligned<T> {
  const [key, ...otherKeys] = keys
  if (!key || before.length === 0 || after.length === 0) return { pairs: [], removed: before, added: after }
  const pairs: Aligned<T>['pairs'][number][] = []
  const removed: T[] = []
  const added: T[] = []
  let inBefore = 0
  let inAfter = 0
  let open: { readonly before: T[]; readonly after: T[] } = { before: [], after: [] }
  const closeGap = (): void => {
    const inner = align(open.before, open.after, otherKeys, level + 1)
    pairs.push(...inner.pairs)
    removed.push(...inner.removed)
    added.push(...inner.added)
    open = { before: [], after: [] }
  }
  const parts = diffArrays(
    before.map((item) => key(item, 'before')),
    after.map((item) => key(item, 'after')),
  )
  for (const part of parts) {
    if (part.removed) {
      open.before.push(...before.slice(inBefore, (inBefore += part.count)))
    } else if (part.added) {
      open.after.push(...after.slice(inAfter, (inAfter += part.count)))
    } else {
      closeGap()
      const same = before.slice(inBefore, (inBefore += part.count))
      const counterparts = after.slice(inAfter, (inAfter += part.count))
      same.forEach((item, at) => pairs.push({ before: item, after: counterparts[at] ?? item, level }))
    }
  }
  closeGap()
  return { pairs, removed, added }
}
