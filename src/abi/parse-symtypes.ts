import { foreignContent } from './foreign-content.ts'
import { problemList } from '../problem/problem-list.ts'
import type { Read } from '../problem/problem.ts'
import { definitionReader } from './symtypes-definitions.ts'
import { symtypesFault, type BadText, type TypesFile } from './symtypes-fault.ts'
import { symtypesLines } from './symtypes-lines.ts'
import { startsWith, symtypesPrefixes, textOf, type Symtypes } from './symtypes.ts'

/** A flag that genksyms keeps with a record; it is no part of the definition. */
const extern = new TextEncoder().encode('extern ')

/** How the definition of an export begins when gendwarfksyms wrote it. */
const dwarfWord = /^(subprogram|variable)\b/

/**
 * Reads a `.symtypes` file: one record a line, a name and the tokens of its definition, one space between them. Every
 * line must be understood, and every type referred to must have a record, as in all that genksyms writes.
 *
 * Problems: `malformed-line`, `conflicting-rows`, `duplicate-row` (a note; the first record is kept), and `unreadable`
 * for content that is no dump at all. An empty file is what genksyms leaves for an object without exports.
 * @param file the name to use in messages
 */
export function parseSymtypes(bytes: Uint8Array, file: string): Read<Symtypes> {
  const foreign = foreignContent(textOf(bytes, 0, 1000), file)
  if (foreign) return { value: readRecords(new Uint8Array(), file).value, problems: [foreign] }
  return readRecords(bytes, file)
}

function readRecords(bytes: Uint8Array, file: string): Read<Symtypes> {
  const source: TypesFile = { bytes, file, readAs: 'types dumped by genksyms' }
  const problems = problemList()
  const prefixes = symtypesPrefixes()
  const { names, start, end } = symtypesLines(source, prefixes, problems)
  const { starts: nameStart, ends: nameEnd } = names
  const count = names.count()
  const partsStart = new Int32Array(count).fill(-1)
  const partsEnd = new Int32Array(count)
  const reader = definitionReader((_, ...name) => names.find(...name), prefixes)

  const readDefinition = (record: number): BadText | undefined => {
    const recordStart = start[record] ?? 0
    const lineEnd = end[record] ?? 0
    let at = (nameEnd[record] ?? 0) + 1
    if (startsWith(bytes, at, extern)) at += extern.length
    if (at >= lineEnd) return { start: recordStart, end: lineEnd, message: 'a name without a definition' }
    if (recordStart === nameStart[record] && dwarfWord.test(textOf(bytes, at, at + 12))) {
      return { start: at, end: lineEnd, message: 'a definition as gendwarfksyms writes it, not genksyms' }
    }
    const first = reader.used()
    const bad = reader.read(bytes, at, lineEnd)
    if (bad) return bad
    partsStart[record] = first
    partsEnd[record] = reader.used()
    return undefined
  }

  for (let record = 0; record < count; record++) {
    const bad = readDefinition(record)
    if (bad) problems.error(() => symtypesFault(source, bad))
  }
  const parts = reader.parts()
  return {
    value: { bytes, count, start, nameStart, nameEnd, end, partsStart, partsEnd, parts },
    problems: problems.all(),
  }
}
