import type { TreeChange } from '../abi/tree-change.ts'
import { unquotePath } from '../abi/unquote-path.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { runGit, type GitSession } from './run-git.ts'

/**
 * Tells in what the trees of two commits differ, by names and object ids alone: no file is read and no rename is guessed. Format: RAW OUTPUT FORMAT of git-diff-tree(1).
 *
 * Problems, without a value: those of `runGit`; `unreadable` for a line of another form.
 * @param from whole name of a commit
 * @param to whole name of a commit
 */
export async function changesBetween(
  git: GitSession,
  from: string,
  to: string,
): Promise<Read<readonly TreeChange[] | undefined>> {
  const words = ['diff-tree', '-r', '--raw', '--no-renames', '--no-abbrev', '--ignore-submodules=none']
  // A partial clone has the trees of what was fetched; for another commit it would fetch the whole history.
  const here = { ...git, env: { ...git.env, GIT_NO_LAZY_FETCH: '1' } }
  const { value, problems } = await runGit(here, [...words, '--no-relative', from, to, '--'])
  if (problems.length > 0) return { value: undefined, problems }
  const changes: TreeChange[] = []
  for (const line of value) {
    const change = changeOf(line)
    if (!change) return { value: undefined, problems: [unclear(line)] }
    changes.push(change)
  }
  return { value: changes, problems: [] }
}

const rawLine = /^:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]\t(.+)$/

function changeOf(line: string): TreeChange | undefined {
  const [, oldMode = '', newMode = '', oldObject = '', newObject = '', quoted = ''] = rawLine.exec(line) ?? []
  const path = unquotePath(quoted)
  if (path === undefined || path === '') return undefined
  return {
    path,
    ...(Number(oldMode) === 0 ? {} : { before: { mode: oldMode, object: oldObject } }),
    ...(Number(newMode) === 0 ? {} : { after: { mode: newMode, object: newObject } }),
  }
}

function unclear(line: string): Problem {
  return {
    kind: 'unreadable',
    message: 'git diff-tree printed what is no difference of two trees.',
    excerpt: [line.slice(0, 200)],
    advice: 'Run the same command of git in the kernel tree by hand.',
  }
}
