import { appendFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { makeFolder } from '../io/make-folder.ts'
import { runGit, type GitSession } from './run-git.ts'

/**
 * Checks out a commit into a folder of its own, a checkout that borrows the objects of the repository: nothing is written
 * to that, and no hook, filter or setting of it is used. What was in the folder goes.
 *
 * Problem: those of `runGit`; an error of the file system is thrown.
 * @param git a folder of the repository
 * @param commit its whole name
 */
export async function checkOut(
  git: GitSession,
  commit: string,
  folder: string,
): Promise<Problem | undefined> {
  const { value: objects, problems } = await runGit(git, ['rev-parse', '--git-path', 'objects'])
  if (problems[0]) return problems[0]
  await rm(folder, { recursive: true, force: true })
  await makeFolder(folder)
  const inside = { ...git, cwd: folder }
  const format = commit.length === 64 ? ['--object-format=sha256'] : []
  const made = await runGit(inside, ['init', '--quiet', '--template=', ...format])
  if (made.problems[0]) return made.problems[0]
  await makeFolder(join(folder, '.git/objects/info'))
  await appendFile(join(folder, '.git/objects/info/alternates'), `${resolve(git.cwd, objects[0] ?? '')}\n`)
  return moveCheckout(inside, commit)
}

/**
 * Changes such a checkout to another commit of the repository whose objects it borrows.
 * @param inside the checkout's folder
 */
export async function moveCheckout(inside: GitSession, commit: string): Promise<Problem | undefined> {
  return (await runGit(inside, ['checkout', '--quiet', '--force', '--detach', commit])).problems[0]
}
