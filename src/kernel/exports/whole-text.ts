/** What can be said about the end of a preprocessed text. */
type EndOfText = 'whole' | 'cut' | 'unknown'

/**
 * Tells whether a preprocessed text goes on far enough in its source. A preprocessor counts lines: by the markers
 * `# LINE "FILE" FLAGS` (GCC, "Preprocessor Output") the last line of the text is a line of the source, and what stands after
 * that line is missing, be it for an `#if`. When nothing of that could export, no export is lost: a checksum depends on
 * nothing that stands behind its export.
 * @param source the text of the file that was preprocessed
 * @param language of assembler, any word may be a macro that exports
 */
export function endOfText(text: Buffer, source: Buffer, language: 'c' | 'assembler'): EndOfText {
  if (text.length === 0 || text[text.length - 1] !== newline) return 'cut'
  const first = /^# [01] "((?:[^"\\\n]|\\.)*)"/.exec(text.toString('latin1', 0, 4096))
  if (!first) return 'cut'
  const found = lastPlace(text)
  if (found?.file !== first[1]) return 'unknown'
  const rest = withoutComments(source.toString('latin1'))
    .split('\n')
    .slice(found?.line ?? 0)
  const exporting = language === 'c' ? mayExport : /^[ \t]*(?:[^ \t#]|#[ \t]*include\b)/
  return rest.some((line) => exporting.test(line)) ? 'unknown' : 'whole'
}

/** An exporting macro, another source, or what looks like the call of a macro, or `asm`, outside of any function. */
const mayExport = /EXPORT|^[ \t]*(?:#|%:)[ \t]*include\b|^[A-Za-z_]\w*[ \t]*\(/

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
