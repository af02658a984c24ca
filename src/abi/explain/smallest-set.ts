import type { Differing } from './comparison.ts'

/**
 * A set of definitions that brings a checksum back, and none of which can be left out; undefined when not even all of them
 * do.
 *
 * Whatever set brings it back, one that surely differs and that the expansion comes by belongs to it, unless an earlier one
 * is left out too. So only sets are tried whose first missing definition may expand alike: all without those, then all but
 * one, all but two, and so on; of large sets, no further than two.
 * @param all in the order in which the baseline's expansion comes by them
 * @param restoring those of some names that the expansion comes by, when putting these back is enough
 */
export function smallestSet(
  all: readonly Differing[],
  restoring: (names: readonly number[]) => readonly number[] | undefined,
): readonly number[] | undefined {
  let kept = all.length > 0 ? restoring(all.map(({ name }) => name)) : undefined
  const sure = new Set(all.flatMap(({ name, sure }) => (sure ? [name] : [])))
  if (!kept || sure.size === all.length) return kept
  kept = restoring([...sure]) ?? kept
  for (let smaller = smallerSet(kept, sure, restoring); smaller; smaller = smallerSet(kept, sure, restoring))
    kept = smaller
  return kept
}

function smallerSet(
  names: readonly number[],
  sure: ReadonlySet<number>,
  restoring: (names: readonly number[]) => readonly number[] | undefined,
): readonly number[] | undefined {
  const most = names.length <= manyNames ? names.length - 1 : 2
  for (let count = 1; count <= most; count++) {
    for (const missing of choices(names, count)) {
      if (sure.has(missing[0] ?? -1)) continue
      const found = restoring(names.filter((name) => !missing.includes(name)))
      if (found) return found
    }
  }
  return undefined
}

/** With more than this, too many sets can be left out to try them all. */
const manyNames = 8

/** All ways to choose so many of some names, each in their order. */
function* choices(names: readonly number[], count: number): Generator<readonly number[]> {
  if (count === 0) yield []
  else
    for (const [at, name] of names.entries())
      for (const rest of choices(names.slice(at + 1), count - 1)) yield [name, ...rest]
}
