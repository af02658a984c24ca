import type { Problem } from './problem.ts'
import { underlined } from './underlined.ts'

/** What is wrong with a line. `column` counts from 1; it and `length` are in UTF-16 units. */
export interface Fault {
  readonly kind: 'fault'
  readonly column: number
  readonly length: number
  /** What was found and what was expected, without a full stop. */
  readonly message: string
}

/** A fault of all that a line has between leading and trailing white space. */
export function wholeLine(line: string, message: string): Fault {
  const content = line.trim()
  return { kind: 'fault', column: line.indexOf(content) + 1, length: content.length, message }
}

/**
 * The problem of a line that a reader did not understand, with the fault underlined.
 * @param readAs what the file was taken for, as in "a symvers table"
 */
export function malformedLine(
  file: string,
  line: number,
  source: string,
  fault: Fault,
  readAs: string,
): Problem {
  const { column, length, message } = fault
  return {
    kind: 'malformed-line',
    message: `${message}; the file was read as ${readAs}.`,
    place: { file, line, column },
    excerpt: underlined(source, column, length),
  }
}
