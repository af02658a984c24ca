import { basename, dirname, join } from 'node:path'
import type { StoredTypes } from '../abi/check-types.ts'
import { mayExist, whitelistFiles } from './whitelist-files.ts'

/**
 * Finds the type definitions that are stored beside a whitelist: beside SUSE's `symvers-FLAVOUR` those of the whole kernel,
 * beside any other list those of its symbols. Undefined when there are none.
 */
export async function findStoredTypes(path: string): Promise<Omit<StoredTypes, 'bytes'> | undefined> {
  const { types } = whitelistFiles(path)
  if (await mayExist(types)) return { file: types, exact: true }
  const flavour = flavourOf(path)
  if (flavour === undefined) return undefined
  for (const suffix of ['', '.gz', '.xz', '.zst']) {
    const file = join(dirname(path), `symtypes-${flavour}${suffix}`)
    if (await mayExist(file)) return { file, exact: false }
  }
  return undefined
}

/** The flavour of a list that SUSE keeps, packed or not. */
function flavourOf(path: string): string | undefined {
  return /^symvers-(.+?)(?:\.(?:gz|xz|zst))?$/.exec(basename(path))?.[1]
}
