import { formatWhitelist } from './format-whitelist.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { readComments } from './whitelist-comments.ts'
import type { Whitelist } from './whitelist.ts'

/**
 * The problem of a whitelist whose text is not what `formatWhitelist` writes for its rows, comments left where they
 * are: it shows the first line that differs. `undefined` when the text is canonical.
 * @param whitelist what `parseWhitelist` read from the same text, without errors
 */
export function notCanonical(text: string, whitelist: Whitelist): Problem | undefined {
  const canonical = formatWhitelist(whitelist, readComments(text, whitelist.rows))
  if (text === canonical) return undefined
  const { file } = whitelist
  const found = linesOf(text)
  const expected = linesOf(canonical)
  const line = found.findIndex((row, index) => row !== expected[index]) + 1
  if (line === 0) {
    return { kind: 'not-canonical', message: 'The last line does not end with a newline.', place: { file } }
  }
  const shown = (lines: readonly string[]): string => {
    const row = lines[line - 1]
    return row === undefined ? 'the end of the file' : quote(row)
  }
  return {
    kind: 'not-canonical',
    message: `Line ${line} is not what the canonical form has there.`,
    place: { file, line },
    excerpt: [`found:    ${shown(found)}`, `expected: ${shown(expected)}`],
  }
}

/** The lines without their LF; CR is left for all to see. */
function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n')
}
