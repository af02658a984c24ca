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
 * Searches for several breaks at the same time: each search names a commit, and one of these is looked at for all that want to hear of
 * it. That is where the search goes on which learnt last, as its next commit is often the neighbour. What was seen is remembered.
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
  const searches = wanted.map((broken) => ({ broken, search: openSearch(between, suspectsOf(broken)) }))
  const found = new Map<Break, Found>()
  const stuck = (problem: Problem) => ({ value: undefined, problems: [problem] })
  let last: Break | undefined
  for (;;) {
    const asked = new Map<string, readonly Break[]>()
    for (const { broken, search } of searches) {
      if (found.has(broken)) continue
      const next = await search.next()
      if (next.kind === 'stuck') return stuck(next.problem)
      if (next.kind === 'found') found.set(broken, { broken, commits: next.commits })
      else asked.set(next.commit, [...(asked.get(next.commit) ?? []), broken])
    }
    const [commit, breaks] = nextOf(asked, last) ?? []
    if (commit === undefined || !breaks) break
    last = breaks[0]
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
  return { value: wanted.flatMap((one) => found.get(one) ?? []), problems: [] }
}

/** The commits that git names for the lines of a break. */
function suspectsOf({ lines }: Break): readonly string[] {
  return [...new Set(lines.flatMap(({ commit }) => (commit ? [commit.hash] : [])))]
}

/** A commit and who asks for it: the break that was answered last, or else the most. */
function nextOf(
  asked: ReadonlyMap<string, readonly Break[]>,
  last: Break | undefined,
): readonly [string, readonly Break[]] | undefined {
  const groups = [...asked]
  const most = groups.toSorted(([, a], [, b]) => b.length - a.length)[0]
  return groups.find(([, breaks]) => last !== undefined && breaks.includes(last)) ?? most
}
