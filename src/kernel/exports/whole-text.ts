/** What can be said about the end of a preprocessed text. */
export type EndOfText = 'whole' | 'cut' | 'unknown'

/**
 * Tells whether a preprocessed text goes on to the end of its source. A preprocessor counts lines: by the markers
 * `# LINE "FILE" FLAGS` (GCC, "Preprocessor Output"), the last line of the text is the last line of code of the source, or the
 * one after a last `#include`. Where that line stands in an `#if`, or is not plain, it is not known which line is the last.
 * @param source the text of the file that was preprocessed

 */
export function endOfText(text: Buffer, source: Buffer): EndOfText {
  if (text.length === 0 || text[text.length - 1] !== newline) return 'cut'
  const first = /^# [01] "((?:[^"\\\n]|\\.)*)"/.exec(text.toString('latin1', 0, 4096))
  if (!first) return 'cut'
  const expected = lastLine(source.toString('latin1'))
  if (expected === undefined) return 'unknown'
  const found = lastPlace(text)
  return found?.file === first[1] && found?.line === expected ? 'whole' : 'unknown'
}

const newline = 10

/** The line of the last token by the last marker before it. */
function lastPlace(text: Buffer): { readonly file: string; readonly line: number } | undefined {
  const start = text.lastIndexOf('\n# ') + 1
  const lines = text.toString('latin1', start).split('\n')
  const marker = /^# (\d+) "((?:[^"\\]|\\.)*)"/.exec(lines[0] ?? '')
  if (!marker) return undefined
  const last = lines.findLastIndex((line, index) => index > 0 && line.trim() !== '')
  return { file: marker[2] ?? '', line: Number(marker[1]) + Math.max(last, 1) - 1 }
}

/**
 * The line of the last token of a source, from 1; of a last `#include` the line after it.
 * @returns undefined where it takes a preprocessor to know
 */
function lastLine(source: string): number | undefined {
  const lines = withoutComments(source).split('\n')
  const last = lines.findLastIndex((line) => line.trim() !== '')
  let depth = 0
  for (const line of lines.slice(0, last + 1)) {
    if (/^[ \t]*(?:#|%:)[ \t]*if/.test(line)) depth++
    else if (/^[ \t]*(?:#|%:)[ \t]*endif\b/.test(line)) depth--
  }
  const line = lines[last]
  if (line === undefined || depth !== 0 || lines[last - 1]?.endsWith('\\')) return undefined
  if (!/^[ \t]*(?:#|%:)/.test(line)) return last + 1
  return /^[ \t]*#[ \t]*include\b/.test(line) ? last + 2 : undefined
}

/** Comments become spaces; lines stay where they are. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[^]*?\*\/|\/\/.*/g, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found,
  )
}

/** Whether two preprocessed texts are the same but for white space and line markers. */
export function sameTokens(one: string, other: string): boolean {
  return tokensOf(one) === tokensOf(other)
}

function tokensOf(text: string): string {
  return text
    .replace(/^# \d+ ".*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}
