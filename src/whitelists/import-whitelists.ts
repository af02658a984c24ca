import { join } from 'node:path'
import { emptyWhitelist } from '../abi/empty-whitelist.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { checksumsMissing } from '../abi/join-checksums.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import type { NamedWhitelist } from '../baseline/find-whitelists.ts'
import { readJoined } from '../baseline/read-whitelist.ts'
import { createWhitelistFiles, type WhitelistContent } from '../baseline/whitelist-files.ts'
import { withoutLinks } from '../io/without-links.ts'
import { chooseWhitelists, type Choice } from './choose-whitelists.ts'

export interface ImportRequest extends Choice {
  /** The folder that gets a folder for each variant. */
  readonly to: string
  /** Leave out names for which the list of checksums has none, instead of refusing them. */
  readonly allowAbsent: boolean
}

/** A whitelist that was read and written again in canonical form. */
export interface ImportedWhitelist {
  readonly variant: string
  readonly path: string
  readonly source: WhitelistSource
  readonly whitelist: Whitelist
  /** Symbols without a checksum that were left out, as was asked for. */
  readonly leftOut: readonly string[]
}

export interface Import {
  readonly imported: readonly ImportedWhitelist[]
  /** Variants whose list is there and empty, beside others that are not. */
  readonly empty: readonly NamedWhitelist[]
  /** Variants none of whose names has a checksum beside it, where such names are left out; beside others. */
  readonly unjoined: readonly (NamedWhitelist & { readonly leftOut: readonly string[] })[]
  /** Variants whose list is a link to another's. */
  readonly linked: readonly { readonly link: NamedWhitelist; readonly kept: NamedWhitelist }[]
  /** Names in the folder that are no variant's whitelist. */
  readonly leftAlone: readonly string[]
}

/**
 * Reads the whitelists of a distribution and writes each as `VARIANT/kabi_whitelist` in canonical form: the same symbols
 * with the same columns in the same sections. Names are joined with the checksums that stand beside them; a list for
 * which there are none stays a list of names. An empty list beside others promises nothing, and a link to a list that is imported is that list once
 * more: both are only named, unless the variant was asked for. Nothing is overwritten,
 * and nothing is written when one variant fails.
 */
export async function importWhitelists(request: ImportRequest): Promise<Read<Import>> {
  const chosen = await chooseWhitelists(request)
  const problems: Problem[] = [...chosen.problems]
  const imported: ImportedWhitelist[] = []
  const empty: NamedWhitelist[] = []
  const unjoined: Import['unjoined'][number][] = []
  const asked = request.variants.length > 0
  const { kept: lists, left: linked } = asked
    ? { kept: chosen.value.whitelists, left: [] }
    : await withoutLinks(chosen.value.whitelists, ({ source }) => source.path)
  for (const { variant, source } of lists) {
    const { value: whitelist, problems: read, leftOut } = await readList(source, request.allowAbsent)
    if (isEmpty(source, read) && lists.length > 1) {
      empty.push({ variant, source })
      continue
    }
    if (whitelist.rows.length === 0 && leftOut.length > 0 && lists.length > 1) {
      unjoined.push({ variant, source, leftOut })
      continue
    }
    const found = read.some(isError) ? read : [...read, ...partlyUnversioned(whitelist)]
    problems.push(...found.map((problem) => ({ ...problem, variant })))
    imported.push({ variant, path: join(request.to, variant, 'kabi_whitelist'), source, whitelist, leftOut })
  }
  const [first] = [...empty, ...unjoined]
  if (first && imported.length === 0)
    problems.push(emptyWhitelist(first.source.path, 'None of the lists has a row to import.'))
  if (problems.some(isError)) return { value: nothing, problems }
  const failed = await createWhitelistFiles(new Map(imported.map(({ path, whitelist }) => [path, listOnly(whitelist)])))
  if (failed) return { value: nothing, problems: [...problems, failed] }
  return { value: { imported, empty, unjoined, linked, leftAlone: chosen.value.others }, problems }
}

const nothing: Import = { imported: [], empty: [], unjoined: [], linked: [], leftAlone: [] }

/** True for a file without a row that no list of checksums stands beside. */
function isEmpty({ path, checksums }: WhitelistSource, problems: readonly Problem[]): boolean {
  return checksums === undefined && problems.some(({ kind, place }) => kind === 'empty-whitelist' && place?.file === path)
}

async function readList(
  source: WhitelistSource,
  allowAbsent: boolean,
): Promise<Read<Whitelist> & { readonly leftOut: readonly string[] }> {
  const { value, problems } = await readJoined(source)
  const rows = value.rows.filter(({ crc }) => crc !== undefined)
  // Without a list of checksums it stays a list of names.
  const joined = source.checksums !== undefined || rows.length > 0
  if (!allowAbsent || !joined || problems.some((one) => isError(one) && one.kind !== 'no-checksum'))
    return { value, problems, leftOut: [] }
  const absent = value.rows.filter(({ crc }) => crc === undefined).map(({ symbol }) => symbol)
  const nothing = rows.length === 0 ? [emptyWhitelist(source.path, 'None of its names has a checksum beside it.')] : []
  return {
    value: { ...value, rows },
    problems: [...problems.filter(({ kind }) => kind !== 'no-checksum'), ...nothing],
    leftOut: [...new Set(absent)],
  }
}

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
