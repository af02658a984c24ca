import { LineCounter } from 'yaml'
import type { Problem, ProblemKind } from '../problem/problem.ts'
import { textLines } from '../abi/text-lines.ts'
import { underlined } from '../problem/underlined.ts'

/** Offsets in a text, in UTF-16 units; `end` is the first that does not belong to it. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A YAML file's text, prepared for pointing into it. `lineCounter` is filled by who parses the text. */
export interface ConfigSource {
  readonly file: string
  /** What a fault in it is. */
  readonly kind: ProblemKind
  readonly text: string
  readonly lines: readonly string[]
  readonly lineCounter: LineCounter
}

export function configSource(text: string, file: string, kind: ProblemKind): ConfigSource {
  return { file, kind, text, lines: textLines(text), lineCounter: new LineCounter() }
}

/** The problem of a piece of a file, with its first line shown and underlined. */
export function placedProblem(source: ConfigSource, range: Range, message: string, advice?: string): Problem {
  const { file, kind } = source
  const { line, column } = lineAndColumn(source, range.start)
  return {
    kind,
    message,
    place: { file, line, column },
    excerpt: underlined(source.lines[line - 1] ?? '', column, range.end - range.start),
    ...(advice === undefined ? {} : { advice }),
  }
}

/** Both count from 1. The end of the text, where a parser misses something, is its last visible character. */
function lineAndColumn(
  { text, lineCounter }: ConfigSource,
  offset: number,
): { readonly line: number; readonly column: number } {
  const last = Math.max(0, text.trimEnd().length - 1)
  const { line, col } = lineCounter.linePos(Math.min(offset, last))
  return { line: Math.max(1, line), column: Math.max(1, col) }
}
