import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { resolveCommit } from './resolve-commit.ts'
import { runGit, type GitSession } from './run-git.ts'

/**
 * The first parent of the commit that is checked out, its whole name. Problem: those of `resolveCommit` and `runGit`; `usage` where no
 * commit has what is in the work tree, so that it is no commit's child, and where git has no parent.
 */
export async function firstParent(git: GitSession): Promise<string | Problem> {
  const head = await resolveCommit(git, 'HEAD')
  if (typeof head !== 'string') return head
  const changes = await runGit(git, ['status', '--porcelain', '--untracked-files=no', '--', '.'])
  if (changes.problems[0]) return changes.problems[0]
  if (changes.value.length > 0) return changed(changes.value)
  const listed = await runGit(git, ['rev-list', '--parents', '--max-count=1', head])
  if (listed.problems[0]) return listed.problems[0]
  const [, parent] = (listed.value[0] ?? '').split(' ')
  return parent ?? noParent(head, await runGit(git, ['rev-parse', '--is-shallow-repository']))
}

const mostShown = 5

function changed(files: readonly string[]): Problem {
  return {
    kind: 'usage',
    message: `${quote('HEAD')} is not all of what is in the work tree, so its first parent is not what this work starts from.`,
    excerpt: files.slice(0, mostShown),
    advice: 'Commit the changes, or name the base: --blame HEAD.',
  }
}

function noParent(head: string, shallow: { readonly value: readonly string[] }): Problem {
  return {
    kind: 'usage',
    message: `Commit ${head.slice(0, 12)} has no parent here, so there is no base.`,
    advice:
      shallow.value[0] === 'false'
        ? 'It is the first commit: name a base with --blame REF, or do without.'
        : 'The checkout is shallow: check out at least two commits (`fetch-depth: 2` of actions/checkout), or name a base that is there.',
  }
}
