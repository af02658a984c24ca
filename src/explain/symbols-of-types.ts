import { typePool } from '../abi/types/type-pool.ts'
import type { TypedObject } from '../abi/types/kernel-types.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'

/**
 * For each type, such as `s#device`, the protected symbols of the one object that has fewest types besides it: the least
 * work that tells whether the type is as it was. Types that are not stored beside the whitelist have none.
 */
export async function symbolsOfTypes(
  whitelist: Whitelist,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pool = typePool()
  const isProtected = new Set(whitelist.rows.map(({ symbol }) => symbol))
  const { value: stored } = await readStoredTypes(whitelist.file, pool, (symbol) => isProtected.has(symbol))
  const wanted = new Map(types.map((type) => [pool.nameNumber(type), type]))
  const best = new Map<string, TypedObject>()
  for (const one of stored?.objects ?? []) {
    const size = one.types.names.length
    for (const name of one.types.names) {
      const type = wanted.get(name)
      if (type !== undefined && size < (best.get(type)?.types.names.length ?? Infinity)) best.set(type, one)
    }
  }
  return new Map([...best].map(([type, { exports }]) => [type, exports]))
}
