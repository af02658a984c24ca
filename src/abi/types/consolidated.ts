import type { PoolLine } from './type-pool.ts'
import { unknownType } from '../ksymtypes.ts'
import { quote } from '../../problem/quote.ts'
import { forEachLine } from '../symtypes-lines.ts'
import { symtypesFault, type BadText, type TypesFile } from '../symtypes-fault.ts'
import { apostrophe, hash, quotedNameEnd, space, startsWith, textOf } from '../symtypes.ts'
import type { TypedObject } from './kernel-types.ts'
import { missingDefinition, readLine, type ReadContext } from './read-context.ts'

interface OwnRecord {
  readonly exported: boolean
  readonly definition: number
  readonly start: number
  readonly end: number
}

/** The line of an object; SUSE's older form names the object, the newer one its dump. */
const objectLine = /^\/\* (\S+)\.(?:o|symtypes) \*\/$/
const objectExample = 'such as /* net/core/dev.symtypes */'

/** What was read of a dump so far. */
interface Reading {
  readonly context: ReadContext
  readonly source: TypesFile
  readonly reject: (bad: BadText) => void
  readonly objects: TypedObject[]
  /** Objects that have a section. */
  readonly known: Set<string>
  /** The last definition of each name. */
  readonly last: Map<number, number>
  section: Section | undefined
}

/** The section that is being read. */
interface Section {
  /** Undefined where its line is not understood. */
  readonly object: string | undefined
  readonly start: number
  readonly end: number
  readonly own: Map<number, OwnRecord>
}

/**
 * Reads SUSE's consolidated form (suse-kabi-tools(5)): a section for each object. A type that is used in a section but not
 * defined there is the last one of that name before. `s##x` is `s#x struct x { UNKNOWN }`, for this section alone. In the
 * older form (`rpm/modversions --pack`) a bare `s#x` says that the last one is used.
 */
export function readConsolidated(
  context: ReadContext,
  bytes: Uint8Array,
  file: string,
): readonly TypedObject[] {
  const { problems } = context
  const source: TypesFile = { bytes, file, readAs: 'a consolidated dump of types' }
  const reading: Reading = {
    context,
    source,
    reject: (bad) => problems.error(() => symtypesFault(source, bad)),
    objects: [],
    known: new Set(),
    last: new Map(),
    section: undefined,
  }
  forEachLine(source, problems, (start, end) => {
    const { section } = reading
    if (bytes[start] === slash && bytes[start + 1] === star) {
      finishSection(reading)
      reading.section = sectionOf(reading, start, end)
    } else if (section) readRecord(reading, section, start, end)
    else {
      reading.section = { object: undefined, start, end, own: new Map() }
      reading.reject({ start, end, message: `expected the line of an object first, ${objectExample}` })
    }
  })
  finishSection(reading)
  return reading.objects
}

function sectionOf({ source, reject, known }: Reading, start: number, end: number): Section {
  const object = objectLine.exec(textOf(source.bytes, start, end))?.[1]
  if (object === undefined)
    reject({ start, end, message: `expected the line of an object, ${objectExample}` })
  else if (known.has(object)) reject({ start, end, message: `${quote(object)} has a section already` })
  else known.add(object)
  return { object, start, end, own: new Map() }
}

function finishSection({ context, source, objects, last, section }: Reading): void {
  if (section?.object === undefined) return
  const { object, own } = section
  const { pool, reach, isWanted } = context
  const exports = [...own].flatMap(([name, { exported }]) => (exported ? [name] : []))
  const wanted = exports.filter((name) => isWanted(pool.symbolText(name)))
  if (wanted.length === 0) return
  const types = reach(
    wanted,
    (name) => own.get(name)?.definition ?? last.get(name) ?? -1,
    (name, from) => missingDefinition(context, source, name, own.get(from) ?? section),
  )
  objects.push({ object, exports: wanted.map(pool.symbolText), types })
}

function readRecord(reading: Reading, { own }: Section, start: number, end: number): void {
  const { context, source, reject, last } = reading
  const { pool } = context
  const short = shortRecord(source.bytes, start, end)
  const record = short ? readShort(reading, short) : readLine(context, source, start, end)
  if (!record) return
  if (own.has(record.name)) {
    const name = quote(record.exported ? pool.symbolText(record.name) : pool.nameText(record.name))
    reject({ start, end, message: `${name} stands in this section already` })
    return
  }
  own.set(record.name, { ...record, start, end })
  if (!short && !record.exported) last.set(record.name, record.definition)
}

/** What a record without a definition of its own stands for; undefined when it is a problem. */
function readShort(
  { context: { pool }, reject, last }: Reading,
  { name, start, nameEnd, end }: Short,
): PoolLine | undefined {
  if (name.startsWith('##', 1)) {
    const unknown = unknownType(name.replace('##', '#'))
    const line = new TextEncoder().encode(`${unknown ?? ''} \n`)
    const read = unknown !== undefined && nameEnd === end ? pool.line(line, 0, line.length - 1) : undefined
    if (read && !('message' in read)) return read
    reject({ start, end, message: `${quote(name)} can only stand alone, for a struct, union or enum` })
    return undefined
  }
  const number = pool.nameNumber(name)
  const definition = last.get(number)
  if (definition !== undefined) return { name: number, definition, exported: false }
  reject({ start, end: nameEnd, message: `${quote(name)} is defined neither here nor before` })
  return undefined
}

/** A name without a definition, or with another prefix than a record has. */
interface Short {
  readonly name: string
  readonly start: number
  readonly nameEnd: number
  readonly end: number
}

const override = new TextEncoder().encode('override ')

function shortRecord(bytes: Uint8Array, lineStart: number, lineEnd: number): Short | undefined {
  const start = startsWith(bytes, lineStart, override) ? lineStart + override.length : lineStart
  const end = bytes[lineEnd - 1] === space ? lineEnd - 1 : lineEnd
  const isUnknown = bytes[start + 1] === hash && bytes[start + 2] === hash
  const quoted = bytes[start + 1] === hash && bytes[start + (isUnknown ? 3 : 2)] === apostrophe
  const from = quoted ? quotedNameEnd(bytes, start + (isUnknown ? 3 : 2), end) : start
  if (from < 0) return undefined
  const found = bytes.indexOf(space, from)
  const nameEnd = found < 0 ? end : Math.min(found, end)
  return isUnknown || nameEnd === end
    ? { name: textOf(bytes, start, nameEnd), start, nameEnd, end }
    : undefined
}

const slash = 47
const star = 42
