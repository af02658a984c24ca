import {
  comparePaths,
  compareRecordNames,
  equalBytes,
  isTypeName,
  joinBytes,
  unknownType,
  type SymtypesByObject,
} from './ksymtypes.ts'
import { parseSymtypes } from './parse-symtypes.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { space, textOf, type Symtypes } from './symtypes.ts'

/**
 * Puts `.symtypes` files into one, in the form that SUSE's `ksymtypes consolidate` writes (suse-kabi-tools(5)): a section
 * for each object, without the types whose definition is the last one that a section before gave. The same files give
 * the same bytes, in whatever order they come.
 *
 * The word `override` is dropped. An export is always written, even when another object defines it alike. For the
 * problems see `parseSymtypes`; their file is `<object>.symtypes`.
 */
export function formatKsymtypes(objects: SymtypesByObject): Read<Uint8Array> {
  const problems: Problem[] = []
  const pieces: Uint8Array[] = []
  const lastDefinitions = new Map<string, Uint8Array>()
  const encoder = new TextEncoder()
  const newline = encoder.encode('\n')
  for (const [object, bytes] of [...objects].sort(([a], [b]) => comparePaths(a, b))) {
    const dump = parseSymtypes(bytes, `${object}.symtypes`)
    problems.push(...dump.problems)
    if (pieces.length > 0) pieces.push(newline)
    pieces.push(encoder.encode(`/* ${object}.symtypes */\n`))
    for (const [name, record] of sortedRecords(dump.value)) {
      const last = lastDefinitions.get(name)
      if (isUnknown(name, record)) pieces.push(encoder.encode(`${name.replace('#', '##')}\n`))
      else if (!isTypeName(name) || !last || !equalBytes(last, record)) {
        pieces.push(record, newline)
        lastDefinitions.set(name, record)
      }
    }
  }
  return { value: joinBytes(pieces), problems }
}

/** Names with their prefixes, and records without the space at their end. */
function sortedRecords({ bytes, count, start, nameEnd, end }: Symtypes): readonly [string, Uint8Array][] {
  const records: [string, Uint8Array][] = []
  for (let record = 0; record < count; record++) {
    const from = start[record] ?? 0
    const to = end[record] ?? 0
    const name = textOf(bytes, from, nameEnd[record] ?? 0)
    records.push([name, bytes.subarray(from, bytes[to - 1] === space ? to - 1 : to)])
  }
  return records.sort(([a], [b]) => compareRecordNames(a, b))
}

function isUnknown(name: string, record: Uint8Array): boolean {
  const unknown = unknownType(name)
  return unknown?.length === record.length && textOf(record, 0, record.length) === unknown
}
