import { basename, dirname, join } from 'node:path'
import type { StoredTypes } from '../abi/check-types.ts'
import { mayExist, whitelistFiles } from './whitelist-files.ts'

type FoundTypes = Omit<StoredTypes, 'bytes' | 'untyped'>

/**
 * Finds the type definitions that are stored beside a whitelist: its own; beside SUSE's `symvers-FLAVOUR` those of the
 * whole kernel; beside Oracle's `Module.kabi_*` or its list of names `Symtypes.kabi_*`. Undefined when there are none.
 */
export async function findStoredTypes(path: string): Promise<FoundTypes | undefined> {
  for (const place of typesPlaces(path)) if (await mayExist(place.file)) return place
  return undefined
}

/** Where types may stand beside a whitelist; the first that is there counts. */
export function typesPlaces(path: string): readonly FoundTypes[] {
  const { types } = whitelistFiles(path)
  const name = basename(path).replace(/\.(?:gz|xz|zst)$/, '')
  const [, flavour] = /^symvers-(.+)$/.exec(name) ?? []
  const kabi = /^(?:Module\.kabi|kabi_(?:whitelist|stablelist|lockedlist)(?=_))(|_.+)$/.exec(name)?.[1]
  const packed = (file: string): readonly string[] =>
    ['', '.gz', '.xz', '.zst'].map((suffix) => join(dirname(path), file + suffix))
  return [
    { file: types, exact: true, complete: true },
    ...(flavour === undefined ? [] : packed(`symtypes-${flavour}`)).map((file) => ({
      file,
      exact: false,
      complete: true,
    })),
    ...(kabi === undefined ? [] : packed(`Symtypes.kabi${kabi}`)).map((file) => ({
      file,
      exact: false,
      complete: false,
    })),
  ]
}
