import leven from 'leven'

/** Longer words are no slip of the pen, and comparing them takes time. */
const longest = 100

/**
 * The candidate that a mistyped word most likely means; `undefined` when none is near enough, which is a third of
 * the word's letters. Case, and `_` for `-`, do not count.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = plain(word)
  if (typed.length > longest) return undefined
  let best: string | undefined
  let distance = Math.ceil(typed.length / 3) + 1
  for (const candidate of candidates) {
    const found = leven(typed, plain(candidate), { maxDistance: distance })
    if (found >= distance) continue
    best = candidate
    distance = found
  }
  return best
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll('_', '-')
}
