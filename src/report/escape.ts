/**
 * Everything in a verdict that somebody else wrote (names of files and symbols, reasons, messages, build logs) goes
 * through one of these functions before it reaches a reader.
 */

const escapeCharacter = String.fromCharCode(27)
const bell = String.fromCharCode(7)

/** Colour and cursor sequences, and window titles that end properly. */
const terminalSequence = new RegExp(
  `${escapeCharacter}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${escapeCharacter}${bell}]*(?:${bell}|${escapeCharacter}\\\\))`,
  'g',
)

/** White space that would break or shift a line. */
const breaking = /[\t\n\v\f\r\u0085\u2028\u2029]/g

/** Control, format (bidirectional and zero-width too) and lone surrogate characters, and others that show nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu

/**
 * One line that is safe in a terminal and in the log of a workflow: nothing invisible, and nothing that GitHub's
 * runner takes for a command, which is `::` at the start of a line and `##[` anywhere.
 *
 * @param max longest result in UTF-16 units; a longer text ends in `…`
 */
export function printable(untrusted: string, max = 2000): string {
  if (untrusted.length <= max && /^[\w./+-]*$/.test(untrusted)) return untrusted
  const visible = untrusted.replace(terminalSequence, '').replace(breaking, ' ').replace(unseen, '')
  // Wrapping can put any word at the start of a line.
  const inert = visible.replace(/(^|\s):{2,}/g, '$1:').replaceAll('##[', '## [')
  return cut(inert, max)
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text
  return text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '') + '…'
}

/**
 * The same text for GitHub's Markdown, also inside a table. A zero-width space keeps mentions, references and bare
 * links from coming to life: GitHub looks for them after it has resolved entities and backslashes.
 */
export function markdownText(untrusted: string, max = 2000): string {
  return printable(untrusted, max).replace(
    /[&<>|$\\`*~[\]@]|(?<![a-z\d])_|_(?![a-z\d])|#(?=\d)|GH-(?=\d)|:(?=\/\/)|www(?=\.)/gi,
    (special) =>
      markdownEscapes[special] ?? (/^[\\`*~[\]_]$/.test(special) ? `\\${special}` : `${special}&#8203;`),
  )
}

const markdownEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  $: '&#36;',
}

/** A name as inline code. */
export function markdownCode(untrusted: string, max = 300): string {
  const text = printable(untrusted, max)
  if (text === '') return ''
  // Backquotes and pipes have no safe form between backquotes in a table.
  return /^[\w.,:=+/%~*?()-]+$/.test(text) ? `\`${text}\`` : `<code>${markdownText(text, max)}</code>`
}

/**
 * The same text between HTML tags that stand in Markdown, such as those of a summary: Markdown resolves no backslash
 * there.
 */
export function markdownHtml(untrusted: string, max = 2000): string {
  return printable(untrusted, max).replace(
    /[&<>|$\\`*~[\]@_]|#(?=\d)|:(?=\/\/)|(?:GH-|www)(?=[\d.])/gi,
    (special) => (/^[@#:gw]/i.test(special) ? `${special}&#8203;` : `&#${special.charCodeAt(0)};`),
  )
}

/** Lines as a fenced code block. */
export function markdownCodeBlock(untrusted: readonly string[], language: 'text' | 'diff' = 'text'): string {
  return fencedBlock(
    untrusted.map((line) => printable(line, 300)),
    language,
  )
}

/** Lines as they are in a code block that no run of backquotes among them ends. */
export function fencedBlock(lines: readonly string[], language: string): string {
  const longest = lines.reduce(
    (most, line) => Math.max(most, ...(line.match(/`+/g) ?? []).map((run) => run.length)),
    2,
  )
  const fence = '`'.repeat(longest + 1)
  return [`${fence}${language}`, ...lines, fence].join('\n')
}

/** The same text for HTML, as the content of an element or the value of an attribute in quotes. */
export function htmlText(untrusted: string, max = 2000): string {
  return printable(untrusted, max).replace(/[&<>"']/g, (special) => `&#${special.charCodeAt(0)};`)
}
