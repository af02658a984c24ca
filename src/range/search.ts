import { runGit, type GitSession } from '../git/run-git.ts'
import type { Problem } from '../problem/problem.ts'
import type { Answer } from './bisection-memory.ts'

/** Where to look for the commit that broke something: whole names of commits. */
export interface BetweenCommits {
  readonly git: GitSession
  readonly good: string
  readonly bad: string
  readonly firstParent: boolean
}

/** A search for the commit that broke one thing, which goes on with each answer. */
export interface Search {
  /**
   * The commit to look at next; or, at the end, the one that broke it: behind commits that were skipped, all of which it may be one,
   * the last first. Problems: those of `runGit`.
   */
  readonly next: () => Promise<
    | { readonly kind: 'look'; readonly commit: string }
    | { readonly kind: 'found'; readonly commits: readonly string[] }
    | { readonly kind: 'stuck'; readonly problem: Problem }
  >
  readonly learn: (commit: string, answer: Answer) => void
}

/**
 * Halves the commits of which it is not known whether they are before or behind the break, as `git bisect` does. Before that it looks
 * at those which are suspected, and at what they came after: where a suspicion is right, two looks prove it.
 */
export function openSearch(
  { git, good, bad: last, firstParent }: BetweenCommits,
  suspects: readonly string[],
): Search {
  let bad = last
  const goods = [good]
  const skipped = new Set<string>()
  const find: Search['next'] = async () => {
    const walk = firstParent ? ['--first-parent'] : []
    const range = [bad, ...goods.map((commit) => `^${commit}`)]
    const { value, problems } = await runGit(git, [
      'rev-list',
      '--parents',
      '--bisect-all',
      ...walk,
      ...range,
    ])
    if (problems[0]) return { kind: 'stuck', problem: problems[0] }
    const lines = value.map((line) => line.replace(/ \(.*/, '').split(' '))
    const between = lines.flatMap(([commit]) => (commit === undefined || commit === bad ? [] : [commit]))
    const open = new Set(between.filter((commit) => !skipped.has(commit)))
    const before = lines.find(([commit]) => commit === bad)?.slice(1) ?? []
    const aims = suspects.flatMap((commit) => (commit === bad ? before : [commit]))
    const [commit] = [...aims.filter((one) => open.has(one)), ...open]
    return commit === undefined ? { kind: 'found', commits: [bad, ...between] } : { kind: 'look', commit }
  }
  /** The answer until something is learnt: git need not be asked again. */
  let known: ReturnType<Search['next']> | undefined
  return {
    next: () => (known ??= find()),
    learn: (commit, { kind }) => {
      known = undefined
      if (kind === 'broken') bad = commit
      else if (kind === 'intact') goods.push(commit)
      else skipped.add(commit)
    },
  }
}
