import type { TypePool } from '../abi/types/type-pool.ts'
import { isError, type Read } from '../problem/problem.ts'
import type { IsWanted, KernelTypes } from '../abi/types/kernel-types.ts'
import { readTypes } from './read-types.ts'
import { findStoredTypes } from './find-stored-types.ts'

/**
 * Reads the type definitions that are stored beside a whitelist into a pool.
 * @param list the path of the whitelist
 * @returns undefined when there are none, and with problems when they cannot be read.
 */
export async function readStoredTypes(
  list: string,
  pool: TypePool,
  isWanted: IsWanted = () => true,
): Promise<Read<KernelTypes | undefined>> {
  const types = await findStoredTypes(list)
  if (!types) return { value: undefined, problems: [] }
  const read = await readTypes(types.file, pool, isWanted)
  return read.problems.some(isError) ? { value: undefined, problems: read.problems } : read
}
