import { join } from 'node:path'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { checksumsMissing } from '../abi/join-checksums.ts'
import { isError, type Problem, type Read } from '../abi/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { readJoined } from '../io/read-whitelist.ts'
import { createWhitelistFiles, type WhitelistContent } from '../io/whitelist-files.ts'
import { chooseWhitelists, type Choice } from './choose-whitelists.ts'

export interface ImportRequest extends Choice {
  /** The folder that gets a folder for each variant. */
  readonly to: string
}

/** A whitelist that was read and written again in canonical form. */
export interface ImportedWhitelist {
  readonly variant: string
  readonly path: string
  readonly source: WhitelistSource
  readonly whitelist: Whitelist
}

export interface Import {
  readonly imported: readonly ImportedWhitelist[]
  /** Names in the folder that are no variant's whitelist. */
  readonly leftAlone: readonly string[]
}

/**
 * Reads the whitelists of a distribution and writes each as `VARIANT/kabi_whitelist` in canonical form: the same symbols
 * with the same columns in the same sections. Names are joined with the checksums that stand beside them; a list for
 * which there are none stays a list of names. Nothing is overwritten, and nothing is written when one variant fails.
 */
export async function importWhitelists(request: ImportRequest): Promise<Read<Import>> {
  const chosen = await chooseWhitelists(request)
  const problems: Problem[] = [...chosen.problems]
  const imported: ImportedWhitelist[] = []
  for (const { variant, source } of chosen.value.whitelists) {
    const { value: whitelist, problems: read } = await readJoined(source)
    const found = read.some(isError) ? read : [...read, ...partlyUnversioned(whitelist)]
    problems.push(...found.map((problem) => ({ ...problem, variant })))
    imported.push({ variant, path: join(request.to, variant, 'kabi_whitelist'), source, whitelist })
  }
  if (problems.some(isError)) return { value: nothing, problems }
  const failed = await createWhitelistFiles(new Map(imported.map(({ path, whitelist }) => [path, listOnly(whitelist)])))
  if (failed) return { value: nothing, problems: [...problems, failed] }
  return { value: { imported, leftAlone: chosen.value.others }, problems }
}

const nothing: Import = { imported: [], leftAlone: [] }

/** Nothing tells how an imported list came about. */
function listOnly(whitelist: Whitelist): WhitelistContent {
  return { list: formatWhitelist(whitelist), types: undefined, baseline: undefined }
}

/** A list without any checksum is a list of names; in one that has some, each row needs one. */
function partlyUnversioned(whitelist: Whitelist): readonly Problem[] {
  if (whitelist.rows.every(({ crc }) => crc === undefined)) return []
  const missing = checksumsMissing(whitelist)
  return missing ? [missing] : []
}
