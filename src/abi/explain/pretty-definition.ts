import { definitionTokens } from '../definition-tokens.ts'
import { cText } from './c-text.ts'
import { closingBracket, isCompoundKeyword, isTooDeep, phraseEnd } from './token-kinds.ts'

/** Lines longer than this are wrapped, one argument a line. */
const widest = 100

/**
 * Writes a definition as C: one member or enumerator a line, indented with tabs, pointers bound to names. Only white
 * space, the spelling of references (`s#device`) and the last `;` differ from the tokens; a type of which only the name
 * is known says so. What is no C is written token by token.
 * @param name as genksyms writes it: `s#device`, `kobject_init`
 * @param text the tokens of the definition, one space between
 */
export function prettyDefinition(name: string, text: string): readonly string[] {
  const tokens = definitionTokens(text)
  if (tokens.length === 0) return []
  if (isTooDeep(tokens)) return [tokens.join(' ')]
  if (name.startsWith('E#')) return [`${name.slice(2)} = ${cText(tokens, 'expression')};`]
  if (isUnknown(tokens)) return [`${tokens.slice(0, -3).join(' ')};\t/* genksyms knows only the name */`]
  return lines([...tokens, ';']).flatMap(wrapped)
}

/** Whether a definition says that only the name of the type is known: `struct device { UNKNOWN }`. */
export function isUnknown(tokens: readonly string[]): boolean {
  return isCompoundKeyword(tokens[0]) && tokens.length > 3 && tokens.slice(-3).join(' ') === '{ UNKNOWN }'
}

interface Line {
  readonly depth: number
  readonly tokens: readonly string[]
}

function lines(tokens: readonly string[]): readonly Line[] {
  const found: Line[] = []
  /** Whether each open body is an enum's. */
  const bodies: boolean[] = []
  let current: string[] = []
  const finish = (): void => {
    if (current.length > 0) found.push({ depth: bodies.length, tokens: current })
    current = []
  }
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    // What stands in parentheses stays on its line, whatever it is.
    const close = token === '(' || token === '[' ? closingBracket(tokens, at) : undefined
    if (close !== undefined) {
      for (const inner of tokens.slice(at, close + 1)) current.push(inner)
      at = close
    } else if (token === '{') {
      const ofEnum = current.includes('enum')
      current.push(token)
      finish()
      bodies.push(ofEnum)
    } else if (token === '}') {
      finish()
      bodies.pop()
      current.push(token)
    } else {
      current.push(token)
      if (token === ';' || (token === ',' && bodies.at(-1) === true)) finish()
    }
  }
  finish()
  return found
}

function wrapped({ depth, tokens }: Line): readonly string[] {
  const indent = '\t'.repeat(depth)
  const text = indent + cText(tokens)
  if (text.length <= widest) return [text]
  const [open, close] = longestGroup(tokens)
  if (close - open < 2) return [text]
  const args = argumentsOf(tokens.slice(open + 1, close))
  // Spaced as a whole, so that the parentheses stand as in the short form.
  const head = cText(tokens.slice(0, open + 1))
  const tail = cText(tokens.slice(close))
  return [indent + head, ...args.map((arg) => `${indent}\t${cText(arg)}`), indent + tail]
}

/** The outermost parentheses that hold most, apart from attributes. */
function longestGroup(tokens: readonly string[]): readonly [open: number, close: number] {
  let longest: readonly [number, number] = [0, 0]
  for (let at = 0; at < tokens.length; at++) {
    const phrase = phraseEnd(tokens, at)
    const close = tokens[at] === '(' ? closingBracket(tokens, at) : undefined
    if (phrase !== undefined) at = phrase - 1
    else if (close !== undefined) {
      if (close - at > longest[1] - longest[0]) longest = [at, close]
      at = close
    }
  }
  return longest
}

/** The arguments of a list, each with its comma. */
function argumentsOf(tokens: readonly string[]): readonly string[][] {
  const found: string[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    found.at(-1)?.push(token)
    if (token === '(' || token === '[' || token === '{') depth++
    else if (token === ')' || token === ']' || token === '}') depth--
    else if (token === ',' && depth === 0) found.push([])
  }
  return found
}
