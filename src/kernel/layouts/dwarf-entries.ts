/** One entry of debug information, with what layouts need of it. */
export interface DwarfEntry {
  readonly tag: number
  /** Numbers and texts by attribute; a reference is the offset of another entry in the section. */
  readonly attributes: ReadonlyMap<number, number | bigint | string>
  readonly children: readonly DwarfEntry[]
}

/** The entries of an object. */
export interface DwarfEntries {
  /** That of the compiled text; all others are within. */
  readonly unit: DwarfEntry
  /** By offset in `.debug_info`. */
  readonly at: (offset: number) => DwarfEntry | undefined
}

interface Sections {
  readonly info: Uint8Array
  readonly abbreviations: Uint8Array
  readonly texts: Uint8Array
  readonly little: boolean
}

/** Debug information that is damaged, or of a form that nobody asked the compiler for. */
export class DwarfFault extends Error {}

const compilationUnit = 0x11

/**
 * Reads debug information of versions 2 to 4, in the 32-bit format, as compilers write it into an object of one text: a single
 * unit that is all there is. Anything beside it would come from somebody else.
 * Source of the format: DWARF Debugging Information Format, version 4, chapter 7.
 * @throws DwarfFault
 */
export function readEntries(sections: Sections): DwarfEntries {
  const { info, little } = sections
  if (info.length < 11) throw new DwarfFault('it is cut off')
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength)
  const end = 4 + view.getUint32(0, little)
  const version = view.getUint16(4, little)
  if (version < 2 || version > 4) throw new DwarfFault(`its version is ${version}, and not 2 to 4`)
  if (end > info.length) throw new DwarfFault('it is cut off')
  const abbreviations = readAbbreviations(sections.abbreviations, view.getUint32(6, little))
  const reader = { ...sections, view, at: 11, end, addressSize: info[10] ?? 0 }
  const known = new Map<number, DwarfEntry>()
  const [unit, ...others] = readSiblings(reader, abbreviations, known, 0)
  if (unit?.tag !== compilationUnit) throw new DwarfFault('it has no unit')
  if (others.length > 0 || reader.at !== info.length) throw new DwarfFault('it has several units')
  return { unit, at: (offset) => known.get(offset) }
}

interface Abbreviation {
  readonly tag: number
  readonly hasChildren: boolean
  /** Attribute and form, one after the other. */
  readonly attributes: readonly number[]
}

function readAbbreviations(bytes: Uint8Array, start: number): ReadonlyMap<number, Abbreviation> {
  const found = new Map<number, Abbreviation>()
  const cursor = { bytes, at: start }
  for (let code = unsigned(cursor); code !== 0; code = unsigned(cursor)) {
    const tag = unsigned(cursor)
    const hasChildren = bytes[cursor.at++] === 1
    const attributes: number[] = []
    for (;;) {
      const [attribute, form] = [unsigned(cursor), unsigned(cursor)]
      if (attribute === 0 && form === 0) break
      attributes.push(attribute, form)
    }
    found.set(code, { tag, hasChildren, attributes })
  }
  return found
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

/** A number of any length, seven bits a byte (LEB128). */
function unsigned(cursor: Cursor): number {
  let [value, scale] = [0, 1]
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined || scale > 2 ** 49) throw new DwarfFault('it is damaged: a number has no end')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
    scale *= 128
  }
}

function big(cursor: Cursor, isSigned: boolean): bigint {
  let [value, shift] = [0n, 0n]
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined || shift > 126n) throw new DwarfFault('it is damaged: a number has no end')
    value |= BigInt(byte & 0x7f) << shift
    shift += 7n
    if (byte >= 0x80) continue
    return isSigned && byte & 0x40 ? value - (1n << shift) : value
  }
}

interface Reader extends Sections {
  readonly view: DataView
  readonly end: number
  readonly addressSize: number
  at: number
}

/** Deeper than any type of C; what a damaged file claims to be is no reason to overflow the stack. */
const mostDepth = 200

