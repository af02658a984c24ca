import type { Break } from '../judge/break.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { Answer, Memory } from './bisection-memory.ts'
import { openSearch, type BetweenCommits } from './search.ts'

/** The commit that broke something, or those of which one did, the last first. */
interface Found {
  readonly broken: Break
  readonly commits: readonly string[]
}

/** What to ask of a commit. */
export interface Question {
  /** These have to be answered. */
  readonly asked: readonly Break[]
  /** Of these an answer is welcome. */
  readonly wanted: readonly Break[]
}

interface Moving {
  readonly moveTo: (commit: string) => Promise<Problem | undefined>
}

/**
 * Searches for several breaks at the same time: in each round every search names a commit, and each of these is looked at once, for all
 * that want to hear of it. What was seen is remembered.
 *
 * Problems, without a value: those of `Search` and of moving, and what `answersHere` says.
 * @param answersHere says of what is checked out whether each of these breaks is there, and perhaps others
 */
export async function searchAll(
  wanted: readonly Break[],
  between: BetweenCommits & { readonly checkout: Moving },
  memory: Memory,
  answersHere: (asked: Question['asked']) => Promise<Read<ReadonlyMap<Break, Answer> | undefined>>,
): Promise<Read<readonly Found[] | undefined>> {
  const searches = wanted.map((broken) => ({ broken, search: openSearch(between) }))
  const found = new Map<Break, Found>()
  const stuck = (problem: Problem) => ({ value: undefined, problems: [problem] })
  while (found.size < wanted.length) {
    const asked = new Map<string, Break[]>()
    for (const { broken, search } of searches) {
      if (found.has(broken)) continue
      const next = await search.next()
      if (next.kind === 'stuck') return stuck(next.problem)
      if (next.kind === 'found') found.set(broken, { broken, commits: next.commits })
      else asked.set(next.commit, [...(asked.get(next.commit) ?? []), broken])
    }
    for (const [commit, breaks] of asked) {
      const unknown = breaks.filter((one) => !memory.of(commit, one))
      if (unknown.length > 0) {
        const problem = await between.checkout.moveTo(commit)
        if (problem) return stuck(problem)
        const { value, problems } = await answersHere(unknown)
        if (!value) return { value, problems }
        for (const [broken, answer] of value) memory.keep(commit, broken, answer)
        const unsaved = await memory.save()
        if (unsaved) return stuck(unsaved)
      }
      for (const { broken, search } of searches) {
        const answer = breaks.includes(broken) ? memory.of(commit, broken) : undefined
        if (answer) search.learn(commit, answer)
      }
    }
  }
  return { value: wanted.flatMap((one) => found.get(one) ?? []), problems: [] }
}
