import { crc32, feedBytes, shift } from './crc32.ts'
import { quote } from '../problem/quote.ts'
import type { BadText } from './symtypes-fault.ts'
import { apostrophe, hash, partOf, partSize, quotedNameEnd, space, textOf, type Prefix } from './symtypes.ts'

/** Reads definitions, one after the other, into one array of parts; see `Symtypes`. */
interface DefinitionReader {
  /** Adds the parts of the tokens from `start` to before `end`; none when there is something wrong. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => BadText | undefined
  /** The numbers in use, at the beginning of `parts`. */
  readonly used: () => number
  readonly parts: () => Int32Array
}

const quotationMark = 34
const backslash = 92
const letterL = 76

/** The record of a name that is a range of bytes with that CRC-32 state, or -1; see `NameTable`. */
type FindName = (bytes: Uint8Array, start: number, end: number, state: number, tag: boolean) => number

/** Makes a reader of definitions. */
export function definitionReader(
  findName: FindName,
  prefixes: readonly (Prefix | undefined)[],
): DefinitionReader {
  const tables = crc32()
  const { byte, shift: zeros } = tables
  let parts: Int32Array = new Int32Array(1 << 12)
  let used = 0

  const read = (bytes: Uint8Array, start: number, end: number): BadText | undefined => {
    parts = withRoom(parts, used + partSize * (2 + ((end - start) >> 2)))
    const into = parts
    let part = used
    let repeatedLength = 0
    let repeatedState = 0
    let textLength = 0
    let textState = 0
    for (let at = start; at < end; at++) {
      const token = at
      const prefix = bytes[at + 1] === hash ? prefixes[bytes[at] ?? 0] : undefined
      const from = prefix ? at + 2 : at
      at = prefix ? quotedEnd(bytes, from, end) : textLiteralEnd(bytes, from, end)
      if (at < 0) return unended(token, end, prefix)
      let state = feedBytes(tables, prefix ? 0 : textState, bytes, from, at)
      for (let code = bytes[at] ?? 0; code > space; code = bytes[at] ?? 0) {
        state = (byte[(state ^ code) & 255] ?? 0) ^ (state >>> 8)
        at++
      }
      if (at < end && bytes[at] !== space) return strayByte(bytes, at)
      if (at === token) return { start: at, end: at + 1, message: 'a second space; one space ends a token' }
      const stateOfName = state
      state = (byte[(state ^ space) & 255] ?? 0) ^ (state >>> 8)
      if (!prefix) {
        textLength += at - token + 1
        textState = state
        continue
      }
      const record = findName(bytes, from, at, stateOfName, prefix.tag)
      if (record < 0) return missing(bytes, token, at)
      putPart(into, part, repeatedLength, repeatedState, textLength, textState, zeros)
      part += partSize
      into[part + partOf.record] = record
      const nameLength = at - from + 1
      repeatedLength = prefix.keywordLength + nameLength
      repeatedState = shift(zeros, prefix.keywordState, nameLength) ^ state
      textLength = 0
      textState = 0
    }
    putPart(into, part, repeatedLength, repeatedState, textLength, textState, zeros)
    used = part + partSize
    return undefined
  }
  return { read, used: () => used, parts: () => parts }
}

function putPart(
  into: Int32Array,
  part: number,
  repeatedLength: number,
  repeatedState: number,
  textLength: number,
  textState: number,
  zeros: Int32Array,
): void {
  into[part + partOf.repeatedLength] = repeatedLength + textLength
  into[part + partOf.repeatedState] = shift(zeros, repeatedState, textLength) ^ textState
  into[part + partOf.textLength] = textLength
  into[part + partOf.textState] = textState
}

/** The array itself when it holds that many numbers, else a copy of twice the size needed. */
function withRoom(array: Int32Array, size: number): Int32Array {
  if (array.length >= size) return array
  const larger = new Int32Array(size * 2)
  larger.set(array)
  return larger
}

/** The byte after the quoted name that begins at `start`, `start` itself where none does; -1 when it does not end. */
function quotedEnd(bytes: Uint8Array, start: number, end: number): number {
  return bytes[start] === apostrophe ? quotedNameEnd(bytes, start, end) : start
}

/** The byte after the literal, perhaps a wide one, that begins at `start`; see `quotedEnd`. */
function textLiteralEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0
  if (isQuote(first)) return literalEnd(bytes, start, end)
  return first === letterL && isQuote(bytes[start + 1] ?? 0) ? literalEnd(bytes, start + 1, end) : start
}

function unended(start: number, end: number, prefix: Prefix | undefined): BadText {
  const what = prefix ? 'quoted name' : 'literal'
  return { start, end, message: `the ${what} that begins here does not end on this line` }
}

/** Whether a byte opens a C string or character literal. */
function isQuote(code: number): boolean {
  return code === quotationMark || code === apostrophe
}

/** The byte after the quote that ends the C string or character literal at `start`, or -1. */
export function literalEnd(bytes: Uint8Array, start: number, end: number): number {
  const quotes = bytes[start]
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === backslash) at++
    else if (bytes[at] === quotes) return at + 1
  }
  return -1
}

function strayByte(bytes: Uint8Array, at: number): BadText {
  const code = '0x' + (bytes[at] ?? 0).toString(16).padStart(2, '0')
  return { start: at, end: at + 1, message: `found the byte ${code} between tokens, expected one space` }
}

function missing(bytes: Uint8Array, start: number, end: number): BadText {
  return {
    start,
    end,
    message: `${quote(textOf(bytes, start, end))} refers to a type that the file does not define`,
  }
}
