import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from './file-problem.ts'

/**
 * Makes a folder and those above it that are missing. Unlike `mkdir` with `recursive`, which tries for ever there, it gives up where
 * no folder can be made, as in /proc.
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path))
      return makeLast(path)
    }
    if (!(await isFolder(path))) throw error
  }
}

async function makeLast(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    // Another process was faster.
    if (!(await isFolder(path))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
