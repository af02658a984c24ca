import { malformedLine } from '../problem/malformed-line.ts'
import type { Problem } from '../problem/problem.ts'
import { newline, textOf } from './symtypes.ts'

/** A file of type definitions, and what messages call it. */
export interface TypesFile {
  readonly bytes: Uint8Array
  readonly file: string
  /** As in "the file was read as types dumped by genksyms". */
  readonly readAs: string
}

/** What is wrong with the bytes from `start` to before `end`, all in one line. */
export interface BadText {
  readonly start: number
  readonly end: number
  /** What was found and what was expected, without a full stop. */
  readonly message: string
  readonly advice?: string
}

/** The problem of a line that was not understood. */
export function symtypesFault({ bytes, file, readAs }: TypesFile, { start, end, ...rest }: BadText): Problem {
  const lineStart = start === 0 ? 0 : bytes.lastIndexOf(newline, start - 1) + 1
  const lineEnd = bytes.indexOf(newline, start)
  const source = textOf(bytes, lineStart, lineEnd < 0 ? bytes.length : lineEnd)
  const column = textOf(bytes, lineStart, start).length + 1
  const { length } = textOf(bytes, start, end)
  return malformedLine(file, lineAt(bytes, start), source, { kind: 'fault', column, length, ...rest }, readAs)
}

/** The number of the line with a byte, from 1. */
export function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(newline); at >= 0 && at < offset; at = bytes.indexOf(newline, at + 1)) line++
  return line
}
