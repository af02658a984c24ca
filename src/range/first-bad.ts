import { runGit, type GitSession } from '../git/run-git.ts'
import type { Problem } from '../problem/problem.ts'
import { isSameBreak, type Break, type Seen } from '../judge/break.ts'

/** Where to look for the commit that broke something: whole names of commits. */
interface BetweenCommits {
  readonly git: GitSession
  readonly good: string
  readonly bad: string
  readonly firstParent: boolean
}

/**
 * Halves the commits of which it is not known whether they are before or behind the break, as `git bisect` does.
 *
 * Problems: those of `runGit`, and what keeps a commit from being looked at.
 * @returns one commit, or, behind commits that were skipped, all of which it may be one, the last first
 */
export async function firstBad(
  broken: Break,
  { git, good, bad: last, firstParent }: BetweenCommits,
  lookAt: (commit: string) => Promise<Seen | { readonly problem: Problem }>,
): Promise<{ readonly commits: readonly string[] } | { readonly problem: Problem }> {
  let bad = last
  const goods = [good]
  const skipped = new Set<string>()
  for (;;) {
    const walk = firstParent ? ['--first-parent'] : []
    const { value, problems } = await runGit(git, [
      ...['rev-list', '--bisect-all', ...walk, bad],
      ...goods.map((commit) => `^${commit}`),
    ])
    if (problems[0]) return { problem: problems[0] }
    const between = value.map((line) => line.split(' ')[0] ?? '').filter((commit) => commit !== bad)
    const next = between.find((commit) => !skipped.has(commit))
    if (next === undefined) return { commits: [bad, ...between] }
    const seen = await lookAt(next)
    if ('problem' in seen) return seen
    if (seen.kind === 'skipped') skipped.add(next)
    else if (seen.breaks.some((one) => isSameBreak(one, broken))) bad = next
    else if (broken.symbols.every((symbol) => seen.silent.includes(symbol))) skipped.add(next)
    else goods.push(next)
  }
}
