import type { Bisection } from './product.ts'
import type { Workbench } from './workbench.ts'

/**
 * Holds an answer against what was dealt out: each break that is there at the end, once, with its commit, its symbols and a
 * line of its own; nothing else; and as skipped nothing but the commit that does not configure.
 * @param firstParent whether a merge has to be named for what it brings
 * @returns what is wrong, in words
 */
export function wrongIn(
  { plan, history }: Workbench,
  answer: Bisection,
  { firstParent = false } = {},
): readonly string[] {
  const wrong = answer.problems.map(({ message }) => `problem: ${message}`)
  const there = plan.breaks.filter(({ repairedBy }) => repairedBy === undefined)
  for (const { broken } of answer.breaks)
    if (!there.some(({ part }) => part.type === broken.name)) wrong.push(`${broken.name} is not broken`)
  for (const { part, commit } of there) {
    const [found, ...others] = answer.breaks.filter(({ broken }) => broken.name === part.type)
    if (!found || others.length > 0) {
      wrong.push(`${part.type} is named ${found ? others.length + 1 : 0} times`)
      continue
    }
    const maker = firstParent && isOnSide(plan.commits, commit, plan.merge) ? plan.merge : commit
    const numbers = found.commits.map(({ hash }) => history.hashes.indexOf(hash))
    if (numbers.join() !== String(maker))
      wrong.push(`${part.type}: commit ${numbers.join(' or ')} is named, not ${maker}`)
    const { symbols, lines } = found.broken
    const [ours, theirs] = [part.symbols.join(' '), symbols.toSorted().join(' ')]
    if (ours !== theirs)
      wrong.push(`${part.type}: ${symbols.length} symbols are named, not ${part.symbols.length}`)
    const own = new Set(part.hunks.flatMap(({ removed, added }) => [...removed, ...added]))
    if (!lines.some(({ file, text }) => file === part.file && own.has(text)))
      wrong.push(`${part.type}: no line of its change is named`)
  }
  const skipped = answer.skipped.map(({ commit }) => history.hashes.indexOf(commit))
  const unconfigured = plan.commits.flatMap(({ configures }, at) => (configures ? [] : [at + 1]))
  for (const commit of skipped.filter((one) => !unconfigured.includes(one)))
    wrong.push(`commit ${commit} is skipped`)
  return wrong
}

/** Whether the merge's second parent has a commit and the first has not. */
function isOnSide(commits: Workbench['plan']['commits'], commit: number, merge: number): boolean {
  const [main = 0, side = 0] = commits[merge - 1]?.parents ?? []
  const comesFrom = (end: number): boolean =>
    end === commit || (commits[end - 1]?.parents ?? []).some((parent) => comesFrom(parent))
  return comesFrom(side) && !comesFrom(main)
}
