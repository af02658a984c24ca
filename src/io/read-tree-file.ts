import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'

/** Far more than any source file of a kernel has. */
const mostBytes = 64 * 1024 * 1024

/** The text of such a file, a character a byte; undefined for what cannot be read. */
export function readTreeText(path: string): string | undefined {
  try {
    return readTreeFile(path).toString('latin1')
  } catch {
    return undefined
  }
}

/**
 * Reads a file of a kernel tree, where a patch may have put a link in its place: a device, a pipe or a folder is not opened, and
 * no more is read than the file says that it has, which is nothing for those in `/proc`.
 * @throws Error for what is no regular file, is too large or cannot be read
 */
export function readTreeFile(path: string): Buffer {
  if (!statSync(path).isFile()) throw new Error(`${path} is no regular file`)
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new Error(`${path} is no regular file`)
    if (stat.size > mostBytes) throw new Error(`${path} has more than ${mostBytes} bytes`)
    const bytes = Buffer.alloc(stat.size)
    let length = 0
    while (length < bytes.length) {
      const count = readSync(file, bytes, length, bytes.length - length, length)
      if (count === 0) break
      length += count
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}
