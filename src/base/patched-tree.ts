import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { readPlainFile } from '../io/read-plain-file.ts'
import { openCommit, type BaseCommit } from '../git/open-commit.ts'
import { runGit, type GitSession } from '../git/run-git.ts'

/** Far more than a configuration or a list with its types has. */
const mostBytes = 256 * 1024 * 1024

/**
 * Opens what a patch would have count, as `openBaseCommit` opens what does: out of git's objects of the commit that is checked
 * out. A link in it is refused, so nothing outside of the tree is ever read for it.
 *
 * Files that somebody edited and did not commit count instead of those of the commit, where `edited` says so; links, pipes and
 * devices are refused there, too. Problems: those of `openBaseCommit`.
 * @param top of the repository
 */
export async function openPatchedTree(
  top: string,
  session: Omit<GitSession, 'cwd'>,
  { edited }: { readonly edited: boolean },
): Promise<Read<BaseCommit | undefined>> {
  const git = { ...session, cwd: top }
  const { value: head, problems } = await runGit(git, ['rev-parse', '--verify', 'HEAD^{commit}'])
  const [commit] = head
  if (commit === undefined) return { value: undefined, problems }
  const tree = await openCommit(git, commit, { ref: 'HEAD', where: 'the patched tree', top })
  if (!edited) return { value: tree, problems: [] }
  const bring = async (paths: readonly string[]): Promise<readonly Problem[]> => {
    const wanted = [...new Set(paths)].map((path) => relative(tree.folder, path))
    const changes = await changesIn(git, wanted)
    if (changes.problems.length > 0) return changes.problems
    const unbrought = await tree.bring(paths)
    if (unbrought.length > 0) return unbrought
    for (const { path, gone } of changes.value) {
      const target = join(tree.folder, path)
      await rm(target, { recursive: true, force: true })
      const problem = gone ? undefined : await copyPlain(join(top, path), target)
      if (problem) return [problem]
    }
    return []
  }
  return { value: { ...tree, bring }, problems: [] }
}

interface Change {
  readonly path: string
  readonly gone: boolean
}

/** Files at or below some paths that are not as the commit has them: changed, new, or gone. */
async function changesIn(git: GitSession, paths: readonly string[]): Promise<Read<readonly Change[]>> {
  const inside = paths.filter((path) => !path.startsWith('..'))
  if (inside.length === 0) return { value: [], problems: [] }
  const words = ['status', '--porcelain', '--no-renames', '--untracked-files=all', '-z', '--', ...inside]
  const { value, problems } = await runGit(git, ['--literal-pathspecs', ...words])
  // Two letters, a space, the path; D for a file that is gone, be it that its folder is a link now.
  const entries = value
    .join('\n')
    .split('\0')
    .map((entry) => ({ path: entry.slice(3), gone: entry.slice(0, 2).includes('D') }))
  return { value: entries.filter(({ path }) => path !== ''), problems }
}

async function copyPlain(from: string, to: string): Promise<Problem | undefined> {
  const { value, problems } = await readPlainFile(from, mostBytes)
  const [problem] = problems
  if (problem) return { ...problem, kind: 'unreadable' }
  await mkdir(dirname(to), { recursive: true })
  await writeFile(to, value)
  return undefined
}
