import { lstat } from 'node:fs/promises'
import type { Baseline } from '../abi/baseline.ts'
import type { Read } from '../abi/problem.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { readText } from '../io/read-text.ts'
import { parseBaseline } from './parse-baseline.ts'

/** 4 MiB, so that parseBaseline is who refuses what is too long. */
const maxBytes = 4 * 1024 * 1024

/**
 * Reads the `baseline.yml` of a whitelist. A file that does not exist is no problem: the value is undefined.
 *
 * Problems, all without a value: those of `parseBaseline`; `unreadable`, also for a link that leads nowhere.
 */
export async function readBaseline(path: string): Promise<Read<Baseline | undefined>> {
  try {
    await lstat(path)
  } catch (error) {
    const absent = errorCode(error) === 'ENOENT'
    return { value: undefined, problems: absent ? [] : [fileProblem('unreadable', path, error)] }
  }
  const text = await readText(path, { maxBytes })
  if (text.problems.length > 0) return { value: undefined, problems: text.problems }
  return parseBaseline(text.value, path)
}
