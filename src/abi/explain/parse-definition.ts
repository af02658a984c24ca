import { definitionTokens } from '../definition-tokens.ts'
import { bodyMark } from './c-text.ts'
import type { Body, Declaration, Definition, Enumerator, Member } from './declaration.ts'
import {
  closingBracket,
  isAttribute,
  isCompoundKeyword,
  isPlainName,
  isQualifier,
  isTooDeep,
  isType,
  phraseEnd,
  splitOutside,
} from './token-kinds.ts'

/**
 * Reads a definition as genksyms writes it (the grammar is that of scripts/genksyms/parse.y). Never throws: what it
 * does not understand comes back as `tokens`.
 * @param name with its prefix: `s#device`, `kobject_init`
 */
export function parseDefinition(name: string, text: string): Definition {
  const tokens = withoutQuotedName(name, definitionTokens(text))
  const other: Definition = { kind: 'tokens', tokens }
  if (isTooDeep(tokens)) return other
  if (name.startsWith('E#')) return tokens.length > 0 ? { kind: 'value', tokens } : other
  const keyword = tokens[0] === '__extension__' ? 1 : 0
  const isTypedef = tokens[keyword] === 'typedef'
  const [declaration, ...more] = parseDeclarations(isTypedef ? tokens.slice(keyword + 1) : tokens) ?? []
  if (!declaration || more.length > 0) return other
  const { body, declarator } = declaration
  if (/^[sue]#/.test(name)) return body && declarator.length === 0 ? { kind: 'type', declaration } : other
  if (isTypedef !== name.startsWith('t#') || declaration.name !== name.replace(/^t#/, '')) return other
  return { kind: isTypedef ? 'typedef' : 'symbol', declaration }
}

/** `struct test struct { … }`, of a type whose name has spaces, is `struct { … }`: its name is known, and no word of C. */
function withoutQuotedName(name: string, tokens: readonly string[]): readonly string[] {
  const quoted = /^[sue]#('([^']*)')$/.exec(name)
  if (!quoted || !isCompoundKeyword(tokens[0])) return tokens
  const open = tokens.indexOf('{')
  const written = tokens.slice(1, open).join(' ')
  return open > 0 && (written === quoted[1] || written === quoted[2])
    ? [tokens[0], ...tokens.slice(open)]
    : tokens
}

/** A parameter of a function: genksyms leaves out its name. */
export function parseParameter(tokens: readonly string[]): Declaration {
  const { specifiers, end } = parseSpecifiers(tokens) ?? { specifiers: tokens, end: tokens.length }
  return { specifiers, declarator: asPointer(tokens.slice(end)), source: tokens }
}

/** A parameter that is an array is a pointer: `char * argv [ ]` is `char * * argv`. */
function asPointer(declarator: readonly string[]): readonly string[] {
  const open = declarator.indexOf('[')
  const close = open < 0 ? undefined : closingBracket(declarator, open)
  if (close !== declarator.length - 1 || declarator.slice(0, open).some((token) => token !== '*'))
    return declarator
  return [...declarator.slice(0, open), '*']
}

interface Specifiers {
  readonly specifiers: readonly string[]
  readonly body?: Body
  /** Where the declarator begins. */
  readonly end: number
}

/** The declarators of one declaration, without its `;`. Undefined when it was not understood. */
function parseDeclarations(tokens: readonly string[]): readonly Declaration[] | undefined {
  const read = parseSpecifiers(tokens)
  if (!read) return undefined
  const { end, ...shared } = read
  const head = tokens.slice(0, end)
  if (end === tokens.length) return [{ ...shared, declarator: [], source: head }]
  const declarations: Declaration[] = []
  for (const piece of splitOutside(tokens.slice(end), ',') ?? []) {
    const [declarator = [], bits, ...more] = splitOutside(piece, ':') ?? []
    const name = declaredName(declarator)
    const nameless = name === undefined && !(declarator.length === 0 && bits)
    if (nameless || more.length > 0 || bits?.length === 0) return undefined
    declarations.push({
      ...shared,
      ...(name === undefined ? {} : { name }),
      declarator,
      ...(bits ? { bits } : {}),
      source: [...head, ...piece],
    })
  }
  return declarations.length > 0 ? declarations : undefined
}

function parseSpecifiers(tokens: readonly string[]): Specifiers | undefined {
  const specifiers: string[] = []
  let body: Body | undefined
  let hasType = false
  let at = 0
  const take = (end: number): void => {
    for (const token of tokens.slice(at, end)) specifiers.push(token)
    at = end
  }
  while (at < tokens.length) {
    const token = tokens[at]
    const phrase = phraseEnd(tokens, at)
    if (phrase !== undefined) {
      hasType ||= !isAttribute(token)
      take(phrase)
    } else if (isQualifier(token) || token === '__extension__') take(at + 1)
    else if (isType(token)) {
      hasType = true
      take(at + 1)
    } else if (isCompoundKeyword(token)) {
      hasType = true
      take(at + 1)
      for (let end = phraseEnd(tokens, at); end !== undefined; end = phraseEnd(tokens, at)) take(end)
      if (isPlainName(tokens[at])) take(at + 1)
      if (tokens[at] !== '{') continue
      const close = closingBracket(tokens, at)
      if (close === undefined || body) return undefined
      body = parseBody(token, tokens.slice(at + 1, close))
      if (!body) return undefined
      specifiers.push(bodyMark)
      at = close + 1
    } else if (!hasType && isPlainName(token) && (isPlainName(tokens[at + 1]) || tokens[at + 1] === '*')) {
      // A type that genksyms did not know.
      hasType = true
      take(at + 1)
    } else break
  }
  return { specifiers, ...(body ? { body } : {}), end: at }
}

function parseBody(kind: 'struct' | 'union' | 'enum', tokens: readonly string[]): Body | undefined {
  if (tokens.length === 1 && tokens[0] === 'UNKNOWN') return { kind: 'unknown' }
  if (kind === 'enum') {
    const enumerators = parseEnumerators(tokens)
    return enumerators && { kind, enumerators }
  }
  const pieces = splitOutside(tokens, ';')
  if (!pieces || (pieces.at(-1) ?? []).length > 0) return undefined
  const members = pieces
    .filter((piece) => piece.length > 0)
    .flatMap((piece): readonly Member[] => parseDeclarations(piece) ?? [odd(piece)])
  return { kind, members }
}

function odd(source: readonly string[]): Member {
  return { specifiers: source, declarator: [], source, odd: true }
}

function parseEnumerators(tokens: readonly string[]): readonly Enumerator[] | undefined {
  const pieces = splitOutside(tokens, ',')
  if (!pieces) return undefined
  const enumerators: Enumerator[] = []
  for (const [index, [name, equals, ...value]] of pieces.entries()) {
    if (name === undefined) {
      if (index === pieces.length - 1) continue
      return undefined
    }
    if (!isPlainName(name) || (equals !== undefined && (equals !== '=' || value.length === 0)))
      return undefined
    enumerators.push(equals === undefined ? { name } : { name, value })
  }
  return enumerators
}

/** Where the name stands: behind pointers, qualifiers, attributes and parentheses. */
export function nameIndex(declarator: readonly string[]): number {
  for (let at = 0; at < declarator.length; at++) {
    const token = declarator[at]
    const phrase = phraseEnd(declarator, at)
    if (phrase !== undefined) at = phrase - 1
    else if (isPlainName(token)) return at
    else if (token !== '*' && token !== '(' && !isQualifier(token)) return -1
  }
  return -1
}

function declaredName(declarator: readonly string[]): string | undefined {
  return declarator[nameIndex(declarator)]
}
