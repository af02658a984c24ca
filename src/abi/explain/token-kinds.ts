const qualifiers = new Set(['const', '__const', '__const__', 'volatile', '__volatile', '__volatile__'])

/** The words that make up the types of C; `genksyms` leaves out storage classes and `restrict`. */
const typeWords = new Set([
  ...['void', 'char', 'short', 'int', 'long', 'float', 'double', '_Bool', 'signed', 'unsigned'],
  ...['__signed', '__signed__', '__int128', '__int128_t', '__uint128_t', '__builtin_va_list'],
])

const attributeWords = new Set(['__attribute__', '__attribute'])
const typeofWords = new Set(['typeof', '__typeof', '__typeof__'])
const compoundWords = new Set(['struct', 'union', 'enum'])

export function isQualifier(token: string | undefined): boolean {
  return token !== undefined && qualifiers.has(token)
}

export function isAttribute(token: string | undefined): boolean {
  return token !== undefined && attributeWords.has(token)
}

export function isTypeof(token: string | undefined): boolean {
  return token !== undefined && typeofWords.has(token)
}

export function isCompoundKeyword(token: string | undefined): token is 'struct' | 'union' | 'enum' {
  return token !== undefined && compoundWords.has(token)
}

/** Whether a token is a type by itself: a word such as `unsigned`, or a reference such as `s#device`. */
export function isType(token: string | undefined): boolean {
  return token !== undefined && (typeWords.has(token) || /^[suet]#/.test(token))
}

/** Whether a token is an identifier without further meaning: a name, or an unknown type. */
export function isPlainName(token: string | undefined): boolean {
  return (
    token !== undefined &&
    /^[A-Za-z_$][\w$.]*$/.test(token) &&
    !isType(token) &&
    !isQualifier(token) &&
    !isAttribute(token) &&
    !isTypeof(token) &&
    !isCompoundKeyword(token)
  )
}

const closers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])

/** Whether brackets stand in one another more often than in any real definition, too often to follow them. */
export function isTooDeep(tokens: readonly string[]): boolean {
  let depth = 0
  return tokens.some((token) => {
    if (closers.has(token)) depth++
    else if (token === ')' || token === ']' || token === '}') depth--
    return depth > deepest
  })
}

const deepest = 200

/** Where the bracket that opens at `open` closes; undefined when it does not, or not before another one. */
export function closingBracket(tokens: readonly string[], open: number): number | undefined {
  const expected: string[] = []
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    const closer = closers.get(token)
    if (closer !== undefined) expected.push(closer)
    else if (token === ')' || token === ']' || token === '}') {
      if (expected.pop() !== token) return undefined
      if (expected.length === 0) return at
    }
  }
  return undefined
}

/** Where an attribute or `typeof` with its parentheses ends, when one stands at `at`. */
export function phraseEnd(tokens: readonly string[], at: number): number | undefined {
  if (!isAttribute(tokens[at]) && !isTypeof(tokens[at])) return undefined
  const close = tokens[at + 1] === '(' ? closingBracket(tokens, at + 1) : undefined
  return close === undefined ? undefined : close + 1
}

/** The pieces between separators outside of brackets; undefined when the brackets do not match. */
export function splitOutside(tokens: readonly string[], separator: string): readonly string[][] | undefined {
  const pieces: string[][] = [[]]
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    if (token === separator) {
      pieces.push([])
      continue
    }
    if (token === ')' || token === ']' || token === '}') return undefined
    let end: number | undefined = at
    if (closers.get(token) !== undefined) end = closingBracket(tokens, at)
    if (end === undefined) return undefined
    for (const inner of tokens.slice(at, end + 1)) pieces.at(-1)?.push(inner)
    at = end
  }
  return pieces
}
