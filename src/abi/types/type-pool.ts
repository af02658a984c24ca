import { crc32, feedBytes } from '../crc32.ts'
import { definitionReader } from '../symtypes-definitions.ts'
import type { BadText } from '../symtypes-fault.ts'
import { badName, bytesOfSymbols, bytesOfTypes } from '../symtypes-lines.ts'
import {
  apostrophe,
  hash,
  newline,
  quotedNameEnd,
  space,
  startsWith,
  symtypesPrefixes,
  textOf,
} from '../symtypes.ts'
import { resized, textTable } from './text-table.ts'

/** The records of a `.symtypes` file, by the numbers of a pool. Of two records of one name the first counts. */
export interface ObjectTypes {
  readonly names: Int32Array
  readonly definitions: Int32Array
}

/** A line of a `.symtypes` file, by the numbers of a pool. */
export interface PoolLine {
  readonly name: number
  readonly definition: number
  /** Whether it is that of an export: its name has no prefix. */
  readonly exported: boolean
}

/**
 * The names and definitions of many `.symtypes` files, each text kept, and taken apart, once: the files of a kernel share
 * nearly all of their lines. What a name means is a matter of each file.
 */
export interface TypePool {
  /**
   * Reads a file. A line that is not understood has no record, and so the exports that reach it get no checksum: whoever
   * recomputes one notices.
   */
  readonly add: (bytes: Uint8Array) => ObjectTypes
  /** Reads one line, from its first byte to its newline, and says what in it is not understood. */
  readonly line: (bytes: Uint8Array, start: number, end: number) => PoolLine | BadText
  /** Names have numbers below this; exports among them. */
  readonly nameCount: () => number
  /** The number of a name as genksyms writes it; of an export, its bare name. */
  readonly nameNumber: (name: string) => number
  /** A name as genksyms writes it, such as `s#device`. */
  readonly nameText: (name: number) => string
  /** The bare name, as of an export: elsewhere it may be that of a typedef, too. */
  readonly symbolText: (name: number) => string
  /** Whether a line had the word `extern` before the definition, a flag that counts for nothing. */
  readonly isExtern: (name: number) => boolean
  /** The tokens of a definition, one space between. */
  readonly definitionText: (definition: number) => string
  /** The parts of a definition, as in `Symtypes`; `partOf.record` is the number of a name. */
  readonly parts: () => Int32Array
  /** By definition, the first of its parts, and -1 when it was not understood; and the one after the last. */
  readonly partsStart: () => Int32Array
  readonly partsEnd: () => Int32Array
}

const extern = new TextEncoder().encode('extern ')
const override = new TextEncoder().encode('override ')

const atSign = 64

/** Beside the letter of a name, which is a character of ASCII. */
const externBit = 128

/** Makes an empty pool. */
export function typePool(): TypePool {
  const prefixes = symtypesPrefixes()
  const names = poolNames(prefixes)
  const reader = definitionReader(names.referred, prefixes)
  const definitions = poolDefinitions(reader)
  const line = lineReader(prefixes, names, definitions, reader)
  return {
    add: (bytes) => readLines(bytes, line),
    line,
    nameCount: names.count,
    nameNumber: names.numberOf,
    nameText: names.textOf,
    symbolText: names.symbolOf,
    isExtern: names.isExtern,
    definitionText: definitions.textOf,
    parts: definitions.parts,
    partsStart: definitions.partsStart,
    partsEnd: definitions.partsEnd,
  }
}

type Prefixes = ReturnType<typeof symtypesPrefixes>

/** The number of a name that is a range of bytes with that CRC-32 state. */
type NameNumber = (bytes: Uint8Array, start: number, end: number, state: number, tag: boolean) => number

interface PoolNames {
  /** Of a name that a definition refers to. */
  readonly referred: NameNumber
  /** Of a name that a line defines. */
  readonly defined: NameNumber
  /** Notes the letter that stands before a name where it is defined, and the flag of a line. */
  readonly setLetter: (name: number, letter: number) => void
  readonly setExtern: (name: number) => void
  readonly count: () => number
  readonly numberOf: (name: string) => number
  readonly textOf: (name: number) => string
  readonly symbolOf: (name: number) => string
  readonly isExtern: (name: number) => boolean
}

function poolNames(prefixes: Prefixes): PoolNames {
  const { byte } = crc32()
  const tags = textTable()
  const others = textTable()
  let letters = new Uint8Array(1 << 10)

  /** A struct, union or enum may have the name of a typedef: both kinds count up in steps of two. */
  const nameNumber: NameNumber = (bytes, start, end, state, tag) => {
    const name = tag ? tags.add(bytes, start, end, state) * 2 + 1 : others.add(bytes, start, end, state) * 2
    if (name >= letters.length) {
      const larger = new Uint8Array(letters.length * 2 + name)
      larger.set(letters)
      letters = larger
    }
    return name
  }
  const symbolOf = (name: number): string => {
    const bytes = (name & 1 ? tags : others).bytesOf(name >> 1)
    return textOf(bytes, 0, bytes.length)
  }
  return {
    referred: (bytes, start, end, state, tag) => {
      const name = nameNumber(bytes, start, end, state, tag)
      if (((letters[name] ?? 0) & ~externBit) === 0)
        letters[name] = (letters[name] ?? 0) | (bytes[start - 2] ?? 0)
      return name
    },
    defined: nameNumber,
    setLetter: (name, letter) => {
      letters[name] = letter | ((letters[name] ?? 0) & externBit)
    },
    setExtern: (name) => {
      letters[name] = (letters[name] ?? 0) | externBit
    },
    count: () => 2 * Math.max(tags.count(), others.count()),
    numberOf: (name) => {
      const bytes = new TextEncoder().encode(name)
      const prefix = bytes[1] === hash ? prefixes[bytes[0] ?? 0] : undefined
      const start = prefix ? 2 : 0
      let state = 0
      for (const code of bytes.subarray(start)) state = (byte[(state ^ code) & 255] ?? 0) ^ (state >>> 8)
      return nameNumber(bytes, start, bytes.length, state, prefix?.tag ?? false)
    },
    textOf: (name) => {
      const letter = (letters[name] ?? 0) & ~externBit
      return (letter === 0 ? '' : `${String.fromCharCode(letter)}#`) + symbolOf(name)
    },
    symbolOf,
    isExtern: (name) => ((letters[name] ?? 0) & externBit) !== 0,
  }
}

