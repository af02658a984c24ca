import { definitionTokens } from './definition-tokens.ts'
import { foreignContent } from './foreign-content.ts'
import { compareRecordNames, isTypeName, unknownType, type SymtypesByObject } from './ksymtypes.ts'
import { problemList } from '../problem/problem-list.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { symtypesFault, type BadText, type TypesFile } from './symtypes-fault.ts'
import { forEachLine } from './symtypes-lines.ts'
import { newline, space, textOf } from './symtypes.ts'

/** A record, made once for all the objects that share it. A dump may have hundreds of thousands. */
interface SharedRecord {
  readonly name: string
  /** Where its name, and its line, stand in the file. */
  readonly start: number
  readonly nameEnd: number
  readonly end: number
  /** What its line is in a `.symtypes` file, where that is not what the file has. */
  readonly line?: Uint8Array
  /** The names that the definition refers to, with their prefixes; read when an object's file is put together. */
  references?: readonly string[]
  /** Whether its references were looked up. */
  checked?: boolean
}

/** Records by their names, with prefixes. */
type Records = Map<string, SharedRecord>

interface Section {
  /** Absent when the line of the object was not understood. */
  readonly object: string | undefined
  /** What the section itself says. */
  readonly own: Records
}

/** What of a dump is wanted. */
interface KsymtypesOptions {
  /** Most bytes of the objects' files together: a short dump can repeat a long definition in thousands of them. */
  readonly maxBytes?: number
  /** The objects, by their path without suffix, whose files to put together; all when not given. */
  readonly wanted?: ((object: string) => boolean) | undefined
}

/**
 * Reads the one file that `formatKsymtypes` and SUSE's `ksymtypes consolidate` write (suse-kabi-tools(5)) back into the
 * `.symtypes` file of each object: its types by name, then its exports. Reads too what SUSE's older
 * `rpm/modversions --pack` wrote.
 *
 * A section begins with the line of its object. A type that is used in a section but not defined there is the last one
 * of that name before. `s##x` is `s#x struct x { UNKNOWN }`, for this section alone; a bare `s#x` only says that the
 * last one is used. The word `override` is dropped.
 *
 * Everything is checked, also what is not wanted.
 *
 * Problems: `malformed-line`, and `unreadable` for content that is no such file at all, or whose objects are together
 * longer than `maxBytes`.
 * @param file the name to use in messages
 */
export function parseKsymtypes(
  bytes: Uint8Array,
  file: string,
  { maxBytes = Infinity, wanted = () => true }: KsymtypesOptions = {},
): Read<SymtypesByObject> {
  const foreign = foreignContent(textOf(bytes, 0, 1000), file)
  if (foreign) return { value: new Map(), problems: [foreign] }
  const source: TypesFile = { bytes, file, readAs: 'a consolidated dump of types' }
  const problems = problemList()
  const reject = (bad: BadText): void => problems.error(() => symtypesFault(source, bad))
  const objects = new Map<string, Uint8Array>()
  const last: Records = new Map()
  const sections: Section[] = []
  const known = new Set<string>()
  let total = 0

  const finishSection = (): void => {
    const section = sections.pop()
    if (section?.object === undefined || total > maxBytes) return
    checkReferences(bytes, section.own, last, reject)
    if (!wanted(section.object)) return
    const records = allRecords(bytes, section.own, last)
    records.sort((a, b) => compareRecordNames(a.name, b.name))
    const size = records.reduce((sum, record) => sum + lineLength(bytes, record), 0)
    total += size
    if (total <= maxBytes) objects.set(section.object, joinLines(bytes, records, size))
  }
  forEachLine(source, problems, (start, end) => {
    const text = textOf(bytes, start, end)
    if (text.startsWith('/*')) {
      finishSection()
      const object = objectLine.exec(text)?.[1]
      if (object === undefined)
        reject({ start, end, message: `expected the line of an object, ${objectExample}` })
      else if (known.has(object)) reject({ start, end, message: `${quote(object)} has a section already` })
      else known.add(object)
      sections.push({ object, own: new Map() })
      return
    }
    const section = sections.at(-1)
    if (!section) {
      reject({ start, end, message: `expected the line of an object first, ${objectExample}` })
      sections.push({ object: undefined, own: new Map() })
      return
    }
    const record = readRecord(text, start, end, last)
    if ('message' in record) {
      if (section.object !== undefined) reject(record)
    } else if (section.own.has(record.name)) {
      reject({ start, end: record.nameEnd, message: `${quote(record.name)} stands in this section already` })
    } else section.own.set(record.name, record)
  })
  finishSection()
  if (total > maxBytes) return { value: new Map(), problems: [tooLong(file, maxBytes)] }
  return { value: objects, problems: problems.all() }
}

