import { crc32, feedBytes } from './crc32.ts'
import { nameTable, type NameTable } from './name-table.ts'
import type { ProblemList } from '../problem/problem-list.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { lineAt, symtypesFault, type BadText, type TypesFile } from './symtypes-fault.ts'
import {
  apostrophe,
  hash,
  newline,
  quotedNameEnd,
  space,
  startsWith,
  textOf,
  type Prefix,
} from './symtypes.ts'

/** The records of a `.symtypes` file by the numbers of their names; see `Symtypes` for the arrays. */
interface SymtypesLines {
  readonly names: NameTable
  readonly start: Int32Array
  readonly end: Int32Array
}

/** What a record begins with that came from a reference file. */
const override = new TextEncoder().encode('override ')

/**
 * Cuts a `.symtypes` file into records and numbers their names. Blank lines are skipped, as is the word `override`. Of
 * two records of one name the first counts, as in genksyms.
 */
export function symtypesLines(
  source: TypesFile,
  prefixes: readonly (Prefix | undefined)[],
  problems: ProblemList,
): SymtypesLines {
  const { bytes } = source
  const capacity = countLines(bytes)
  const names = nameTable(bytes, capacity)
  const start = new Int32Array(capacity)
  const end = new Int32Array(capacity)
  const inSymbol = bytesOfSymbols()
  const inType = bytesOfTypes()
  const tables = crc32()
  const { byte } = tables

  forEachLine(source, problems, (lineStart, lineEnd) => {
    const recordStart = startsWith(bytes, lineStart, override) ? lineStart + override.length : lineStart
    const prefix = bytes[recordStart + 1] === hash ? prefixes[bytes[recordStart] ?? 0] : undefined
    const nameStart = prefix ? recordStart + 2 : recordStart
    const inName = prefix ? inType : inSymbol
    const quoted = prefix !== undefined && bytes[nameStart] === apostrophe
    let at = quoted ? quotedNameEnd(bytes, nameStart, lineEnd) : nameStart
    let state = at > nameStart ? feedBytes(tables, 0, bytes, nameStart, at) : 0
    for (let code = bytes[at] ?? 0; inName[code]; code = bytes[at] ?? 0) {
      state = (byte[(state ^ code) & 255] ?? 0) ^ (state >>> 8)
      at++
    }
    const short = prefix !== undefined && bytes[nameStart] === hash
    if (short || at <= nameStart || (bytes[at] !== space && at !== lineEnd)) {
      problems.error(() => symtypesFault(source, badName(bytes, recordStart, lineEnd)))
      return
    }
    const record = names.add(nameStart, at, state, prefix?.tag ?? false)
    if (record >= 0) {
      start[record] = recordStart
      end[record] = lineEnd
      return
    }
    const earlier = start[-1 - record] ?? 0
    if (sameText(bytes, earlier, recordStart))
      problems.note(() => repeatedRecord(source, earlier, recordStart))
    else problems.error(() => otherDefinition(source, earlier, recordStart))
  })
  return { names, start, end }
}

/**
 * Calls for each line that is not blank, with the place of its first byte and of its newline. A last line without a
 * newline was not written to its end: that is a `malformed-line`.
 */
export function forEachLine(
  source: TypesFile,
  problems: ProblemList,
  call: (start: number, end: number) => void,
): void {
  const { bytes } = source
  let start = 0
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    if (end > start) call(start, end)
    start = end + 1
  }
  if (start === bytes.length) return
  const advice = 'Make the file again: whatever wrote it was stopped, or the disk was full.'
  const cut = { start, end: bytes.length, message: 'the file ends in the middle of this line', advice }
  problems.error(() => symtypesFault(source, cut))
}

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++
  return count
}

/** For each byte 1 when it may stand in the name of a symbol: in a C identifier, or `.` as in symbols of assembler sources. */
export function bytesOfSymbols(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (/[\w.$]/.test(String.fromCharCode(code)) ? 1 : 0))
}

/** The same for the name of a type, which need not be one of C: `core::option::Option<&str>`. */
export function bytesOfTypes(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => Number(code > space))
}

/** What is wrong with a line whose name is not understood. */
export function badName(bytes: Uint8Array, start: number, lineEnd: number): BadText {
  const nextSpace = bytes.indexOf(space, start)
  const end = nextSpace < 0 ? lineEnd : Math.min(nextSpace, lineEnd)
  return { start, end, message: `${quote(textOf(bytes, start, end))} is not the name of a type or symbol` }
}

/** Whether the rest of the line is the same from both places on. */
function sameText(bytes: Uint8Array, start: number, other: number): boolean {
  let at = 0
  while (bytes[start + at] === bytes[other + at] && bytes[start + at] !== newline) at++
  return bytes[start + at] === bytes[other + at]
}

function repeatedRecord({ bytes, file }: TypesFile, earlier: number, later: number): Problem {
  const message = `${nameAt(bytes, later)} stands on line ${lineAt(bytes, earlier)} already, with the same definition.`
  return { kind: 'duplicate-row', message, place: { file, line: lineAt(bytes, later) } }
}

function otherDefinition({ bytes, file }: TypesFile, earlier: number, later: number): Problem {
  const message = `${nameAt(bytes, later)} has another definition on line ${lineAt(bytes, earlier)}.`
  const advice = 'Make the file again: genksyms writes every name once.'
  return { kind: 'conflicting-rows', message, place: { file, line: lineAt(bytes, later) }, advice }
}

function nameAt(bytes: Uint8Array, start: number): string {
  return quote(/^(?:.#'[^'\n]*')?[^ \n]*/.exec(textOf(bytes, start, start + 200))?.[0] ?? '')
}
