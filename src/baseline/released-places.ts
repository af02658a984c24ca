import { typePool } from '../abi/types/type-pool.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { findStoredTypes } from './find-stored-types.ts'
import { readStoredTypes } from './read-stored-types.ts'

/**
 * The object of the release that exports each symbol, `arch/x86/kernel/cpu/common.o`, from the types stored beside a
 * whitelist; empty without these. A kernel of today may have it elsewhere: it is a place to look first.
 */
export async function releasedPlaces(
  whitelist: Pick<Whitelist, 'file'>,
): Promise<ReadonlyMap<string, string>> {
  const stored = await findStoredTypes(whitelist.file)
  // To read those of a whole kernel takes longer than to look for a few symbols.
  if (!stored || (stored.complete && !stored.exact)) return new Map()
  const { value } = await readStoredTypes(whitelist.file, typePool())
  return new Map(
    (value?.objects ?? []).flatMap(({ object, exports }) =>
      exports.map((symbol) => [symbol, `${object}.o`] as const),
    ),
  )
}
