import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { fileProblem } from './file-problem.ts'

/**
 * Reads a file that somebody else may have made: no symbolic link, pipe or device, and nothing above a size. What it is was
 * looked at before it is opened, and again of what was opened.
 *
 * Problems, with no bytes: `unreadable`, `bad-evidence`.
 */
export async function readPlainFile(path: string, maxBytes: number): Promise<Read<Uint8Array>> {
  try {
    if (!(await lstat(path)).isFile()) return refused(path, notPlain)
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) return refused(path, notPlain)
      if (stat.size > maxBytes)
        return refused(path, `has ${stat.size} bytes, more than the ${maxBytes} allowed`)
      return { value: await handle.readFile(), problems: [] }
    } finally {
      await handle.close()
    }
  } catch (error) {
    return { value: new Uint8Array(), problems: [fileProblem('unreadable', path, error)] }
  }
}

/** Worded to follow the name of the file. */
export const notPlain = 'is no regular file but a link, a folder, a pipe or a device'

function refused(path: string, what: string): Read<Uint8Array> {
  return { value: new Uint8Array(), problems: [badFile(path, what)] }
}

/** @param what continues the sentence that starts with the path */
export function badFile(path: string, what: string): Problem {
  return { kind: 'bad-evidence', message: `${quote(path)} ${what}.`, place: { file: path } }
}
