import type { SymtypesByObject } from '../abi/ksymtypes.ts'
import { parseKsymtypes } from '../abi/parse-ksymtypes.ts'
import { isError, type Read } from '../problem/problem.ts'
import { findStoredTypes } from './find-stored-types.ts'
import { readBytes } from '../io/read-bytes.ts'

/**
 * Reads the type definitions that are stored beside a whitelist, by the object of the release that they come from.
 * @param list the path of the whitelist
 * @returns undefined when there are none, and with problems when they cannot be read.
 */
export async function readStoredTypes(list: string): Promise<Read<SymtypesByObject | undefined>> {
  const types = await findStoredTypes(list)
  if (!types) return { value: undefined, problems: [] }
  const { value: bytes, problems } = await readBytes(types.file)
  const parsed = problems.length > 0 ? { value: undefined, problems } : parseKsymtypes(bytes, types.file)
  return parsed.problems.some(isError) ? { value: undefined, problems: parsed.problems } : parsed
}
