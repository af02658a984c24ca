import { parseSymtypes } from './parse-symtypes.ts'
import type { Read } from '../problem/problem.ts'
import { isExport, partOf, partSize, recordName, type Symtypes } from './symtypes.ts'

/**
 * Of a `.symtypes` file the records that the given exports reach, their own included: the same lines in the same order.
 * What `symtypesChecksums` says of these exports stays the same. Symbols that the file does not export are ignored.
 * @param file the name to use in messages; for the problems see `parseSymtypes`
 */
export function selectSymtypes(
  bytes: Uint8Array,
  file: string,
  exports: ReadonlySet<string>,
): Read<Uint8Array> {
  const { value: symtypes, problems } = parseSymtypes(bytes, file)
  const kept = reachedFrom(symtypes, exports)
  const selected = new Uint8Array(kept.reduce((size, record) => size + lineOf(symtypes, record).length, 0))
  let at = 0
  for (const record of kept) {
    const line = lineOf(symtypes, record)
    selected.set(line, at)
    at += line.length
  }
  return { value: selected, problems }
}

/** The records that can be reached, in file order. */
function reachedFrom(symtypes: Symtypes, exports: ReadonlySet<string>): readonly number[] {
  const { count, partsStart, partsEnd, parts } = symtypes
  const all = Array.from({ length: count }, (_, record) => record)
  const todo = all.filter((record) => isExport(symtypes, record) && exports.has(recordName(symtypes, record)))
  const reached = new Set(todo)
  for (let record = todo.pop(); record !== undefined; record = todo.pop()) {
    const first = (partsStart[record] ?? -1) + partSize
    const end = partsEnd[record] ?? 0
    for (let part = first; part < end; part += partSize) {
      const next = parts[part + partOf.record] ?? 0
      if (reached.has(next)) continue
      reached.add(next)
      todo.push(next)
    }
  }
  return all.filter((record) => reached.has(record))
}

function lineOf({ bytes, start, end }: Symtypes, record: number): Uint8Array {
  return bytes.subarray(start[record] ?? 0, (end[record] ?? 0) + 1)
}
