import { printable } from './quote.ts'

/** Characters of a source line that an excerpt shows, and how many of them stand before the place. */
const excerptWidth = 100
const excerptLead = 40

/**
 * A line of a file as an excerpt shows it, cut around the place when it is long, and marks below the place.
 * @param column from 1; it and `length` are in UTF-16 units
 */
export function underlined(source: string, column: number, length: number): readonly string[] {
  const offset = column - 1
  const start = offset + length <= excerptWidth ? 0 : Math.max(0, offset - excerptLead)
  const shown = printable(source.slice(start, start + excerptWidth))
  const before = start > 0 ? '…' : ''
  const after = start + excerptWidth < source.length ? '…' : ''
  const marks = Math.max(1, Math.min(length, source.length - offset, excerptWidth - (offset - start)))
  return [before + shown + after, ' '.repeat(before.length + offset - start) + '^'.repeat(marks)]
}
