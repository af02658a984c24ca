import { definitionTokens } from './definition-tokens.ts'
import { foreignContent } from './foreign-content.ts'
import { compareRecordNames, isTypeName, joinBytes, unknownType, type SymtypesByObject } from './ksymtypes.ts'
import { problemList } from './problem-list.ts'
import type { Problem, Read } from './problem.ts'
import { quote } from './quote.ts'
import { symtypesFault, type BadText, type TypesFile } from './symtypes-fault.ts'
import { forEachLine } from './symtypes-lines.ts'
import { textOf } from './symtypes.ts'

/** A record, made once for all the objects that share it. */
interface SharedRecord {
  readonly name: string
  /** The record as a line of a `.symtypes` file, with its newline. */
  readonly line: Uint8Array
  /** The names that the definition refers to, with their prefixes. */
  readonly references: readonly string[]
  /** Where its name stands in the file. */
  readonly start: number
  readonly nameEnd: number
}

/** Records by their names, with prefixes. */
type Records = Map<string, SharedRecord>

interface Section {
  /** Absent when the line of the object was not understood. */
  readonly object: string | undefined
  /** What the section itself says. */
  readonly own: Records
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
 * Problems: `malformed-line`, and `unreadable` for content that is no such file at all, or whose objects are together
 * longer than `maxBytes`: a short file can repeat a long definition in thousands of them.
 * @param file the name to use in messages
 */
export function parseKsymtypes(bytes: Uint8Array, file: string, maxBytes = Infinity): Read<SymtypesByObject> {
  const foreign = foreignContent(textOf(bytes, 0, 1000), file)
  if (foreign) return { value: new Map(), problems: [foreign] }
  const source: TypesFile = { bytes, file, readAs: 'a consolidated dump of types' }
  const problems = problemList()
  const reject = (bad: BadText): void => problems.error(() => symtypesFault(source, bad))
  const objects = new Map<string, Uint8Array>()
  const last: Records = new Map()
  const sections: Section[] = []
  let total = 0

  const finishSection = (): void => {
    const section = sections.pop()
    if (section?.object === undefined || total > maxBytes) return
    const records = allRecords(section.own, last, reject)
    const lines = records.sort((a, b) => compareRecordNames(a.name, b.name)).map(({ line }) => line)
    total += lines.reduce((size, { length }) => size + length, 0)
    if (total > maxBytes) return
    objects.set(section.object, joinBytes(lines))
  }
  forEachLine(source, problems, (start, end) => {
    const text = textOf(bytes, start, end)
    if (text.startsWith('/*')) {
      finishSection()
      const object = objectLine.exec(text)?.[1]
      if (object === undefined)
        reject({ start, end, message: `expected the line of an object, ${objectExample}` })
      else if (objects.has(object)) reject({ start, end, message: `${quote(object)} has a section already` })
      sections.push({ object, own: new Map() })
      return
    }
    const section = sections.at(-1)
    if (!section) {
      reject({ start, end, message: `expected the line of an object first, ${objectExample}` })
      sections.push({ object: undefined, own: new Map() })
      return
    }
    const record = readRecord(bytes, text, start, end, last)
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
function readRecord(
  bytes: Uint8Array,
  text: string,
  lineStart: number,
  lineEnd: number,
  last: Records,
): SharedRecord | BadText {
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
    return { name: type, line: new TextEncoder().encode(`${unknown} \n`), references: [], start, nameEnd }
  }
  if (definition === '') {
    return (
      last.get(name) ?? { start, end: nameEnd, message: `${quote(name)} is defined neither here nor before` }
    )
  }
  const line = text.endsWith(' ')
    ? bytes.subarray(start, lineEnd + 1)
    : joinBytes([bytes.subarray(start, lineEnd), new TextEncoder().encode(' \n')])
  const record: SharedRecord = { name, line, references: referencesIn(definition), start, nameEnd }
  if (isTypeName(name)) last.set(name, record)
  return record
}

function referencesIn(definition: string): readonly string[] {
  return definitionTokens(definition).filter((found) => /^[suetE]#/.test(found))
}

/** The records of a section with those that it takes from before. */
function allRecords(own: Records, last: Records, reject: (bad: BadText) => void): SharedRecord[] {
  const all: Records = new Map(own)
  const todo = [...own.values()]
  for (let record = todo.pop(); record; record = todo.pop()) {
    for (const reference of record.references) {
      if (all.has(reference)) continue
      const found = last.get(reference)
      if (found) {
        all.set(reference, found)
        todo.push(found)
      } else {
        const { start, nameEnd: end } = record
        reject({
          start,
          end,
          message: `${quote(reference)}, used here, is not defined in this section or before`,
        })
      }
    }
  }
  return [...all.values()]
}
