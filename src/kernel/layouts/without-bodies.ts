import { keptLines } from './kept-lines.ts'
import { endOfGroup, endOfLine, endOfLiteral, endOfWord, isSpace, isWord, nextToken } from './skip-c.ts'

/**
 * A translation unit as `gcc -E` or `clang -E` printed it, with `;` in place of the body of each function, so that a compiler
 * sees every type, declaration and variable of file scope in a fraction of the time. Types that a body declares are gone.
 *
 * What would refer to a body goes, too: `asm` statements of file scope, and `alias` and `ifunc` in lists of attributes, which
 * leaves an empty place there (GNU C allows that). A function in the style of K&R keeps the declarations of its parameters,
 * and gets an empty body, as only a definition may have them. What remains keeps its file and its line: `keptLines` says how.
 *
 * Text that no compiler takes, where brackets do not match, comes back as it is from there on.
 */
export function withoutBodies(text: string): string {
  const pieces: string[] = []
  let copied = 0
  const replace: Replace = (from, to, instead) => {
    pieces.push(text.slice(copied, from), instead, keptLines(text.slice(from, to)))
    copied = to
  }
  const seen = { ...nothing }
  let at = 0
  while (at >= 0 && at < text.length) {
    const code = text.charCodeAt(at)
    if (isSpace(code)) at++
    else if (code === hash) at = endOfLine(text, at)
    else if (isWord(code)) at = passWord(text, at, seen, replace)
    else if (code === semicolon) {
      Object.assign(seen, nothing)
      at++
    } else if (code === openingBrace) at = passBrace(text, at, seen, replace)
    else at = passMark(text, at, seen)
  }
  pieces.push(text.slice(copied))
  return pieces.join('')
}

/** Puts something in place of a part of the text. */
type Replace = (from: number, to: number, instead: string) => void

/** What of a declaration of file scope has been seen. */
interface Seen {
  begun: boolean
  /** Parentheses that could be those of a function. */
  list: boolean
  /** A `=`: braces are no body until the declaration ends. */
  initialised: boolean
  /** Whether a brace would begin the body of a struct, union or enum; a colon tells the type of an enum's values. */
  record: 'none' | 'head' | 'colon'
}

const nothing: Seen = { begun: false, list: false, initialised: false, record: 'none' }

const [doubleQuote, hash, singleQuote, opening, closing, colon, semicolon, equals] = [
  0x22, 0x23, 0x27, 0x28, 0x29, 0x3a, 0x3b, 0x3d,
]
const [openingBracket, closingBracket, openingBrace, closingBrace, comma] = [0x5b, 0x5d, 0x7b, 0x7d, 0x2c]

const words: ReadonlyMap<string, 'record' | 'attribute' | 'asm'> = new Map([
  ...(['struct', 'union', 'enum'] as const).map((word) => [word, 'record'] as const),
  ...(['__attribute__', '__attribute'] as const).map((word) => [word, 'attribute'] as const),
  ...(['asm', '__asm__', '__asm'] as const).map((word) => [word, 'asm'] as const),
])

function passWord(text: string, start: number, seen: Seen, replace: Replace): number {
  const end = endOfWord(text, start)
  const statement = !seen.begun
  seen.begun = true
  switch (words.get(text.slice(start, end))) {
    case 'record':
      seen.record = 'head'
      return end
    case 'attribute':
      return passAttributes(text, end, replace)
    case 'asm':
      return statement ? passAsm(text, start, end, seen, replace) : end
    case undefined:
      return end
  }
}

/** A brace begins the body of a type or of a function, or an initialiser. */
function passBrace(text: string, start: number, seen: Seen, replace: Replace): number {
  const end = endOfGroup(text, start)
  if (end < 0) return end
  if (!seen.begun) {
    // Behind the semicolon of the last parameter that K&R declare.
    replace(start, end, '{}')
  } else if (seen.record === 'none' && !seen.initialised && seen.list) {
    replace(start, end, ';')
    Object.assign(seen, nothing)
  }
  seen.record = 'none'
  return end
}

function passMark(text: string, at: number, seen: Seen): number {
  seen.begun = true
  switch (text.charCodeAt(at)) {
    case doubleQuote:
    case singleQuote:
      return endOfLiteral(text, at)
    case openingBracket:
      return endOfGroup(text, at)
    case opening:
      seen.list = true
      // Those of a function that returns the type, unless they are of typeof.
      if (seen.record !== 'colon') seen.record = 'none'
      return endOfGroup(text, at)
    case closing:
    case closingBracket:
    case closingBrace:
      return -1
    case colon:
      seen.record = 'colon'
      break
    case equals:
      seen.initialised = true
      break
  }
  return at + 1
}

/** Drops a statement `asm volatile ("…");` of file scope. */
function passAsm(text: string, start: number, end: number, seen: Seen, replace: Replace): number {
  let list = nextToken(text, end)
  while (isWord(text.charCodeAt(list))) list = nextToken(text, endOfWord(text, list))
  if (text.charCodeAt(list) !== opening) return end
  const listEnd = endOfGroup(text, list)
  if (listEnd < 0) return listEnd
  const last = nextToken(text, listEnd)
  if (text.charCodeAt(last) !== semicolon) return listEnd
  replace(start, last + 1, '')
  seen.begun = false
  return last + 1
}

const aliases = new Set(['alias', '__alias__', 'ifunc', '__ifunc__'])

/** Passes `((…))`, and drops from it the attributes that name another function. */
function passAttributes(text: string, start: number, replace: Replace): number {
  const outer = nextToken(text, start)
  if (text.charCodeAt(outer) !== opening) return start
  const end = endOfGroup(text, outer)
  const inner = nextToken(text, outer + 1)
  if (text.charCodeAt(inner) !== opening) return end
  let at = inner
  while (at < end && text.charCodeAt(at) !== closing) {
    const name = nextToken(text, at + 1)
    const nameEnd = endOfWord(text, name)
    at = endOfAttribute(text, nameEnd, end)
    if (aliases.has(text.slice(name, nameEnd))) replace(name, at, '')
  }
  return end
}

/** At the comma or parenthesis behind an attribute. */
function endOfAttribute(text: string, start: number, listEnd: number): number {
  let at = nextToken(text, start)
  while (at >= 0 && at < listEnd) {
    const code = text.charCodeAt(at)
    if (code === comma || code === closing) return at
    if (code === opening) at = endOfGroup(text, at)
    else if (code === doubleQuote || code === singleQuote) at = endOfLiteral(text, at)
    else at++
    if (at >= 0) at = nextToken(text, at)
  }
  return listEnd
}
