import { relative } from 'node:path'
import { realPath } from '../io/real-path.ts'
import type { Read } from '../problem/problem.ts'
import { runGit, type GitSession } from './run-git.ts'

/** What is checked out around a folder. */
export interface CheckedOut {
  /** The whole name of the commit. */
  readonly commit: string
  /** The top of the work tree, without symbolic links. */
  readonly top: string
  /** Whether a file that the commit has was changed since. */
  readonly edited: boolean
}

/** Says which commit is checked out. Problems, without a value: those of `runGit`. */
export async function checkedOut(git: GitSession): Promise<Read<CheckedOut | undefined>> {
  const asked = await runGit(git, ['rev-parse', '--show-toplevel', 'HEAD'])
  const [top, commit] = asked.value
  if (top === undefined || commit === undefined) return { value: undefined, problems: asked.problems }
  const changes = await runGit(git, ['status', '--porcelain', '--untracked-files=no'])
  if (changes.problems.length > 0) return { value: undefined, problems: changes.problems }
  const edited = changes.value.length > 0
  return { value: { commit, top: await realPath(top), edited }, problems: [] }
}

/** The first file that git keeps at some paths, from the top of the work tree. Paths outside of it have none. Problems: those of `runGit`. */
export async function firstTracked(
  git: GitSession,
  top: string,
  paths: readonly string[],
): Promise<Read<string | undefined>> {
  const real = await Promise.all(paths.map(realPath))
  const inside = real.map((path) => relative(top, path)).filter((path) => !/^\.\.(?:\/|$)/.test(path))
  if (inside.length === 0) return { value: undefined, problems: [] }
  const literal = inside.map((path) => `:(top,literal)${path}`)
  const { value, problems } = await runGit(git, ['ls-files', '--full-name', '--', ...literal])
  return { value: value[0], problems }
}
