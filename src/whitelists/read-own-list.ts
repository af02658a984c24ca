import { stat } from 'node:fs/promises'
import type { BaselineFile } from '../abi/baseline.ts'
import { notCanonical } from '../abi/canonical-form.ts'
import { checksumsMissing } from '../abi/join-checksums.ts'
import { parseWhitelist } from '../abi/parse-whitelist.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { readComments, type WhitelistComments } from '../abi/whitelist-comments.ts'
import { dialectTitles, type Whitelist } from '../abi/whitelist.ts'
import type { WhitelistLookup } from '../config/plan.ts'
import { readBaselineOf } from '../baseline/read-baseline.ts'
import { findWhitelist } from '../baseline/find-whitelist.ts'
import { readText } from '../io/read-text.ts'

/** A whitelist that can be written again with nothing lost. */
export interface OwnList {
  readonly path: string
  readonly whitelist: Whitelist
  readonly comments: WhitelistComments
  /** What is recorded about it. */
  readonly baseline: BaselineFile | undefined
}

/**
 * Reads the whitelist of a variant, which must be one file in canonical form.
 *
 * Problems, without a value: those of finding and reading it and its baseline; `not-canonical`, also for a list in
 * another dialect.
 */
export async function readOwnList(lookup: WhitelistLookup): Promise<Read<OwnList | undefined>> {
  const found =
    lookup.kind === 'files' ? { value: lookup.files, problems: [] } : await findWhitelist(lookup)
  if (!found.value) return { value: undefined, problems: found.problems }
  const { path, checksums } = found.value
  if (await isFolder(path)) return refused(foreignList(path, 'a folder with one file for each symbol'))
  if (checksums !== undefined) return refused(foreignList(path, 'a list of names with its checksums in another file'))
  const text = await readText(path)
  if (text.problems.length > 0) return { value: undefined, problems: text.problems }
  const { value: whitelist, problems } = parseWhitelist(text.value, path)
  if (problems.some(isError)) return { value: undefined, problems }
  const { dialect } = whitelist
  if (dialect !== 'canonical' && dialect !== 'symvers') return refused(foreignList(path, dialectTitles[dialect]))
  const fault = notCanonical(text.value, whitelist) ?? checksumsMissing(whitelist)
  if (fault) return { value: undefined, problems: [fault, ...problems] }
  const { value: baseline, problems: faults } = await readBaselineOf(found.value)
  if (faults.length > 0) return { value: undefined, problems: faults }
  const comments = readComments(text.value, whitelist.rows)
  return { value: { path, whitelist, comments, baseline }, problems }
}

function refused(problem: Problem): Read<undefined> {
  return { value: undefined, problems: [problem] }
}

function foreignList(file: string, what: string): Problem {
  return {
    kind: 'not-canonical',
    message: `This is ${what}.`,
    place: { file },
    advice: 'Convert it once with `kabi-gate whitelist import`; the new list can then be kept up to date.',
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
