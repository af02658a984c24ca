import { diffLists } from './diff-lists.ts'

/** What two lists have in common, and what only one of them has. */
interface Aligned<T> {
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
  const all: Aligned<T>[] = []
  let gap: { readonly before: T[]; readonly after: T[] } = { before: [], after: [] }
  let inBefore = 0
  let inAfter = 0
  const closeGap = (): void => {
    all.push(align(gap.before, gap.after, otherKeys, level + 1))
    gap = { before: [], after: [] }
  }
  const keysBefore = before.map((item) => key(item, 'before'))
  const keysAfter = after.map((item) => key(item, 'after'))
  for (const { kind, items } of diffLists(keysBefore, keysAfter)) {
    if (kind === 'same') closeGap()
    const old = kind === 'added' ? [] : before.slice(inBefore, (inBefore += items.length))
    const current = kind === 'removed' ? [] : after.slice(inAfter, (inAfter += items.length))
    if (kind === 'same') {
      const pairs = old.flatMap((item, at) => {
        const counterpart = current[at]
        return counterpart === undefined ? [] : [{ before: item, after: counterpart, level }]
      })
      all.push({ pairs, removed: [], added: [] })
    } else gap = { before: gap.before.concat(old), after: gap.after.concat(current) }
  }
  closeGap()
  return {
    pairs: all.flatMap(({ pairs }) => pairs),
    removed: all.flatMap(({ removed }) => removed),
    added: all.flatMap(({ added }) => added),
  }
}
