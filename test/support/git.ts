import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Files, workspace, writeFiles } from './workspace.ts'

/** The settings of who runs the tests do not count; those that a test writes into the repository do. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
}

/** Runs git in a folder. @returns its standard output, without the last line end */
export function git(folder: string, ...args: readonly string[]): string {
  const settings = ['user.name=Test', 'user.email=test@example.org', 'maintenance.auto=false']
  return execFileSync('git', ['-C', folder, ...settings.flatMap((one) => ['-c', one]), ...args], {
    encoding: 'utf8',
    env: gitEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

/** Commits all that a folder holds, and makes it a repository first where it is none. @returns the commit */
export function commitAll(folder: string, message = 'all'): string {
  if (!existsSync(join(folder, '.git')))
    git(folder, 'init', '--quiet', '--template=', '--initial-branch=main')
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--allow-empty', '-m', message)
  return git(folder, 'rev-parse', 'HEAD')
}

interface Repository {
  readonly folder: string
  readonly commit: string
}

/** Repositories of one commit, made once in a process: git is started five times for each. */
const repositories = new Map<string, Repository>()

process.once('exit', () => {
  for (const { folder } of repositories.values()) rmSync(folder, { recursive: true, force: true })
})

/**
 * A checkout whose one commit, tagged `base`, holds the files given; it is removed when the test ends.
 * @param folder where the files are already; a temporary folder when not given
 */
export function checkoutOf(files: Files, folder = workspace(files)): Repository {
  const key = JSON.stringify(
    Object.entries(files).map(([name, contents]) => [name, Buffer.from(contents).toString('latin1')]),
  )
  const known = repositories.get(key) ?? makeRepository(files)
  repositories.set(key, known)
  cpSync(join(known.folder, '.git'), join(folder, '.git'), { recursive: true })
  return { folder, commit: known.commit }
}

function makeRepository(files: Files): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'kabi-gate-repository-'))
  writeFiles(folder, files)
  const commit = commitAll(folder, 'base')
  git(folder, 'tag', 'base')
  return { folder, commit }
}
