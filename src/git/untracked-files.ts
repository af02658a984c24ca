import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PatchedFile } from '../abi/patch.ts'
import type { Read } from '../problem/problem.ts'
import { textLines } from '../abi/text-lines.ts'
import { unquotePath } from '../abi/unquote-path.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { runGit, type GitSession } from './run-git.ts'

/** What a compiler reads and genksyms' reference files; a build in the tree may leave thousands of other files. */
const isRead = /\.(?:c|h|S|s|inc|def|tbl|lds|symref)$/

/** A longer file was not written by a person. */
const longest = 4 * 1024 * 1024

/** New files that git does not know yet and is not told to ignore: each as one addition. Problems: those of `runGit`. */
export async function untrackedFiles(git: GitSession): Promise<Read<readonly PatchedFile[]>> {
  const listed = await runGit(git, ['ls-files', '--others', '--exclude-standard'])
  const files: PatchedFile[] = []
  for (const name of listed.value) {
    const file = unquotePath(name) ?? ''
    if (!isRead.test(file)) continue
    const path = join(git.cwd, file)
    try {
      const stat = await lstat(path)
      if (!stat.isFile() || stat.size === 0 || stat.size > longest) continue
      const lines = textLines(await readFile(path, 'utf8'))
      const added = lines.at(-1) === '' ? lines.slice(0, -1) : lines
      files.push({ file, edits: [{ line: 1, removed: [], added }] })
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        return { value: [], problems: [...listed.problems, fileProblem('unreadable', path, error)] }
      }
    }
  }
  return { value: files, problems: listed.problems }
}
