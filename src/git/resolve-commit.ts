import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { meaningsOf, type Meaning } from './meanings-of.ts'
import { runGit, type GitSession } from './run-git.ts'

/**
 * Finds the commit that a name stands for, or the problem: `usage` (no commit of that name, several things of that name, no git
 * checkout), `missing-tool`, `interrupted`. Names of commits do not begin with a dash, so none can be taken for an option.
 */
export async function resolveCommit(git: GitSession, base: string): Promise<string | Problem> {
  if (base === '' || base.startsWith('-')) return unknownCommit(base, 'That is no name of a commit.')
  const { value, problems } = await runGit(git, ['rev-parse', '--verify', '--quiet', `${base}^{commit}`])
  const [failure] = problems
  if (failure && failure.kind !== 'unreadable') return failure
  const commit = value.find((line) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line))
  if (!failure && commit !== undefined) {
    const meanings = await meaningsOf(git, base)
    return new Set(meanings.map((one) => one.commit)).size > 1 ? ambiguous(base, meanings) : commit
  }
  const shallow = await runGit(git, ['rev-parse', '--is-shallow-repository'])
  const [problem] = shallow.problems
  if (problem) return problem.kind === 'unreadable' ? notCheckout(git.cwd, problem) : problem
  return unknownCommit(
    base,
    shallow.value[0] === 'true'
      ? 'The checkout is shallow: fetch the commit, or check out the whole history (`fetch-depth: 0` of actions/checkout).'
      : 'Name a commit, a tag or a branch that this checkout has; `git fetch` brings those of the server.',
  )
}

/** Git would take one of them and go on: a tag that somebody may push would stand in for a branch that is protected. */
function ambiguous(base: string, meanings: readonly Meaning[]): Problem {
  const all = meanings.map(({ name, commit }) => `${quote(name)} (${commit.slice(0, 12)})`)
  return {
    kind: 'usage',
    message: `${quote(base)} has more than one meaning here: ${all.join(' and ')}.`,
    advice: `Write the one that is meant in full${meanings[0] ? `, such as ${quote(meanings[0].name)}` : ''}, or the whole name of the commit.`,
  }
}

function unknownCommit(base: string, advice: string): Problem {
  return { kind: 'usage', message: `git knows no commit ${quote(base)}.`, advice }
}

function notCheckout(source: string, { excerpt }: Problem): Problem {
  return {
    kind: 'usage',
    message: `${quote(source)} is not a git checkout that git reads.`,
    ...(excerpt ? { excerpt } : {}),
    advice: 'Name the kernel tree of a git checkout, or give the patch as a file.',
  }
}
