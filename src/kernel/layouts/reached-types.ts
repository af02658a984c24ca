import { completeTypes } from '../../abi/complete-types.ts'
import { selectSymtypes } from '../../abi/select-symtypes.ts'
import type { Read } from '../../problem/problem.ts'

/**
 * The types that exports reach, by the `.symtypes` text of their object: structures, unions, enumerations and typedefs by their names
 * there, without those of which genksyms saw no body. Problems: those of `parseSymtypes`.
 */
export function reachedTypes(
  bytes: Uint8Array,
  file: string,
  exports: ReadonlySet<string>,
): Read<ReadonlySet<string>> {
  const { value, problems } = selectSymtypes(bytes, file, exports)
  return { value: completeTypes(value), problems }
}
