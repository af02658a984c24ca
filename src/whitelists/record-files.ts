import { formatBaseline } from '../abi/format-baseline.ts'
import { isError, type Problem } from '../problem/problem.ts'
import { readBytes } from '../io/read-bytes.ts'
import { mayExist, whitelistFiles } from '../baseline/whitelist-files.ts'
import { writeFileSafely } from '../io/write-file.ts'
import { inspectWhitelist } from '../baseline/inspect-whitelist.ts'
import { listRecords } from '../baseline/list-records.ts'

/**
 * Brings a `baseline.yml` of format version 1 up to version 2: it records the list and the types beside it as they are, which must
 * agree. What it says of the build stays.
 *
 * Problems, and nothing is written: those of `inspectWhitelist`; `baseline` when there is none; `unwritable`.
 * @param path the list
 */
export async function recordFiles(path: string): Promise<readonly Problem[]> {
  const { value, problems } = await inspectWhitelist({ path }, undefined)
  if (problems.some(isError)) return problems
  const { whitelist, baseline } = value
  const files = whitelistFiles(path)
  if (!baseline) return [{ kind: 'baseline', message: 'there is none to complete', place: { file: files.baseline } }]
  const [types, layouts] = await Promise.all([files.types, files.layouts].map(contentOf))
  const records = listRecords(whitelist.rows, types, baseline.baseline.records?.untyped, layouts)
  const problem = await writeFileSafely(baseline.file, formatBaseline({ ...baseline.baseline, records }))
  return problem ? [problem] : []
}

/** What a file beside the list holds, unpacked; it was read before. */
async function contentOf(file: string): Promise<Uint8Array | undefined> {
  return (await mayExist(file)) ? (await readBytes(file)).value : undefined
}
