import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checksumsMissing } from '../abi/join-checksums.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { readRows } from './read-whitelist.ts'

/** A folder of whitelists, and whose whitelist to look for in it. */
interface WhitelistSearch {
  readonly folder: string
  readonly variant: string
  /** As in ARCH= of the kernel's Makefile, or the name that the distribution's folders have. */
  readonly arch: string
}

interface Place {
  /** Path inside the folder. */
  readonly path: string
  readonly kind: 'file' | 'folder'
  /** Where checksums stand when the file holds names only; a path inside the folder. */
  readonly checksums?: string
}

/**
 * Looks for the whitelist of a variant under the names that distributions use (docs/formats.md), and for the checksums
 * beside a list that holds only names. The first place that has something wins.
 *
 * Problems, with an undefined value: `no-whitelist`, which lists every place tried; `unreadable` for a place that
 * could not be looked at.
 */
export async function findWhitelist(search: WhitelistSearch): Promise<Read<WhitelistSource | undefined>> {
  const { folder } = search
  const places = placesOf(search)
  let found = folder
  try {
    for (const { path, kind, checksums } of places) {
      found = join(folder, path)
      if ((await kindOf(found)) !== kind) continue
      const beside = checksums === undefined ? undefined : join(folder, checksums)
      return { value: await withChecksums(found, beside), problems: [] }
    }
    found = folder
    return { value: undefined, problems: [noWhitelist(search, places, (await kindOf(folder)) === 'folder')] }
  } catch (error) {
    return { value: undefined, problems: [fileProblem('unreadable', found, error)] }
  }
}

function placesOf({ variant, arch }: WhitelistSearch): readonly Place[] {
  const checksums = `Module.kabi_${variant}`
  return [
    { path: `${variant}/kabi_whitelist`, kind: 'file' },
    { path: `${variant}/kabi_stablelist`, kind: 'file' },
    { path: `kabi_whitelist_${variant}`, kind: 'file', checksums },
    { path: `kabi_stablelist_${variant}`, kind: 'file', checksums },
    { path: `kabi_lockedlist_${variant}`, kind: 'file', checksums },
    { path: checksums, kind: 'file' },
    { path: `kabi-module/kabi_${variant}`, kind: 'folder' },
    { path: `kabi_${variant}`, kind: 'folder' },
    { path: `${arch}/symvers-${variant}`, kind: 'file' },
    { path: variant, kind: 'file' },
  ]
}

/**
 * Says where the checksums of a list stand.
 * @param checksums used only when it exists and the list has no checksums of its own
 */
export async function withChecksums(path: string, checksums: string | undefined): Promise<WhitelistSource> {
  if (checksums === undefined || (await kindOf(checksums)) !== 'file') return { path }
  const { value } = await readRows(path)
  return checksumsMissing(value) ? { path, checksums } : { path }
}

async function kindOf(path: string): Promise<Place['kind'] | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function noWhitelist(
  { folder, variant }: WhitelistSearch,
  places: readonly Place[],
  exists: boolean,
): Problem {
  const where = exists ? quote(folder) : `${quote(folder)}, which is not a folder`
  return {
    kind: 'no-whitelist',
    message: `No whitelist for variant ${quote(variant)} in ${where}.`,
    place: { file: folder },
    excerpt: places.map(({ path, kind }) => 'tried ' + join(folder, path) + (kind === 'folder' ? '/' : '')),
  }
}
