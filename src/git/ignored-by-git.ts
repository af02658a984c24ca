import { dirname, relative } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { unquotePath } from '../abi/unquote-path.ts'
import { runGit, type GitSession } from './run-git.ts'

/** Paths that the note shows. */
const mostShown = 5

/** Folders that the advice names one by one. */
const mostFolders = 3

/**
 * The note on files that `git add` would silently leave out, because a rule of `.gitignore` names them: the kernel's own ignores
 * `*.gz` and names with a dot in front. A file that git has already is none of them, and outside of a checkout there are none.
 * @param paths absolute; they need not exist
 * @param session its folder is the tree
 */
export async function ignoredByGit(
  paths: readonly string[],
  session: GitSession,
): Promise<Problem | undefined> {
  const inside = paths
    .map((path) => relative(session.cwd, path))
    .filter((path) => !/^\.\.(?:\/|$)/.test(path))
  if (inside.length === 0) return undefined
  // Without a match it ends with 1, in a folder that is no checkout with 128: then there is nothing to say.
  const { value: lines } = await runGit(session, ['check-ignore', '--', ...inside])
  const found = new Set(lines.map((line) => unquotePath(line) ?? line))
  const ignored = inside.filter((path) => found.has(path))
  if (ignored.length === 0) return undefined
  const rest = ignored.length - mostShown
  return {
    kind: 'ignored-by-git',
    message: `A commit would be without ${ignored.length === 1 ? 'this file' : `these ${ignored.length} files`}: .gitignore names ${ignored.length === 1 ? 'it' : 'them'}.`,
    excerpt: [...ignored.slice(0, mostShown), ...(rest > 0 ? [`… and ${rest} more`] : [])],
    advice: `Add ${ignored.length === 1 ? 'it' : 'them'} with \`git add -f ${wordsFor(ignored)}\`, or write an exception into .gitignore.`,
  }
}

/** The files, or the folders that hold so many of them. */
function wordsFor(files: readonly string[]): string {
  if (files.length <= mostFolders) return words(files)
  const folders = [...new Set(files.map((file) => dirname(file)))]
  return words(
    folders.length <= mostFolders ? folders : [...new Set(folders.map((folder) => dirname(folder)))],
  )
}

/** As a shell reads them. */
function words(paths: readonly string[]): string {
  return paths
    .map((path) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`))
    .join(' ')
}