function readSiblings(
  reader: Reader,
  abbreviations: ReadonlyMap<number, Abbreviation>,
  known: Map<number, DwarfEntry>,
  depth: number,
): readonly DwarfEntry[] {
  if (depth > mostDepth) throw new DwarfFault('it is nested too deeply')
  const found: DwarfEntry[] = []
  while (reader.at < reader.end) {
    const offset = reader.at
    const cursor = { bytes: reader.info, at: reader.at }
    const code = unsigned(cursor)
    reader.at = cursor.at
    if (code === 0) break
    const abbreviation = abbreviations.get(code)
    if (!abbreviation) throw new DwarfFault('it is damaged: an entry is of no known form')
    const attributes = new Map<number, number | bigint | string>()
    for (let index = 0; index < abbreviation.attributes.length; index += 2) {
      const value = readForm(reader, abbreviation.attributes[index + 1] ?? 0)
      if (value !== undefined) attributes.set(abbreviation.attributes[index] ?? 0, value)
    }
    const children = abbreviation.hasChildren ? readSiblings(reader, abbreviations, known, depth + 1) : []
    const entry = { tag: abbreviation.tag, attributes, children }
    known.set(offset, entry)
    found.push(entry)
  }
  return found
}

/** The value of an attribute; undefined for one that is only skipped. */
function readForm(reader: Reader, form: number): number | bigint | string | undefined {
  const skipped = skippedBytes(reader, form)
  if (skipped !== undefined) {
    reader.at += skipped
    return undefined
  }
  const { view, little, at } = reader
  switch (form) {
    // A reference counts from the start of its unit, which is that of the section.
    case 0x05: // data2
    case 0x12: // ref2
      return fixed(reader, 2)
    case 0x06: // data4
    case 0x10: // ref_addr
    case 0x13: // ref4
    case 0x17: // sec_offset
      return fixed(reader, 4)
    case 0x07: // data8
      if (at + 8 > reader.end) throw new DwarfFault('it is cut off')
      reader.at += 8
      return view.getBigUint64(at, little)
    case 0x08: // string
      return textAt(reader.info, at, (end) => (reader.at = end + 1))
    case 0x0b: // data1
    case 0x0c: // flag
    case 0x11: // ref1
      return fixed(reader, 1)
    case 0x0d: // sdata
      return variable(reader, (cursor) => big(cursor, true))
    case 0x0e: // strp
      return textAt(reader.texts, fixed(reader, 4))
    case 0x0f: // udata
      return variable(reader, (cursor) => big(cursor, false))
    case 0x15: // ref_udata
      return variable(reader, unsigned)
    case 0x19: // flag_present
      return 1
    default:
      throw new DwarfFault(`an attribute has the form 0x${form.toString(16)}`)
  }
}

/** Bytes that hold an address or an expression, which no layout needs. */
function skippedBytes(reader: Reader, form: number): number | undefined {
  switch (form) {
    case 0x01: // addr
      return reader.addressSize
    case 0x03: // block2
      return fixed(reader, 2)
    case 0x04: // block4
      return fixed(reader, 4)
    case 0x09: // block
    case 0x18: // exprloc
      return variable(reader, unsigned)
    case 0x0a: // block1
      return fixed(reader, 1)
    default:
      return undefined
  }
}

function fixed(reader: Reader, size: 1 | 2 | 4): number {
  const { view, little, at } = reader
  reader.at += size
  if (reader.at > reader.end) throw new DwarfFault('it is cut off')
  return size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at, little) : view.getUint32(at, little)
}

function variable<Value>(reader: Reader, read: (cursor: Cursor) => Value): Value {
  const cursor = { bytes: reader.info, at: reader.at }
  const value = read(cursor)
  reader.at = cursor.at
  return value
}

const decoder = new TextDecoder()

function textAt(bytes: Uint8Array, start: number, ended?: (end: number) => void): string {
  const end = bytes.indexOf(0, start)
  if (end < 0) throw new DwarfFault('it is damaged: a text has no end')
  ended?.(end)
  return decoder.decode(bytes.subarray(start, end))
}
