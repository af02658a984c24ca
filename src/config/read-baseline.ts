import { lstat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Baseline, BaselineFile } from '../abi/baseline.ts'
import type { Read } from '../abi/problem.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { readText } from '../io/read-text.ts'
import { parseBaseline } from './parse-baseline.ts'
import type { WhitelistSource } from './plan.ts'

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

/**
 * Reads what is recorded about a whitelist: the `baseline.yml` in the folder of a file `kabi_whitelist`, as in
 * `whitelists/VARIANT/`. About files of other layouts nothing is recorded: they share a folder with those of other
 * variants, or take their checksums from elsewhere.
 */
export async function readBaselineOf(whitelist: WhitelistSource): Promise<Read<BaselineFile | undefined>> {
  const { path, checksums } = whitelist
  if (basename(path) !== 'kabi_whitelist' || checksums !== undefined)
    return { value: undefined, problems: [] }
  const file = join(dirname(path), 'baseline.yml')
  const { value: baseline, problems } = await readBaseline(file)
  return { value: baseline && { file, baseline }, problems }
}
