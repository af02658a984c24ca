import { crc32, feedBytes } from '../crc32.ts'
import { definitionReader } from '../symtypes-definitions.ts'
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
  /** Names have numbers below this; exports among them. */
  readonly nameCount: () => number
  /** The number of a name as genksyms writes it; of an export, its bare name. */
  readonly nameNumber: (name: string) => number
  /** A name as genksyms writes it, such as `s#device`. */
  readonly nameText: (name: number) => string
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

/** Makes an empty pool. */
export function typePool(): TypePool {
  const prefixes = symtypesPrefixes()
  const tables = crc32()
  const { byte } = tables
  const tags = textTable()
  const others = textTable()
  const bodies = textTable()
  let letters = new Uint8Array(1 << 10)
  let partsStart = new Int32Array(1 << 10)
  let partsEnd = new Int32Array(1 << 10)

  /** A struct, union or enum may have the name of a typedef: both kinds count up in steps of two. */
  const nameOf = (bytes: Uint8Array, start: number, end: number, state: number, tag: boolean): number => {
    const name = tag ? tags.add(bytes, start, end, state) * 2 + 1 : others.add(bytes, start, end, state) * 2
    if (name >= letters.length) {
      const larger = new Uint8Array(letters.length * 2 + name)
      larger.set(letters)
      letters = larger
    }
    return name
  }
  const reader = definitionReader((bytes, start, end, state, tag) => {
    const name = nameOf(bytes, start, end, state, tag)
    letters[name] ||= bytes[start - 2] ?? 0
    return name
  }, prefixes)

  const definitionOf = (bytes: Uint8Array, start: number, end: number): number => {
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

  const add = (bytes: Uint8Array): ObjectTypes => {
    let names = new Int32Array(1 << 10)
    let definitions = new Int32Array(1 << 10)
    let count = 0
    let lineStart = 0
    for (let lineEnd = bytes.indexOf(newline); lineEnd >= 0; lineEnd = bytes.indexOf(newline, lineStart)) {
      let at = startsWith(bytes, lineStart, override) ? lineStart + override.length : lineStart
      lineStart = lineEnd + 1
      const prefix = bytes[at + 1] === hash ? prefixes[bytes[at] ?? 0] : undefined
      const letter = prefix ? (bytes[at] ?? 0) : 0
      if (prefix) at += 2
      const nameStart = at
      if (prefix && bytes[at] === apostrophe) at = quotedNameEnd(bytes, at, lineEnd)
      if (at < 0) continue
      let state = feedBytes(tables, 0, bytes, nameStart, at)
      for (let code = bytes[at] ?? 0; code > space; code = bytes[at] ?? 0) {
        state = (byte[(state ^ code) & 255] ?? 0) ^ (state >>> 8)
        at++
      }
      if (at === nameStart || at >= lineEnd) continue
      const name = nameOf(bytes, nameStart, at, state, prefix?.tag ?? false)
      if (letter !== 0) letters[name] = letter
      at++
      if (startsWith(bytes, at, extern)) at += extern.length
      if (count === names.length) {
        names = resized(names, count * 2)
        definitions = resized(definitions, count * 2)
      }
      names[count] = name
      definitions[count++] = definitionOf(bytes, at, bytes[lineEnd - 1] === space ? lineEnd - 1 : lineEnd)
    }
    return { names: names.slice(0, count), definitions: definitions.slice(0, count) }
  }
  const tableOf = (name: number) => (name & 1 ? tags : others)
  return {
    add,
    nameCount: () => 2 * Math.max(tags.count(), others.count()),
    nameNumber: (name) => {
      const bytes = new TextEncoder().encode(name)
      const prefix = bytes[1] === hash ? prefixes[bytes[0] ?? 0] : undefined
      const start = prefix ? 2 : 0
      let state = 0
      for (const code of bytes.subarray(start)) state = (byte[(state ^ code) & 255] ?? 0) ^ (state >>> 8)
      return nameOf(bytes, start, bytes.length, state, prefix?.tag ?? false)
    },
    nameText: (name) => {
      const bytes = tableOf(name).bytesOf(name >> 1)
      const letter = letters[name] ?? 0
      return (letter === 0 ? '' : `${String.fromCharCode(letter)}#`) + textOf(bytes, 0, bytes.length)
    },
    definitionText: (definition) => {
      const bytes = bodies.bytesOf(definition)
      return textOf(bytes, 0, bytes.length)
    },
    parts: reader.parts,
    partsStart: () => partsStart,
    partsEnd: () => partsEnd,
  }
}
