import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { TreeIdentity } from '../abi/baseline.ts'
import { unquotePath } from '../abi/unquote-path.ts'
import type { Problem } from '../problem/problem.ts'
import { fileProblem } from '../io/file-problem.ts'
import { runGit } from './run-git.ts'
import type { Environment } from '../processes/scrubbed-environment.ts'
import { takeSnapshot } from '../kernel/tree-snapshot.ts'
import { isWrittenByBuilds } from '../kernel/written-into-source.ts'

/**
 * Says which kernel tree this is: its commit, when it is the top of a git checkout in which nothing was changed or
 * added; else a digest of its files.
 *
 * Problems: `interrupted`; `unreadable` for a file.
 * @param source an absolute path
 * @param env the environment for git; where there is none, the files count
 * @param without a folder that is no part of it, by its path in the tree
 */
export async function treeIdentity(
  source: string,
  env: Environment,
  signal: AbortSignal,
  without?: string,
): Promise<TreeIdentity | Problem> {
  return (await cleanCommit(source, env, signal, without)) ?? treeDigest(source, signal, without)
}

/** The commit that is checked out in a tree, whatever was changed since; undefined for a tree that is no git checkout. */
export async function headCommit(
  source: string,
  env: Environment,
  signal: AbortSignal,
): Promise<TreeIdentity | undefined> {
  const [up, commit] = (await gitIn(source, env, signal)('rev-parse', '--show-cdup', 'HEAD')) ?? []
  return up === '' && commit !== undefined ? { commit } : undefined
}

type Git = (...words: readonly string[]) => Promise<readonly string[] | undefined>

/** Runs git in a tree; gives its lines, undefined when it failed. */
function gitIn(source: string, env: Environment, signal: AbortSignal): Git {
  return async (...words) => {
    const { value, problems } = await runGit({ cwd: source, env, signal }, words)
    return problems.length === 0 ? value : undefined
  }
}

/** The commit of a tree that is the top of a git checkout in which nothing was changed or added; else undefined. */
export async function cleanCommit(
  source: string,
  env: Environment,
  signal: AbortSignal,
  without?: string,
): Promise<TreeIdentity | undefined> {
  const { commit, changes } = (await statusOf(gitIn(source, env, signal), without)) ?? {}
  return commit !== undefined && changes?.length === 0 ? { commit } : undefined
}

/** The commit of a tree that is the top of a git checkout, and what git-status(1) prints of it; undefined for any other tree. */
async function statusOf(
  git: Git,
  without: string | undefined,
  ...options: readonly string[]
): Promise<{ readonly commit: string; readonly changes: readonly string[] } | undefined> {
  const [up, commit] = (await git('rev-parse', '--show-cdup', 'HEAD')) ?? []
  if (up !== '' || commit === undefined) return undefined
  const paths = without === undefined ? [] : ['--', '.', `:(exclude,literal)${without}`]
  const changes = await git('status', '--porcelain', '--untracked-files=normal', ...options, ...paths)
  return changes && { commit, changes }
}

/**
 * The whole name of the commit of a tree that is the top of a git checkout and holds nothing else, not even what git ignores; what
 * is hidden, or written by builds, does not count. Undefined for any other tree.
 */
export async function exactCommit(
  source: string,
  env: Environment,
  signal: AbortSignal,
  without?: string,
): Promise<string | undefined> {
  const found = await statusOf(gitIn(source, env, signal), without, '--ignored')
  return found?.changes.every(isOfNoMatter) === true ? found.commit : undefined
}

/** True for a line of git-status(1) about an ignored file that no build reads. */
function isOfNoMatter(line: string): boolean {
  const path = line.startsWith('!! ') ? unquotePath(line.slice(3)) : undefined
  return (
    path !== undefined && (path.split('/').some((part) => part.startsWith('.')) || isWrittenByBuilds(path))
  )
}

/**
 * SHA-256 over the tree's files in the order of their paths, a line `DIGEST  PATH` for each, as sha256sum prints it.
 * Documentation and hidden files do not count; a symbolic link counts as the text it holds.
 */
async function treeDigest(
  source: string,
  signal: AbortSignal,
  without: string | undefined,
): Promise<TreeIdentity | Problem> {
  const tree = createHash('sha256')
  const all = [...(await takeSnapshot(source)).keys()].sort()
  const paths = without === undefined ? all : all.filter((path) => !path.startsWith(`${without}/`))
  const buffer = new Uint8Array(256 * 1024)
  for (const [index, path] of paths.entries()) {
    // Lets signals and timers through; waiting for each of 70,000 small files would take longer than reading them.
    if (index % 100 === 0) await setImmediate()
    if (signal.aborted) return { kind: 'interrupted', message: 'the kernel tree was not read to its end' }
    try {
      tree.update(`${fileDigest(join(source, path), buffer)}  ${path}\n`)
    } catch (error) {
      return fileProblem('unreadable', join(source, path), error)
    }
  }
  return { digest: tree.digest('hex') }
}

function fileDigest(path: string, buffer: Uint8Array): string {
  const hash = createHash('sha256')
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return hash.update(readlinkSync(path)).digest('hex')
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const length = readSync(file, buffer)
      if (length === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, length))
    }
  } finally {
    closeSync(file)
  }
}
