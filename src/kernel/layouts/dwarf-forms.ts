import { DebugFault } from './debug-types.ts'
import { form as forms } from './dwarf-numbers.ts'

/** The sections of debug information, as a linker leaves them. */
export interface DwarfSections {
  readonly info: Uint8Array
  readonly abbreviations: Uint8Array
  readonly texts: TextTable
  /** Of DWARF 5: texts that stand with line numbers, and the places of texts that are numbered. */
  readonly lineTexts?: TextTable
  readonly textPlaces?: Uint8Array
  readonly little: boolean
}

/** A unit of debug information: its places are those of the section. */
export interface DwarfUnit {
  readonly start: number
  /** Of its first entry. */
  readonly first: number
  readonly end: number
  readonly version: number
  readonly addressSize: number
  readonly abbreviations: Abbreviations
  /** Where the places of its numbered texts begin. */
  readonly textsBase: number
}

type Abbreviations = ReadonlyMap<number, Abbreviation>

export interface Abbreviation {
  readonly tag: number
  readonly hasChildren: boolean
  /** Attribute and form, one after the other. */
  readonly attributes: readonly number[]
  /** By index among the attributes, the value that stands here and not in the entry. */
  readonly constants: ReadonlyMap<number, bigint>
}

/** A reference is the place of another entry in the section. */
export type FormValue = number | bigint | string

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

/** Reads the abbreviations from a place on. Source: DWARF 5, chapter 7.5.3. */
export function readAbbreviations(bytes: Uint8Array, start: number): Abbreviations {
  const found = new Map<number, Abbreviation>()
  const cursor = { bytes, at: start }
  for (let code = unsigned(cursor); code !== 0; code = unsigned(cursor)) {
    const tag = unsigned(cursor)
    const hasChildren = bytes[cursor.at++] === 1
    const attributes: number[] = []
    const constants = new Map<number, bigint>()
    for (;;) {
      const [attribute, form] = [unsigned(cursor), unsigned(cursor)]
      if (attribute === 0 && form === 0) break
      if (form === forms.implicitConst) constants.set(attributes.length, big(cursor, true))
      attributes.push(attribute, form)
    }
    found.set(code, { tag, hasChildren, attributes, constants })
  }
  return found
}

/** A number of any length, seven bits a byte (LEB128). */
function unsigned(cursor: Cursor): number {
  let [value, scale] = [0, 1]
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined || scale > 2 ** 49) throw new DebugFault('it is damaged: a number has no end')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
    scale *= 128
  }
}

/** A number of up to four bytes is one that JavaScript counts with fast, and nearly all are. */
function number(cursor: Cursor, isSigned: boolean): number | bigint {
  const { bytes, at } = cursor
  let [value, shift] = [0, 0]
  for (; shift < 28; shift += 7) {
    const byte = bytes[at + shift / 7]
    if (byte === undefined) break
    value |= (byte & 0x7f) << shift
    if (byte >= 0x80) continue
    cursor.at = at + shift / 7 + 1
    return isSigned && byte & 0x40 ? value - 2 ** (shift + 7) : value
  }
  return big(cursor, isSigned)
}

function big(cursor: Cursor, isSigned: boolean): bigint {
  let [value, shift] = [0n, 0n]
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined || shift > 126n) throw new DebugFault('it is damaged: a number has no end')
    value |= BigInt(byte & 0x7f) << shift
    shift += 7n
    if (byte >= 0x80) continue
    return isSigned && byte & 0x40 ? value - (1n << shift) : value
  }
}

/** Texts of a section, by their places. Kernels have some hundred thousand, and name each of them often. */
export class TextTable {
  readonly #bytes: Uint8Array
  readonly #known = new Map<number, string>()

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  at(place: number): string {
    const known = this.#known.get(place)
    if (known !== undefined) return known
    const text = textAt(this.#bytes, place).text
    this.#known.set(place, text)
    return text
  }
}

const decoder = new TextDecoder()

function textAt(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } {
  const end = bytes.indexOf(0, start)
  if (end < 0) throw new DebugFault('it is damaged: a text has no end')
  return { text: decoder.decode(bytes.subarray(start, end)), end }
}

/** Goes through the entries of a unit. Source: DWARF 5, chapter 7.5. */
export class FormReader implements Cursor {
  at: number
  readonly bytes: Uint8Array
  readonly unit: DwarfUnit
  readonly #view: DataView
  readonly #sections: DwarfSections

  constructor(sections: DwarfSections, unit: DwarfUnit) {
    this.#sections = sections
    this.unit = unit
    this.bytes = sections.info
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    this.at = unit.first
  }

  /** The form of the entry that begins here; undefined for the end of a list of siblings. */
  abbreviation(): Abbreviation | undefined {
    const code = unsigned(this)
    if (code === 0) return undefined
    const found = this.unit.abbreviations.get(code)
    if (!found) throw new DebugFault('it is damaged: an entry is of no known form')
    return found
  }

  /** The value of an attribute; undefined for one that no layout needs. */
  value({ attributes, constants }: Abbreviation, index: number): FormValue | undefined {
    const constant = constants.get(index)
    return constant === undefined ? this.#value(attributes[index + 1] ?? 0) : small(constant)
  }

  /** Leaves out the value of an attribute. */
  skip({ attributes }: Abbreviation, index: number): void {
    this.#skip(attributes[index + 1] ?? 0)
  }

