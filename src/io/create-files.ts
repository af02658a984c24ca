import { rm } from 'node:fs/promises'
import type { Problem } from '../abi/problem.ts'
import { createFile } from './write-file.ts'

/**
 * Writes text files that must not exist yet, all or none: when one fails, those before it are removed again.
 * @returns the problem of the one that failed
 */
export async function createFiles(
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<Problem | undefined> {
  const written: string[] = []
  for (const { path, text } of files) {
    const problem = await createFile(path, text)
    if (!problem) {
      written.push(path)
      continue
    }
    // What cannot be removed either is in the folder that the problem names.
    await Promise.allSettled(written.map((path) => rm(path)))
    return problem
  }
  return undefined
}
