import { isExport, partOf, partSize, recordName, type Symtypes } from './symtypes.ts'

/** What genksyms writes as the name of a type: an identifier of C. */
const nameOfC = /^[\w$.]+$/

/**
 * The exports whose expansion comes by a type with a name that C does not have, such as `s#'core::option::Option<u32, u8>'`.
 * Genksyms did not write these, so that no checksum of its kind belongs to them.
 */
export function exportsWithForeignNames(symtypes: Symtypes): ReadonlySet<string> {
  const { count, partsStart, partsEnd, parts } = symtypes
  const all = Array.from({ length: count }, (_, record) => record)
  const foreign = all.filter(
    (record) => !isExport(symtypes, record) && !nameOfC.test(recordName(symtypes, record)),
  )
  if (foreign.length === 0) return new Set()
  const usedBy = new Map<number, number[]>()
  for (const record of all) {
    const end = partsEnd[record] ?? 0
    for (let part = (partsStart[record] ?? -1) + partSize; part < end; part += partSize) {
      const used = parts[part + partOf.record] ?? 0
      const users = usedBy.get(used)
      if (users) users.push(record)
      else usedBy.set(used, [record])
    }
  }
  const reached = new Set(foreign)
  for (const record of reached) for (const user of usedBy.get(record) ?? []) reached.add(user)
  const exports = [...reached].filter((record) => isExport(symtypes, record))
  return new Set(exports.map((record) => recordName(symtypes, record)))
}
