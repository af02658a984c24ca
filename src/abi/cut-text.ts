import { malformedLine, wholeLine } from '../problem/malformed-line.ts'
import type { Problem } from '../problem/problem.ts'

/**
 * The problem of a table whose last line has no newline at its end: what writes tables ends every line, so this one was cut, and
 * nobody knows where.
 * @param readAs what the file was taken for, as in "a symvers table"
 */
export function cutTable(text: string, file: string, readAs: string): Problem | undefined {
  const source = unfinishedLine(text)
  if (source === undefined) return undefined
  const message = 'the last line does not end with a newline, so the file may have been cut'
  return malformedLine(file, lineCount(text), source, wholeLine(source, message), readAs)
}

/** The note on a list that a person may have written, whose last line has no newline at its end. */
export function unfinishedList(text: string, file: string): Problem | undefined {
  if (unfinishedLine(text) === undefined) return undefined
  return {
    kind: 'no-newline',
    message: 'The last line does not end with a newline.',
    place: { file, line: lineCount(text) },
  }
}

function unfinishedLine(text: string): string | undefined {
  const last = text.slice(text.lastIndexOf('\n') + 1)
  return last === '' ? undefined : last
}

function lineCount(text: string): number {
  return text.split('\n').length
}
