import { typePool } from '../abi/types/type-pool.ts'
import { isError, type Read } from '../problem/problem.ts'
import { recompute, type Recomputed } from '../abi/types/recompute.ts'
import { selectTypes } from '../abi/types/select-types.ts'
import { readTypes } from './read-types.ts'

/** Types of which known checksums come out. */
interface TypesFor extends Omit<Recomputed, 'proven'> {
  /** In SUSE's consolidated form, those of the proven symbols alone. */
  readonly bytes: Uint8Array
  readonly proven: ReadonlySet<string>
}

/**
 * Selects the types behind some checksums. Where another checksum comes out, or none, they are left out and named.
 * The value is undefined when the types cannot be read; for the problems see `readTypes`.
 * @param path a file or folder, in any form
 */
export async function typesFor(
  path: string,
  checksums: ReadonlyMap<string, number>,
): Promise<Read<TypesFor | undefined>> {
  const pool = typePool()
  const { value: types, problems } = await readTypes(path, pool, (symbol) => checksums.has(symbol))
  if (problems.some(isError)) return { value: undefined, problems }
  const { proven, different, missing } = recompute(pool, types, checksums)
  const { value: bytes, problems: faults } = selectTypes(pool, proven)
  const all = [...problems, ...faults]
  if (faults.some(isError)) return { value: undefined, problems: all }
  return { value: { bytes, proven: new Set(proven.keys()), different, missing }, problems: all }
}
