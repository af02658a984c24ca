import type { ObjectRecord } from '../abi/evidence.ts'
import { formatKsymtypes } from '../abi/format-ksymtypes.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { selectSymtypes } from '../abi/select-symtypes.ts'
import { readBytes } from '../io/read-bytes.ts'

/**
 * Puts the type definitions behind some symbols into one text, in SUSE's consolidated form. The same symbols and
 * definitions give the same bytes. The value is undefined when an object has no dump of its types.
 *
 * Problems: those of reading the objects' files, and of `parseSymtypes`.
 * @param objects by their path in the tree, with suffix
 */
export async function readProtectedTypes(
  objects: ReadonlyMap<string, ObjectRecord>,
  symbols: ReadonlySet<string>,
): Promise<Read<Uint8Array | undefined>> {
  const selected = new Map<string, Uint8Array>()
  const problems: Problem[] = []
  for (const [object, { exports, types }] of objects) {
    const wanted = new Set(exports.filter((symbol) => symbols.has(symbol)))
    if (wanted.size === 0) continue
    if (types === undefined) return { value: undefined, problems: [] }
    const dump = await readBytes(types)
    problems.push(...dump.problems)
    if (dump.problems.length > 0) continue
    const { value, problems: faults } = selectSymtypes(dump.value, types, wanted)
    problems.push(...faults)
    selected.set(object.replace(/\.o$/, ''), value)
  }
  if (problems.some(isError)) return { value: undefined, problems }
  const { value } = formatKsymtypes(selected)
  return { value, problems }
}
