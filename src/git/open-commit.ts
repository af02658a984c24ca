import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { temporaryFolder } from '../io/drafts.ts'
import { resolveCommit } from './resolve-commit.ts'
import { runGit, type GitSession } from './run-git.ts'
import { fileLister } from './list-files.ts'
import { objectReader } from './object-reader.ts'

/** Files of a commit, put into a private folder as they are asked for: the repository in small. */
export interface BaseCommit {
  /** As it was named. */
  readonly ref: string
  /** Its whole name. */
  readonly commit: string
  /** The top of the repository's work tree, without symbolic links. */
  readonly top: string
  /** The private folder that stands for the top. */
  readonly folder: string
  /**
   * Puts what the commit has at some paths into the folder; what it does not have is not there, which is no problem here.
   * Problems: see `fileLister`; `usage` for a path outside of the repository; `unreadable` for more files
   * than a check can need.
   * @param paths inside the private folder, absolute
   */
  readonly bring: (paths: readonly string[]) => Promise<readonly Problem[]>
  /** Whether the commit has something at a path from the top of the repository; false where that cannot be told. */
  readonly has: (path: string) => Promise<boolean>
  /** Removes the folder. */
  readonly close: () => Promise<void>
}

const mostFiles = 20_000
const mostBytes = 512 * 1024 * 1024

/**
 * Opens a commit of the repository in which a folder lies. Nothing of the work tree is read, and nothing written to it.
 * Problems, without a value: those of `resolveCommit` and of `runGit`.
 * @param within a folder of the work tree, absolute
 * @param ref a commit, branch or tag, as git names it
 */
export async function openBaseCommit(
  within: string,
  ref: string,
  session: Omit<GitSession, 'cwd'>,
): Promise<Read<BaseCommit | undefined>> {
  const git: GitSession = { ...session, cwd: within }
  const commit = await resolveCommit(git, ref)
  if (typeof commit !== 'string') return { value: undefined, problems: [commit] }
  const top = await topOf(git)
  if (top === undefined) return { value: undefined, problems: [noTop(within)] }
  return { value: await openCommit(git, commit, { ref, where: 'the base commit', top }), problems: [] }
}

/**
 * Opens a commit of a repository whose top is known.
 * @param commit its whole name
 * @param where what it is, as half a sentence
 */
export async function openCommit(
  git: GitSession,
  commit: string,
  { ref, where, top }: { readonly ref: string; readonly where: string; readonly top: string },
): Promise<BaseCommit> {
  const folder = await temporaryFolder()
  const objects = objectReader(git)
  const listFiles = fileLister(objects, commit, where)
  let files = 0
  let bytes = 0

  const bring = async (paths: readonly string[]): Promise<readonly Problem[]> => {
    const wanted = [...new Set(paths)].map((path) => relative(folder, path))
    const stray = wanted.find(isOutside)
    if (stray !== undefined) return [outside(stray, top, where)]
    if (wanted.length === 0) return []
    const listed = await listFiles(wanted, mostFiles - files)
    if (listed.problems.length > 0) return listed.problems
    files += listed.value.length
    if (files > mostFiles) return [tooMuch(wanted)]
    const missing = await objects.bring(listed.value.map(({ object }) => object))
    if (missing.length > 0) return missing
    for (const file of listed.value) {
      const target = join(folder, file.path)
      // git refuses such names itself; nothing is written outside of the folder whatever it does.
      if (isOutside(relative(folder, target))) return [outside(file.path, top, where)]
      const object = await objects.read(file.object, mostBytes - bytes, tooMuch(wanted))
      if (object === undefined || 'kind' in object) return [object ?? lost(file.path, where)]
      bytes += object.bytes.length
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, object.bytes)
    }
    return []
  }

  return {
    ref,
    commit,
    top,
    folder,
    bring,
    has: async (path) => {
      const { value } = await listFiles([path], 0)
      return value.length > 0
    },
    close: async () => {
      await objects.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function lost(path: string, where: string): Problem {
  return {
    kind: 'unreadable',
    message: `git does not give ${quote(path)} of ${where}.`,
    place: { file: path },
  }
}

/** The top of the work tree that a folder lies in, without symbolic links; undefined outside of any. */
export async function topOf(git: GitSession): Promise<string | undefined> {
  const { value } = await runGit(git, ['rev-parse', '--show-toplevel'])
  return value[0] === undefined ? undefined : realpath(value[0]).catch(() => undefined)
}

function noTop(within: string): Problem {
  return { kind: 'usage', message: `${quote(within)} has no work tree of git around it.` }
}

/** Whether a path relative to a folder leads out of it. */
function isOutside(path: string): boolean {
  return path.startsWith('..') || isAbsolute(path)
}

function outside(path: string, top: string, where: string): Problem {
  return {
    kind: 'usage',
    message: `${quote(join(top, path))} is not in the repository ${quote(top)}, so ${where} cannot have it.`,
    advice: 'Name files of the repository, by paths relative to the configuration.',
  }
}

function tooMuch(paths: readonly string[]): Problem {
  return {
    kind: 'unreadable',
    message: `${paths.map((path) => quote(path)).join(' and ')} holds more than ${mostFiles} files or ${mostBytes} bytes.`,
    advice: 'Name the folder that holds nothing but whitelists.',
  }
}
