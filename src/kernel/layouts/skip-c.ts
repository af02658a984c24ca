/** Ways through preprocessed C: each takes a place in a text and gives the one behind what stands there. */

const [newline, doubleQuote, hash, singleQuote, backslash] = [0x0a, 0x22, 0x23, 0x27, 0x5c]

/** The bracket that closes each one that opens. */
const closings: ReadonlyMap<number, number> = new Map(
  ['()', '[]', '{}'].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]),
)

/**
 * Behind the bracket that closes the one at `start`; -1 if none does. Only brackets of that kind are counted: in C that a
 * compiler takes, the others are paired within.
 */
export function endOfGroup(text: string, start: number): number {
  const open = text.charCodeAt(start)
  const close = closings.get(open)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === open) depth++
    else if (code === close) {
      if (--depth === 0) return at + 1
    } else if (code <= singleQuote) {
      if (code === doubleQuote || code === singleQuote) at = endOfLiteral(text, at) - 1
      else if (code === hash) at = endOfLine(text, at) - 1
    }
  }
  return -1
}

/** Behind the string or character constant at `start`. One that nothing ends goes to the end of its line. */
export function endOfLiteral(text: string, start: number): number {
  const mark = text.charCodeAt(start)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === mark) return at + 1
    if (code === newline) return at
    if (code === backslash) at++
  }
  return text.length
}

/** At the end of the line, for a line of the preprocessor: in its text, `#` stands nowhere else but in literals. */
export function endOfLine(text: string, start: number): number {
  const at = text.indexOf('\n', start)
  return at < 0 ? text.length : at
}

export function endOfWord(text: string, start: number): number {
  let at = start
  while (isWord(text.charCodeAt(at))) at++
  return at
}

/** At the first character that is neither white space nor in a line of the preprocessor. */
export function nextToken(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) at++
    else if (code === hash) at = endOfLine(text, at)
    else return at
  }
}

export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

/** Whether it may stand in a name or a number; compilers take letters of other scripts in names. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code >= 128
  )
}
