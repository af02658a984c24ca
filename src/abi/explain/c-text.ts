import { isAttribute, isCompoundKeyword, isQualifier, isType, isTypeof, phraseEnd } from './token-kinds.ts'

const referenceKeywords: Readonly<Record<string, string>> = { s: 'struct ', u: 'union ', e: 'enum ' }

/** A token as C spells it: `s#device` is `struct device`, `t#u8` is `u8`, `E#RED` is `RED`. */
export function cSpelling(token: string): string {
  if (token === bodyMark) return '{ ... }'
  if (!/^[suetE]#/.test(token)) return token
  return (referenceKeywords[token.charAt(0)] ?? '') + token.slice(2)
}

/** Stands in a list of tokens for a body that is not shown. */
export const bodyMark = '{}'

/** A token together with what the space around it depends on. */
interface Piece {
  readonly text: string
  readonly role: 'type' | 'attribute' | 'word' | 'pointer' | 'unary' | 'binary' | 'colon' | 'punctuation'
}

/** Writes tokens as one line of C in the kernel's style: `int (*probe)(struct pci_dev *, int)`. */
export function cText(
  tokens: readonly string[],
  context: 'declaration' | 'expression' = 'declaration',
): string {
  let text = ''
  let last: Piece | undefined
  for (const piece of pieces(tokens, context)) {
    if (last && spaceBetween(last, piece)) text += ' '
    text += piece.text
    last = piece
  }
  return text
}

const binary = new Set([
  '+',
  '-',
  '/',
  '%',
  '<<',
  '>>',
  '<',
  '>',
  '<=',
  '>=',
  '==',
  '!=',
  '|',
  '&',
  '^',
  '&&',
  '||',
  '?',
  '=',
])
const prefix = new Set(['+', '-', '&', '*', '~', '!'])
const opening = new Set(['(', '[', ',', '='])

function pieces(tokens: readonly string[], context: 'declaration' | 'expression'): readonly Piece[] {
  const found: Piece[] = []
  /** Whether the innermost bracket, and those around it, hold an expression. */
  const inExpression = [context === 'expression']
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    const end = phraseEnd(tokens, at)
    if (end !== undefined) {
      const attribute = isAttribute(token)
      const inner = cText(tokens.slice(at + 1, end), attribute ? 'expression' : 'declaration')
      found.push({ text: token + inner, role: attribute ? 'attribute' : 'type' })
      at = end - 1
      continue
    }
    const expression = inExpression.at(-1) ?? false
    found.push({ text: cSpelling(token), role: roleOf(token, expression, found.at(-1)) })
    if (token === '[') inExpression.push(true)
    else if (token === '(' || token === '{') inExpression.push(expression)
    else if (token === ')' || token === ']' || token === '}') {
      if (inExpression.length > 1) inExpression.pop()
    } else if (token === '=' || token === ':') inExpression[inExpression.length - 1] = true
    else if (token === ',' || token === ';')
      inExpression[inExpression.length - 1] = inExpression.at(-2) ?? context === 'expression'
  }
  return found
}

function roleOf(token: string, expression: boolean, last: Piece | undefined): Piece['role'] {
  if (
    isType(token) ||
    isQualifier(token) ||
    isCompoundKeyword(token) ||
    isTypeof(token) ||
    token === bodyMark
  ) {
    return 'type'
  }
  if (isAttribute(token)) return 'attribute'
  if (/^[\w$."']/.test(token) && token !== '...') return 'word'
  if (token === '*' && !expression) return 'pointer'
  if (token === ':') return expression ? 'binary' : 'colon'
  if (prefix.has(token)) {
    const first =
      last === undefined || last.role === 'unary' || last.role === 'binary' || last.role === 'colon'
    if (token === '~' || token === '!' || first || opening.has(last.text)) return 'unary'
    // In a cast such as (char *)0 the star belongs to the type.
    return last.role === 'type' ? 'pointer' : 'binary'
  }
  return binary.has(token) ? 'binary' : 'punctuation'
}

function spaceBetween(last: Piece, next: Piece): boolean {
  if (last.text === '(' || last.text === '[' || last.role === 'unary' || last.role === 'colon') return false
  if (next.text === ',' || next.text === ';' || next.text === ')' || next.text === '[' || next.text === ']')
    return false
  if (last.text === '.' || last.text === '->' || next.text === '.' || next.text === '->') return false
  if (next.role === 'colon') return last.role === 'type'
  if (last.role === 'pointer') return next.role === 'attribute' || next.role === 'binary'
  if (next.text === '(') return last.text !== ')' && last.text !== ']' && last.role !== 'word'
  if (next.role === 'pointer') return true
  // A cast: (int)~0
  if (last.text === ')' && next.role === 'unary') return false
  return true
}
