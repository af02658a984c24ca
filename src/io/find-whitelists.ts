import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Problem, Read } from '../abi/problem.ts'
import { fileProblem } from './file-problem.ts'

/** A whitelist that stands somewhere. */
export interface FoundWhitelist {
  /** A file, or a folder with a file for each symbol. */
  readonly path: string
  /** The name of the folder of a `kabi_whitelist`. */
  readonly variant: string | undefined
}

/** Folders that are looked into below the one named: `whitelists/debian-12/amd64`, `kabi/x86_64`. */
const deepest = 3

/**
 * Finds the whitelists that a path means: the file itself; of a folder every `kabi_whitelist` and every `symvers-FLAVOUR`
 * in it and the folders below; a folder that has neither, nor folders, is itself a list with a file for each symbol.
 *
 * Problems: `unreadable`; `no-whitelist` for a folder without any.
 */
export async function findWhitelists(path: string): Promise<Read<readonly FoundWhitelist[]>> {
  try {
    if (!(await stat(path)).isDirectory()) {
      return { value: [{ path, variant: variantOf(path) }], problems: [] }
    }
    const found = await listsIn(path, deepest)
    if (found.length > 0) return { value: found, problems: [] }
    const entries = await readdir(path, { withFileTypes: true })
    if (entries.length > 0 && entries.every((entry) => entry.isFile())) {
      return { value: [{ path, variant: undefined }], problems: [] }
    }
    return { value: [], problems: [nothingIn(path)] }
  } catch (error) {
    return { value: [], problems: [fileProblem('unreadable', path, error)] }
  }
}

async function listsIn(folder: string, depth: number): Promise<readonly FoundWhitelist[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found: FoundWhitelist[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(depth > 0 ? await listsIn(path, depth - 1) : []))
    else if (variantOf(path) !== undefined || flavourOf(path) !== undefined) {
      found.push({ path, variant: variantOf(path) })
    }
  }
  return found
}

function variantOf(path: string): string | undefined {
  return basename(path) === 'kabi_whitelist' ? basename(dirname(path)) : undefined
}

/** The flavour of a list that SUSE keeps, `default` for `symvers-default`, packed or not. */
export function flavourOf(path: string): string | undefined {
  return /^symvers-(.+?)(?:\.(?:gz|xz|zst))?$/.exec(basename(path))?.[1]
}

function nothingIn(file: string): Problem {
  return {
    kind: 'no-whitelist',
    message: 'There is no kabi_whitelist and no symvers-FLAVOUR in this folder or below.',
    place: { file },
    advice: 'Name the file of the whitelist, or the folder that holds one folder a variant.',
  }
}
