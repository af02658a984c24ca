import { selectSymtypes } from '../../abi/select-symtypes.ts'
import { isError } from '../../problem/problem.ts'

/**
 * The types that exports reach, by the `.symtypes` text of their object: structures, unions, enumerations and typedefs by their names
 * there, without those of which genksyms saw no body.
 */
export function reachedTypes(
  bytes: Uint8Array,
  file: string,
  exports: ReadonlySet<string>,
): ReadonlySet<string> {
  const { value, problems } = selectSymtypes(bytes, file, exports)
  if (problems.some(isError)) return new Set()
  const names = new TextDecoder()
    .decode(value)
    .split('\n')
    .flatMap((line) => {
      const [, name] = /^([sute]#\S+) /.exec(line) ?? []
      return name === undefined || line.includes('{ UNKNOWN }') ? [] : [name]
    })
  return new Set(names)
}
