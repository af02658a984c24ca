import type { Differing } from './comparison.ts'

/** Recomputes an expansion. */
interface Recomputed {
  /** Whether the checksum comes back when the definitions of these names are put back. */
  readonly restores: (names: readonly number[]) => boolean
  /** What differs, of all that the expansion of the last answer came by, in its order. */
  readonly cameBy: () => readonly Differing[]
}

/**
 * A set of definitions that brings a checksum back, and none of which can be left out; undefined when not even all of them
 * do.
 *
 * Of a set that brings it back, take the first definition that the expansion comes by and that another set lacks: up to
 * there, both expand alike. If it surely differs, the other set does not bring the checksum back. So only sets are tried
 * whose first missing definition may expand alike: all without those, then all but one, all but two, and so on; of large
 * sets, no further than one or two.
 * @param all in the order in which the baseline's expansion comes by them
 */
export function smallestSet(
  all: readonly Differing[],
  { restores, cameBy }: Recomputed,
): readonly number[] | undefined {
  const restoring = (some: readonly Differing[]): readonly Differing[] | undefined => {
    const names = some.map(({ name }) => name)
    if (!restores(names)) return undefined
    const back = new Set(names)
    return cameBy().filter(({ name }) => back.has(name))
  }
  if (all.length === 0 || !restores(all.map(({ name }) => name))) return undefined
  let kept = all
  const sure = all.filter((one) => one.sure)
  if (sure.length < all.length) kept = restoring(sure) ?? all
  for (let next = smallerSet(kept, restoring); next; next = smallerSet(kept, restoring)) kept = next
  return kept.map(({ name }) => name)
}

function smallerSet(
  kept: readonly Differing[],
  restoring: (some: readonly Differing[]) => readonly Differing[] | undefined,
): readonly Differing[] | undefined {
  if (kept.every(({ sure }) => sure)) return undefined
  const most = kept.length <= fewNames ? kept.length : kept.length <= manyNames ? 2 : 1
  for (let count = 1; count <= most; count++) {
    for (const missing of choices(kept, count)) {
      if (missing[0]?.sure === true) continue
      const found = restoring(kept.filter((one) => !missing.includes(one)))
      if (found) return found
    }
  }
  return undefined
}

/** Of so many, every set can be tried; of so many, every pair. */
const fewNames = 8
const manyNames = 20

/** All ways to choose so many, each in their order. */
function* choices<T>(items: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) yield []
  else
    for (const [at, item] of items.entries())
      for (const rest of choices(items.slice(at + 1), count - 1)) yield [item, ...rest]
}