/** The number of a definition that is a range of bytes. */
type DefinitionNumber = (bytes: Uint8Array, start: number, end: number) => number

interface PoolDefinitions extends Pick<TypePool, 'parts' | 'partsStart' | 'partsEnd'> {
  readonly add: DefinitionNumber
  readonly textOf: TypePool['definitionText']
}

function poolDefinitions(reader: ReturnType<typeof definitionReader>): PoolDefinitions {
  const bodies = textTable()
  let partsStart = new Int32Array(1 << 10)
  let partsEnd = new Int32Array(1 << 10)

  const add: DefinitionNumber = (bytes, start, end) => {
    // A table compares whole texts anyway, so of a long one a sample will do.
    const step = 1 + ((end - start) >>> 6)
    let state = 0x811c9dc5 ^ (end - start)
    for (let at = start; at < end; at += step) state = Math.imul(state ^ (bytes[at] ?? 0), 0x01000193)
    const before = bodies.count()
    const definition = bodies.add(bytes, start, end, state)
    if (definition < before) return definition
    if (definition >= partsStart.length) {
      partsStart = resized(partsStart, partsStart.length * 2)
      partsEnd = resized(partsEnd, partsEnd.length * 2)
    }
    const first = reader.used()
    const understood = start < end && !reader.read(bytes, start, end)
    partsStart[definition] = understood ? first : -1
    partsEnd[definition] = reader.used()
    return definition
  }
  return {
    add,
    textOf: (definition) => {
      const bytes = bodies.bytesOf(definition)
      return textOf(bytes, 0, bytes.length)
    },
    parts: reader.parts,
    partsStart: () => partsStart,
    partsEnd: () => partsEnd,
  }
}

/** Reads a line `override s#name extern definition`; the first and the last but one word may be missing. */
function lineReader(
  prefixes: Prefixes,
  names: PoolNames,
  definitions: PoolDefinitions,
  reader: ReturnType<typeof definitionReader>,
): TypePool['line'] {
  const tables = crc32()
  const { byte } = tables
  const inSymbol = bytesOfSymbols()
  // What the combined form has behind a name of which there are several.
  inSymbol[atSign] = 1
  const inType = bytesOfTypes()
  return (bytes, start, end) => {
    let at = startsWith(bytes, start, override) ? start + override.length : start
    const recordStart = at
    const prefix = bytes[at + 1] === hash ? prefixes[bytes[at] ?? 0] : undefined
    const letter = prefix ? (bytes[at] ?? 0) : 0
    if (prefix) at += 2
    const nameStart = at
    if (prefix && bytes[at] === apostrophe) at = quotedNameEnd(bytes, at, end)
    if (at < 0) return { start: recordStart, end, message: 'the quoted name does not end on this line' }
    let state = feedBytes(tables, 0, bytes, nameStart, at)
    const inName = prefix ? inType : inSymbol
    for (let code = bytes[at] ?? 0; inName[code]; code = bytes[at] ?? 0) {
      state = (byte[(state ^ code) & 255] ?? 0) ^ (state >>> 8)
      at++
    }
    const short = prefix !== undefined && bytes[nameStart] === hash
    if (short || at <= nameStart || (bytes[at] !== space && at !== end))
      return badName(bytes, recordStart, end)
    const name = names.defined(bytes, nameStart, at, state, prefix?.tag ?? false)
    if (letter !== 0) names.setLetter(name, letter)
    at++
    if (startsWith(bytes, at, extern)) {
      at += extern.length
      names.setExtern(name)
    }
    if (at >= end) return { start: recordStart, end, message: 'a name without a definition' }
    const textEnd = bytes[end - 1] === space ? end - 1 : end
    const definition = definitions.add(bytes, at, textEnd)
    if ((definitions.partsStart()[definition] ?? -1) >= 0) return { name, definition, exported: letter === 0 }
    return reader.read(bytes, at, textEnd) ?? { start: at, end, message: 'a name without a definition' }
  }
}

/** Reads the lines of a file, and leaves out those that are not understood. */
function readLines(bytes: Uint8Array, line: TypePool['line']): ObjectTypes {
  let names = new Int32Array(1 << 10)
  let definitions = new Int32Array(1 << 10)
  let count = 0
  let start = 0
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    const one = end > start ? line(bytes, start, end) : undefined
    start = end + 1
    if (!one || 'message' in one) continue
    if (count === names.length) {
      names = resized(names, count * 2)
      definitions = resized(definitions, count * 2)
    }
    names[count] = one.name
    definitions[count++] = one.definition
  }
  return { names: names.slice(0, count), definitions: definitions.slice(0, count) }
}
