import { malformedLine, wholeLine } from '../../problem/malformed-line.ts'
import type { Read } from '../../problem/problem.ts'
import { layoutsHeading } from './format-layouts.ts'
import type {
  AggregateLayout,
  EnumLayout,
  Enumerator,
  From,
  Layouts,
  MemberLayout,
  TypeLayout,
  TypeText,
} from './layout.ts'

const none: Layouts = { pointer: 0, objects: [], types: new Map(), symbols: new Map(), unknown: new Map() }

/**
 * Reads what `formatLayouts` wrote.
 *
 * Problem, with nothing read: `malformed-line`, for the first line that is not understood, also where the end is missing.
 * @param file the name to use in messages
 */
export function parseLayouts(text: string, file: string): Read<Layouts> {
  const lines = text.split('\n')
  const reader: Reader = { lines, at: 0 }
  try {
    return { value: readAll(reader), problems: [] }
  } catch (error) {
    if (!(error instanceof Unread)) throw error
    const source = lines[reader.at] ?? ''
    const fault = wholeLine(source, error.message)
    return { value: none, problems: [malformedLine(file, reader.at + 1, source, fault, 'layouts of types')] }
  }
}

class Unread extends Error {}

const mostDepth = 64

interface Reader {
  readonly lines: readonly string[]
  at: number
}

function readAll(reader: Reader): Layouts {
  if (reader.lines[0] !== layoutsHeading) throw new Unread(`the first line has to be ${layoutsHeading}`)
  reader.at = 1
  const [word, size] = (reader.lines[1] ?? '').split(' ')
  if (word !== 'pointer') throw new Unread('the size of pointers was expected')
  const pointer = whole(size)
  const [, form] = /^vmlinux (dwarf|btf)$/.exec(reader.lines[2] ?? '') ?? []
  const vmlinux = form === 'dwarf' || form === 'btf' ? ({ vmlinux: form } as const) : {}
  reader.at = form === undefined ? 2 : 3
  const objects: string[] = []
  const symbols = new Map<string, From<TypeText>>()
  const types = new Map<string, From<TypeLayout>>()
  const unknown = new Map<string, string>()
  for (;;) {
    const line = reader.lines[reader.at] ?? ''
    const [word = '', ...rest] = line.split(' ')
    if (word === 'end') break
    if (word === 'o' && rest.length === 1) objects.push(rest[0] ?? '')
    else if (word === 'v' && rest.length > 2)
      add(symbols, rest[0], { value: rest.slice(2).join(' '), object: objectOf(rest[1], objects) })
    else if (word === '?' && rest.length > 1) add(unknown, rest[0], rest.slice(1).join(' '))
    else if (/^[sute]#./.test(word) && rest.length === 4) {
      const object = objectOf(rest[3], objects)
      if (types.has(word)) throw new Unread('this name stands here twice')
      types.set(word, { value: readType(reader, rest), object })
      continue
    } else throw new Unread(line === '' ? 'the file ends before its last line' : 'is no line of layouts')
    reader.at++
  }
  const isWhole = reader.lines[reader.at] === `end ${reader.at}` && reader.lines.length === reader.at + 2
  if (!isWhole || reader.lines[reader.at + 1] !== '') throw new Unread('the last line counts other lines')
  return { pointer, ...vmlinux, objects, symbols, types, unknown }
}

function add<Value>(map: Map<string, Value>, name: string | undefined, value: Value): void {
  if (name === undefined || name === '' || map.has(name)) throw new Unread('this name stands here twice')
  map.set(name, value)
}

function objectOf(text: string | undefined, objects: readonly string[]): number {
  const object = whole(text)
  if (object >= objects.length) throw new Unread('there is no object with this number')
  return object
}

function whole(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new Unread('a number was expected')
  return Number(text)
}

/** Reads a type and what stands deeper behind it; leaves the reader at the next line. */
function readType(reader: Reader, [kind = '', size, align]: readonly string[]): TypeLayout {
  const bytes = whole(size)
  const alignment = align === '-' ? undefined : whole(align)
  if (!/^(?:struct|union|enum)$/.test(kind)) throw new Unread('struct, union or enum was expected')
  reader.at++
  const layout = readInside(reader, kind, bytes, 1)
  return layout.kind === 'enum' || alignment === undefined ? layout : { ...layout, align: alignment }
}

function readInside(
  reader: Reader,
  kind: string | undefined,
  size: number,
  depth: number,
): AggregateLayout | EnumLayout {
  if (depth > mostDepth) throw new Unread('is nested too deeply')
  if (kind === 'enum') {
    const values: Enumerator[] = []
    for (const words of deeper(reader, depth)) values.push(readValue(reader, words))
    return { kind, size, values }
  }
  if (kind !== 'struct' && kind !== 'union') throw new Unread('struct, union or enum was expected')
  const members: MemberLayout[] = []
  for (const words of deeper(reader, depth)) members.push(readMember(reader, words, depth))
  return { kind, size, members }
}

/** The words of each line of a depth, up to the first that is not as deep; whoever takes them goes on to the next line. */
function* deeper(reader: Reader, depth: number): Generator<readonly string[]> {
  for (;;) {
    const line = reader.lines[reader.at] ?? ''
    const content = line.trimStart()
    if (line.length - content.length < depth) return
    if (line.length - content.length > depth) throw new Unread('stands deeper than what it could belong to')
    yield content.split(' ')
  }
}

function readValue(reader: Reader, [name = '', value = '', ...rest]: readonly string[]): Enumerator {
  if (rest.length > 0 || !/^-?\d{1,40}$/.test(value)) throw new Unread('a name and a number were expected')
  reader.at++
  return { name, value: BigInt(value) }
}

function readMember(
  reader: Reader,
  [name = '', place = '', ...rest]: readonly string[],
  depth: number,
): MemberLayout {
  const [, offset, , bits] = /^(\d+)(:(\d+))?$/.exec(place) ?? []
  const [, size] = /^\{(\d+)\}$/.exec(rest[0] ?? '') ?? []
  const type = rest.slice(size === undefined ? 0 : 1).join(' ')
  if (type === '') throw new Unread('a name, an offset and a type were expected')
  const [bitOffset, width] = [whole(offset), bits === undefined ? {} : { bits: whole(bits) }]
  reader.at++
  const inside =
    size === undefined
      ? undefined
      : readInside(reader, /^(struct|union|enum)/.exec(type)?.[0], whole(size), depth + 1)
  return {
    name: name === '-' ? '' : name,
    offset: bitOffset,
    ...width,
    type,
    ...(inside ? { inside } : {}),
  }
}
