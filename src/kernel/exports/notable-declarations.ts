import { PartMemory } from './repeated-parts.ts'

/** What in preprocessed text can have to do with exports, or with what the assembler makes of them. */
export interface NotableDeclaration {
  /** Without line markers. */
  readonly text: string
  /** Where its first notable word stands in the text. */
  readonly at: number
}

/**
 * Splits preprocessed C text into the declarations of file scope, and gives those that hold an `asm`, a name or string of
 * the tables of exports, an export for genksyms, or an attribute whose string could leave its directive.
 * @param memory what was found in the parts of other texts
 */
export function notableDeclarations(text: Buffer, memory = ofHeaders): readonly NotableDeclaration[] {
  const found: NotableDeclaration[] = []
  const repeats = memory.of(text, found)
  let start = 0
  let depth = 0
  let noted = -1
  /** Parentheses that were open where an attribute began. */
  let attribute = -1
  /** Nothing but line markers stands behind the last declaration. */
  let between = true
  const end = (at: number): void => {
    if (noted >= 0) found.push({ text: withoutMarkers(text.toString('latin1', start, at)), at: noted })
    noted = -1
    start = at
    between = true
  }
  let at = 0
  while (at < text.length) {
    const byte = text[at] ?? 0
    const kind = classes[byte]
    let last = endOfToken(text, at, byte)
    between &&= kind === hash || kind === space
    switch (kind) {
      case word:
        if (byte !== underscore && byte !== smallA && byte !== capitalE) break
        if (isAttribute(text, at, last)) attribute = depth
        else if (noted < 0 && isNotableWord(text, at, last)) noted = at
        break
      case quote:
        if (noted < 0 && byte === doubleQuote && isNotableString(text, at, last, attribute >= 0)) noted = at
        break
      case hash:
        if (noted < 0 && isNotablePragma(text, at, last)) noted = at
        if (between && isMarker(text, at) && noted < 0 && attribute < 0) {
          const next = repeats.behind(at, last)
          start = next === last ? at : next
          last = next
        }
        break
      case opening:
        depth++
        break
      case closing:
        depth--
        if (depth <= attribute) attribute = -1
        if (depth === 0 && byte === closingBrace) end(last)
        break
      default:
        if (byte === semicolon && depth === 0) end(last)
    }
    at = last
  }
  // What never closes may hide whatever comes after.
  if (depth !== 0) found.push({ text: '', at: text.length })
  else end(at)
  return found
}

/** The headers of a kernel are read by each of its objects. */
const ofHeaders = new PartMemory<NotableDeclaration>()

/** Names and sections of the tables that exports are entered in (include/linux/export.h, all versions). */
export const tableName = /ksymtab|kstrtab|kcrctab|export_symbol|\b__crc_/

const [word, quote, hash, opening, closing, space] = [1, 2, 3, 4, 5, 6]
const [doubleQuote, underscore, smallA, capitalE, closingBrace, semicolon, backslash, newline] = [
  0x22, 0x5f, 0x61, 0x45, 0x7d, 0x3b, 0x5c, 0x0a,
]

const classes = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++)
  if (/[\w$\x80-\xff]/.test(String.fromCharCode(byte))) classes[byte] = word
for (const [chars, kind] of [
  [`"'`, quote],
  ['#', hash],
  ['({[', opening],
  [')}]', closing],
  [' \t\n\r\f\v', space],
] as const)
  for (const char of chars) classes[char.charCodeAt(0)] = kind

/** The end of a word, a literal, a line of the preprocessor, or of one byte. */
function endOfToken(text: Buffer, start: number, byte: number): number {
  switch (classes[byte]) {
    case word:
      return endOfWord(text, start)
    case quote:
      return endOfLiteral(text, start, byte)
    case hash:
      return endOfLine(text, start)
    default:
      return start + 1
  }
}

function endOfWord(text: Buffer, start: number): number {
  let at = start + 1
  while (at < text.length && classes[text[at] ?? 0] === word) at++
  return at
}

function endOfLiteral(text: Buffer, start: number, mark: number): number {
  let at = start + 1
  for (; at < text.length && text[at] !== mark && text[at] !== newline; at++) if (text[at] === backslash) at++
  return at + 1
}

function endOfLine(text: Buffer, start: number): number {
  const at = text.indexOf(newline, start)
  return at < 0 ? text.length : at
}

/** `# 1 "file"`, and nothing else that begins with this sign. */
function isMarker(text: Buffer, start: number): boolean {
  const [space, digit] = [text[start + 1] ?? 0, text[start + 2] ?? 0]
  return space === 0x20 && digit >= 0x30 && digit <= 0x39
}

function isNotablePragma(text: Buffer, start: number, end: number): boolean {
  return !isMarker(text, start) && tableName.test(text.toString('latin1', start, end))
}

const asmWords = new Set(['asm', '__asm', '__asm__'])
const notableWord =
  /^(?:__GENKSYMS_EXPORT_SYMBOL|EXPORT_(?:UNUSED_)?SYMBOL(?:_GPL(?:_FUTURE)?)?|___?ksymtab.*|__kstrtab.*|___?kcrctab.*|__export_symbol.*|__crc_.*)$/

function isNotableWord(text: Buffer, start: number, end: number): boolean {
  const first = text[start]
  if (first === smallA && end - start !== 3) return false
  const name = text.toString('latin1', start, end)
  return asmWords.has(name) || (first !== smallA && notableWord.test(name))
}

function isAttribute(text: Buffer, start: number, end: number): boolean {
  const length = end - start
  return (length === 13 || length === 11) && /^__attribute(?:__)?$/.test(text.toString('latin1', start, end))
}

function isNotableString(text: Buffer, start: number, end: number, inAttribute: boolean): boolean {
  const content = text.toString('latin1', start, end)
  return tableName.test(content) || (inAttribute && content.includes('\\'))
}

function withoutMarkers(text: string): string {
  return text
    .replace(/^[ \t]*#.*$/gm, (line) => (tableName.test(line) && !/^#\s*\d/.test(line) ? line : ''))
    .trim()
}
