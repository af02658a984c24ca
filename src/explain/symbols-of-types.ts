import { typePool } from '../abi/types/type-pool.ts'
import type { TypedObject } from '../abi/types/kernel-types.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { readStoredTypes } from '../baseline/read-stored-types.ts'

/** Objects that are taken for a type where one may not do. */
const mostObjects = 3

/**
 * For each type, such as `s#device`, the protected symbols of the one object that has fewest types besides it: the least
 * work that tells whether the type is as it was. Types that are not stored beside the whitelist have none.
 */
export async function symbolsOfTypes(
  whitelist: Whitelist,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const objects = await objectsOfTypes(whitelist, types)
  return new Map([...objects].map(([type, [first = []]]) => [type, first]))
}

/** The same with a few objects for each type, that with fewest types first: should one lose its exports, the next tells. */
export async function objectsOfTypes(
  whitelist: Whitelist,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly (readonly string[])[]>> {
  const pool = typePool()
  const isProtected = new Set(whitelist.rows.map(({ symbol }) => symbol))
  const { value: stored } = await readStoredTypes(whitelist.file, pool, (symbol) => isProtected.has(symbol))
  // Structures, unions and enumerations share their numbers, as they share their names in C.
  const wanted = new Map(
    types
      .map((type) => [pool.nameNumber(type), type] as const)
      .filter(([name, type]) => pool.nameText(name) === type),
  )
  const having = new Map<string, TypedObject[]>()
  for (const one of stored?.objects ?? []) {
    for (const name of one.types.names) {
      const type = wanted.get(name)
      if (type === undefined) continue
      const known = having.get(type) ?? []
      known.push(one)
      having.set(type, known)
    }
  }
  return new Map(
    [...having].map(([type, objects]) => [
      type,
      objects
        .sort((a, b) => a.types.names.length - b.types.names.length)
        .slice(0, mostObjects)
        .map((one) => one.exports),
    ]),
  )
}
