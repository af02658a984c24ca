import { crc32, feedBytes, shift } from './crc32.ts'

/**
 * A parsed `.symtypes` file, the form in which genksyms dumps the types behind each export (docs/formats.md). Its
 * records are numbered from 0 in file order; places are byte offsets into `bytes`.
 *
 * Each definition is cut at its references. That of record `n` lies in `parts` from `partsStart[n]` (-1 when it was not
 * understood) to before `partsEnd[n]`: `partSize` numbers for the text before the first reference, then as many for each
 * reference and the text after it, see `partOf`. A text is its length and its CRC-32 state from zero.
 */
export interface Symtypes {
  readonly bytes: Uint8Array
  readonly count: number
  /** Where the record begins, without the word `override`. */
  readonly start: Int32Array
  /** Where its name begins, without the prefix. */
  readonly nameStart: Int32Array
  readonly nameEnd: Int32Array
  /** The newline after it. */
  readonly end: Int32Array
  readonly partsStart: Int32Array
  readonly partsEnd: Int32Array
  readonly parts: Int32Array
}

export const partSize = 5

export const partOf = {
  /** The record referred to. */
  record: 0,
  /** What the reference feeds when it is a repeated one, and the text after it. */
  repeatedLength: 1,
  repeatedState: 2,
  /** The text after the reference. */
  textLength: 3,
  textState: 4,
} as const

/**
 * The state after the text that a reference, or the beginning of a definition, is followed by.
 * @param zeros `shift` of `crc32()`
 */
export function feedText(zeros: Int32Array, crc: number, parts: Int32Array, part: number): number {
  return shift(zeros, crc, parts[part + partOf.textLength] ?? 0) ^ (parts[part + partOf.textState] ?? 0)
}

/** The state after a repeated reference and the text that follows it. */
export function feedRepeated(zeros: Int32Array, crc: number, parts: Int32Array, part: number): number {
  return (
    shift(zeros, crc, parts[part + partOf.repeatedLength] ?? 0) ^ (parts[part + partOf.repeatedState] ?? 0)
  )
}

/** What a letter before `#` says about the name behind it. */
export interface Prefix {
  /** Whether it names a struct, union or enum: those have a name space of their own. */
  readonly tag: boolean
  /** The keyword that a repeated reference feeds before the name, and a space: length and CRC-32 state from zero. */
  readonly keywordLength: number
  readonly keywordState: number
}

/** The prefixes by the code of their letter: struct, union, enum, typedef, enum constant. */
export function symtypesPrefixes(): readonly (Prefix | undefined)[] {
  const prefixes = new Array<Prefix | undefined>(256).fill(undefined)
  const add = (letter: string, tag: boolean, keyword: string): void => {
    const text = new TextEncoder().encode(keyword)
    const keywordState = feedBytes(crc32(), 0, text, 0, text.length)
    prefixes[letter.charCodeAt(0)] = { tag, keywordLength: text.length, keywordState }
  }
  add('s', true, 'struct ')
  add('u', true, 'union ')
  add('e', true, 'enum ')
  add('t', false, '')
  add('E', false, '')
  return prefixes
}

/** Whether a record is an export: its name has no prefix. */
export function isExport({ start, nameStart }: Symtypes, record: number): boolean {
  return start[record] === nameStart[record]
}

/** The name of a record without its prefix. */
export function recordName({ bytes, nameStart, nameEnd }: Symtypes, record: number): string {
  return textOf(bytes, nameStart[record] ?? 0, nameEnd[record] ?? 0)
}

/** Codes of the bytes that separate. */
export const newline = 10
export const space = 32
export const hash = 35
export const apostrophe = 39

/** The text of a range of bytes; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end))
}

/** Whether the bytes at `start` are those of `word`. */
export function startsWith(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word[at]) return false
  return true
}

/**
 * The byte after the quote that ends the quoted name of a type, which may contain spaces (suse-kabi-tools(5)); -1 when no quote
 * ends it before `end`. Nothing inside is special, a backslash neither: a name that itself has a quote is cut there.
 */
export function quotedNameEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) if (bytes[at] === apostrophe) return at + 1
  return -1
}