  #value(form: number): FormValue | undefined {
    const { start } = this.unit
    switch (form) {
      case forms.data1:
      case forms.flag:
        return this.#fixed(1)
      case forms.data2:
        return this.#fixed(2)
      case forms.data4:
      case forms.secOffset:
        return this.#fixed(4)
      case forms.data8:
        return this.#long()
      case forms.sdata:
        return number(this, true)
      case forms.udata:
        return number(this, false)
      case forms.flagPresent:
        return 1
      // A reference counts from the start of its unit, but for one that says that it does not.
      case forms.ref1:
        return start + this.#fixed(1)
      case forms.ref2:
        return start + this.#fixed(2)
      case forms.ref4:
        return start + this.#fixed(4)
      case forms.ref8:
        return start + Number(this.#long())
      case forms.refUdata:
        return start + unsigned(this)
      case forms.refAddr:
        return this.unit.version > 2 || this.unit.addressSize === 4 ? this.#fixed(4) : Number(this.#long())
      default:
        return this.#text(form)
    }
  }

  #text(form: number): string | undefined {
    switch (form) {
      case forms.string: {
        const { text, end } = textAt(this.bytes, this.at)
        this.at = end + 1
        return text
      }
      case forms.strp:
        return this.#sections.texts.at(this.#fixed(4))
      case forms.lineStrp:
        return this.#sections.lineTexts?.at(this.#fixed(4)) ?? ''
      case forms.strx:
        return this.#numbered(unsigned(this))
      case forms.strx1:
        return this.#numbered(this.#fixed(1))
      case forms.strx2:
        return this.#numbered(this.#fixed(2))
      case forms.strx3: {
        const [first, second] = this.#sections.little ? [1, 2 ** 8] : [2 ** 16, 2 ** 8]
        const bytes = [this.#fixed(1), this.#fixed(1), this.#fixed(1)] as const
        return this.#numbered(bytes[0] * first + bytes[1] * second + bytes[2] * (first === 1 ? 2 ** 16 : 1))
      }
      case forms.strx4:
        return this.#numbered(this.#fixed(4))
      default:
        this.#skip(form)
        return undefined
    }
  }

  #numbered(index: number): string {
    const places = this.#sections.textPlaces
    const at = this.unit.textsBase + 4 * index
    if (!places || at + 4 > places.length) throw new DebugFault('it is damaged: a text has no place')
    const view = new DataView(places.buffer, places.byteOffset, places.byteLength)
    return this.#sections.texts.at(view.getUint32(at, this.#sections.little))
  }

  #skip(form: number): void {
    const size = sizeOf(form, this.unit)
    if (size !== undefined) this.at += size
    else if (form === forms.string) this.at = textAt(this.bytes, this.at).end + 1
    else if (variable.has(form)) number(this, false)
    else {
      const length = this.#blockSize(form)
      this.at += length
    }
    if (this.at > this.unit.end) throw new DebugFault('it is cut off')
  }

  #blockSize(form: number): number {
    switch (form) {
      case forms.block1:
        return this.#fixed(1)
      case forms.block2:
        return this.#fixed(2)
      case forms.block4:
        return this.#fixed(4)
      case forms.block:
      case forms.exprloc:
        return unsigned(this)
      default:
        throw new DebugFault(`an attribute has the form 0x${form.toString(16)}`)
    }
  }

  #fixed(size: 1 | 2 | 4): number {
    const { at } = this
    const { little } = this.#sections
    this.at += size
    if (this.at > this.unit.end) throw new DebugFault('it is cut off')
    if (size === 1) return this.#view.getUint8(at)
    return size === 2 ? this.#view.getUint16(at, little) : this.#view.getUint32(at, little)
  }

  #long(): bigint {
    const { at } = this
    this.at += 8
    if (this.at > this.unit.end) throw new DebugFault('it is cut off')
    return this.#view.getBigUint64(at, this.#sections.little)
  }
}

function small(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const variable: ReadonlySet<number> = new Set([
  forms.sdata,
  forms.udata,
  forms.refUdata,
  forms.strx,
  forms.addrx,
  forms.loclistx,
  forms.rnglistx,
])

const sizes: ReadonlyMap<number, number> = new Map<number, number>([
  [forms.flagPresent, 0],
  [forms.implicitConst, 0],
  ...[forms.data1, forms.flag, forms.ref1, forms.strx1, forms.addrx1].map((one) => [one, 1] as const),
  ...[forms.data2, forms.ref2, forms.strx2, forms.addrx2].map((one) => [one, 2] as const),
  ...[forms.strx3, forms.addrx3].map((one) => [one, 3] as const),
  ...[forms.data4, forms.ref4, forms.strp, forms.secOffset].map((one) => [one, 4] as const),
  ...[forms.lineStrp, forms.strx4, forms.addrx4].map((one) => [one, 4] as const),
  ...[forms.data8, forms.ref8, forms.refSignature].map((one) => [one, 8] as const),
  [forms.data16, 16],
])

/** Bytes of a form that has always as many; undefined for one of which an entry tells it. */
function sizeOf(form: number, { version, addressSize }: DwarfUnit): number | undefined {
  if (form === forms.addr) return addressSize
  if (form === forms.refAddr) return version > 2 ? 4 : addressSize
  return sizes.get(form)
}