function tooLong(file: string, maxBytes: number): Problem {
  const message = `${quote(file)} holds more than ${maxBytes} bytes of type definitions.`
  return { kind: 'unreadable', message, place: { file } }
}

const objectLine = /^\/\* (\S+)\.(?:o|symtypes) \*\/$/
const objectExample = 'such as /* net/core/dev.symtypes */'

/** The name of a record: behind `override`, before its definition. That of a type may be quoted, or be none of C. */
const recordName = /^(?:override )?([suetE]##?(?:'[^']*'\S*|[^\s'#]\S*)|[\w.$]+)(?: |$)/

/** Reads one record. The definition of a type becomes the last one of its name. */
function readRecord(text: string, lineStart: number, lineEnd: number, last: Records): SharedRecord | BadText {
  const name = recordName.exec(text)?.[1]
  if (name === undefined)
    return { start: lineStart, end: lineEnd, message: 'expected the name of a type or symbol' }
  const start = lineStart + text.indexOf(name)
  const nameEnd = start + name.length
  const definition = text.slice(nameEnd - lineStart).trim()
  if (name.startsWith('##', 1)) {
    const type = name.replace('##', '#')
    const unknown = unknownType(type)
    if (unknown === undefined || definition !== '') {
      return {
        start,
        end: lineEnd,
        message: `${quote(name)} can only stand alone, for a struct, union or enum`,
      }
    }
    return { name: type, start, nameEnd, end: lineEnd, line: new TextEncoder().encode(`${unknown} \n`) }
  }
  if (definition === '') {
    return (
      last.get(name) ?? { start, end: nameEnd, message: `${quote(name)} is defined neither here nor before` }
    )
  }
  const record: SharedRecord = { name, start, nameEnd, end: lineEnd }
  if (isTypeName(name)) last.set(name, record)
  return record
}

/** The bytes of a record in a `.symtypes` file, where its line ends with a space. */
function lineLength(bytes: Uint8Array, { start, end, line }: SharedRecord): number {
  return line?.length ?? end - start + (bytes[end - 1] === space ? 1 : 2)
}

/** Makes a `.symtypes` file of some records. */
function joinLines(bytes: Uint8Array, records: readonly SharedRecord[], size: number): Uint8Array {
  const file = new Uint8Array(size)
  let at = 0
  for (const record of records) {
    const { start, end, line } = record
    file.set(line ?? bytes.subarray(start, end), at)
    at += lineLength(bytes, record)
    if (line) continue
    file[at - 2] = space
    file[at - 1] = newline
  }
  return file
}

/** Not kept for every record: a hostile dump has millions of references. */
function readReferences(bytes: Uint8Array, { nameEnd, end, line }: SharedRecord): readonly string[] {
  if (line) return []
  return definitionTokens(textOf(bytes, nameEnd, end)).filter((found) => /^[suetE]#/.test(found))
}

/** Rejects what a section refers to and neither has nor takes from before. */
function checkReferences(
  bytes: Uint8Array,
  own: Records,
  last: Records,
  reject: (bad: BadText) => void,
): void {
  for (const record of own.values()) {
    if (record.checked) continue
    record.checked = true
    for (const reference of readReferences(bytes, record)) {
      if (own.has(reference) || last.has(reference)) continue
      const { start, nameEnd: end } = record
      const message = `${quote(reference)}, used here, is not defined in this section or before`
      reject({ start, end, message })
    }
  }
}

/** The records of a section with those that it takes from before. */
function allRecords(bytes: Uint8Array, own: Records, last: Records): SharedRecord[] {
  const all: Records = new Map(own)
  const todo = [...own.values()]
  for (let record = todo.pop(); record; record = todo.pop()) {
    record.references ??= readReferences(bytes, record)
    for (const reference of record.references) {
      const found = all.has(reference) ? undefined : last.get(reference)
      if (!found) continue
      all.set(reference, found)
      todo.push(found)
    }
  }
  return [...all.values()]
}
