import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '../io/file-problem.ts'

export interface BuildLog {
  readonly path: string
  /** Adds a line. @throws the system's error, such as ENOSPC. */
  readonly write: (line: string) => void
  readonly close: () => void
}

/**
 * Starts a log; the one before it gets the suffix `.1`. Writing is synchronous: output is then never produced faster
 * than it is stored, and nothing is lost when the process ends.
 * @throws the system's error when the file cannot be made.
 */
export function openBuildLog(path: string): BuildLog {
  mkdirSync(dirname(path), { recursive: true })
  try {
    renameSync(path, `${path}.1`)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const file = openSync(path, 'wx')
  return { path, write: (line) => writeAll(file, `${line}\n`), close: () => closeSync(file) }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}
