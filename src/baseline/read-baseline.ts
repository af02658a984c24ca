import { lstat } from 'node:fs/promises'
import type { Baseline, BaselineFile } from '../abi/baseline.ts'
import type { Read } from '../problem/problem.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { readText } from '../io/read-text.ts'
import { whitelistFiles } from './whitelist-files.ts'
import type { WhitelistSource } from '../config/plan.ts'

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
  // With the schema, which lists without a baseline.yml need not wait for.
  const { parseBaseline } = await import('./parse-baseline.ts')
  return parseBaseline(text.value, path)
}

/**
 * Reads what is recorded about a whitelist, in the file that `whitelistFiles` names. About a list that takes its
 * checksums from elsewhere nothing is recorded.
 */
export async function readBaselineOf(whitelist: WhitelistSource): Promise<Read<BaselineFile | undefined>> {
  const { path, checksums } = whitelist
  if (checksums !== undefined) return { value: undefined, problems: [] }
  const file = whitelistFiles(path).baseline
  const { value: baseline, problems } = await readBaseline(file)
  return { value: baseline && { file, baseline }, problems }
}
