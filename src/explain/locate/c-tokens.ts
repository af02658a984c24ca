/** A word, a number, a string (as `""`), one other character, or a line of the preprocessor that begins or ends a branch. */
export interface Token {
  readonly text: string
  /** Where it stands, counted from 1. */
  readonly line: number
}

const piece =
  /[ \t\r\f\v]+|\n|\\\r?\n|\/\*[^]*?(?:\*\/|$)|\/\/(?:[^\\\n]|\\\r?\n|\\)*|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|\w+|[^]/g
const directive = /[ \t]*#(?:[^\\\n/]|\\\r?\n|\\|\/\*[^]*?(?:\*\/|$)|\/\/.*|\/)*/y
const conditional = /^#\s*(?:if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b/

/**
 * Cuts C into tokens, without comments. Of the preprocessor's lines only the conditional ones are kept, each as one token
 * that begins with `#`.
 */
export function cTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  let line = 1
  let atLineStart = true
  piece.lastIndex = 0
  for (;;) {
    if (atLineStart) {
      directive.lastIndex = piece.lastIndex
      const [found] = directive.exec(text) ?? []
      if (found !== undefined) {
        const words = found
          .replace(/\\\r?\n/g, '')
          .replace(/\/\*[^]*?(?:\*\/|$)|\/\/.*/g, ' ')
          .trim()
        if (conditional.test(words)) tokens.push({ text: words, line })
        line += lineEnds(found)
        piece.lastIndex = directive.lastIndex
      }
    }
    const [found] = piece.exec(text) ?? []
    if (found === undefined) return tokens
    const first = found.charCodeAt(0)
    if (found === '\n') {
      line++
      atLineStart = true
    } else if (first === 32 || (first >= 9 && first <= 13)) {
      // White space changes nothing.
    } else if (found.startsWith('/*') || found.startsWith('//') || found.startsWith('\\')) {
      line += lineEnds(found)
    } else {
      tokens.push({ text: found.startsWith('"') ? '""' : found, line })
      if (first === 34 || first === 39) line += lineEnds(found)
      atLineStart = false
    }
  }
}

function lineEnds(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
