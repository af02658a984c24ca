import { cTokens, type Token } from './c-tokens.ts'
import { declaredNames, isMacroCall } from './declared-names.ts'
import { liveTokens, type IsDefined } from './live-tokens.ts'

/** Lines of a file, counted from 1. */
export interface Lines {
  readonly line: number
  readonly endLine: number
}

/** Something that a file declares or defines. */
export interface Declaration extends Lines {
  /** As genksyms writes it: `s#device`, `E#RED`; the bare name of a function or variable. */
  readonly name: string
  /** Where a change of it may stand: for an enumerator, the enumeration up to it; else its own lines. */
  readonly scope: Lines
  /** Its words; those of an enumerator's whole enumeration. */
  readonly words: ReadonlySet<string>
}

/**
 * Finds what a C file declares and defines outside of functions: structures, unions and enumerations also inside of others.
 * Macros are not replaced, so names that they make are not found; where it is not known which of several branches is read,
 * each is looked at.
 * @param wanted the only names to give; static functions and variables are never among them
 */
export function declarationsOf(
  text: string,
  wanted: ReadonlySet<string>,
  isDefined: IsDefined,
): readonly Declaration[] {
  const reading: Reading = {
    tokens: liveTokens(cTokens(text), isDefined),
    wanted,
    found: [],
    state: { scopes: [fileScope()] },
    conditionals: [],
  }
  for (const [at, { text: word }] of reading.tokens.entries()) {
    if (word.startsWith('#') && word.length > 1) readConditional(reading, word)
    else readToken(reading, at)
  }
  return reading.found
}

/** What was read of a file so far. */
interface Reading {
  readonly tokens: readonly Token[]
  readonly wanted: ReadonlySet<string>
  readonly found: Declaration[]
  state: State
  /** Those that are open: what was so before, and behind the first branch. */
  readonly conditionals: { readonly before: State; after?: State }[]
}

/** Every branch begins as the first one did; what follows goes on from the end of the first. */
function readConditional(reading: Reading, word: string): void {
  const { conditionals } = reading
  if (/^#\s*if/.test(word)) conditionals.push({ before: copyOf(reading.state) })
  else if (/^#\s*el/.test(word)) {
    const top = conditionals.at(-1)
    if (!top) return
    top.after ??= reading.state
    reading.state = copyOf(top.before)
  } else reading.state = conditionals.pop()?.after ?? reading.state
}

function readToken(reading: Reading, at: number): void {
  const { tokens, state } = reading
  const { text: word = '', line = 0 } = tokens[at] ?? {}
  const scope = state.scopes.at(-1) ?? fileScope()
  if (word === '{') openScope(reading, scope, at)
  else if (word === '}') {
    if (state.scopes.length > 1) closeScope(reading, at)
  } else if (scope.kind === 'skipped') return
  else if (word === ';' && scope.parens === 0) {
    endStatement(reading, scope, at)
    scope.statement = []
  } else {
    if (word === '(') scope.parens++
    if (word === ')' && scope.parens > 0) scope.parens--
    const last = tokens[scope.statement.at(-1) ?? -1]
    // A macro such as EXPORT_SYMBOL_NS() that needs no semicolon.
    if (scope.kind === 'file' && last && line > last.line && isMacroCall(tokens, scope.statement))
      scope.statement = []
    if (scope.kind === 'enum' && word === ',' && scope.parens === 0) endEnumerator(reading, scope, at - 1)
    else scope.statement.push(at)
  }
}

function openScope(reading: Reading, scope: Scope, at: number): void {
  const { tokens, state } = reading
  const head = scope.parens === 0 ? aggregateHead(tokens, scope.statement) : undefined
  const body = !head && scope.kind === 'file' && scope.parens === 0 && isFunction(tokens, scope.statement)
  if (body) endStatement(reading, scope, at - 1)
  state.scopes.push({ ...fileScope(), kind: head ? head.kind : 'skipped', opened: { at, head, body } })
}

function closeScope(reading: Reading, at: number): void {
  const { scopes } = reading.state
  const closed = scopes.pop()
  const parent = scopes.at(-1)
  if (!closed?.opened || !parent) return
  if (closed.kind === 'enum') endEnumerator(reading, closed, at - 1)
  const { head, body } = closed.opened
  if (head?.name !== undefined) parent.tags.push({ name: head.name, from: head.from })
  if (body) parent.statement = []
  else parent.statement.push(closed.opened.at, at)
}

function endStatement(reading: Reading, scope: Scope, end: number): void {
  for (const { name, from } of scope.tags) add(reading, name, from, end)
  scope.tags = []
  const [start] = scope.statement
  if (scope.kind !== 'file' || start === undefined) return
  const words = scope.statement.map((at) => reading.tokens[at]?.text ?? '')
  for (const name of declaredNames(words, reading.wanted)) add(reading, name, start, end)
}

function endEnumerator(reading: Reading, scope: Scope, end: number): void {
  const { tokens } = reading
  const [start] = scope.statement
  scope.statement = []
  const from = scope.opened?.head?.from
  if (start === undefined || from === undefined) return
  const lines = { line: tokens[from]?.line ?? 0, endLine: tokens[end]?.line ?? 0 }
  add(reading, `E#${tokens[start]?.text ?? ''}`, start, end, lines)
}

/** Adds what the tokens from one to another declare, if it is wanted. */
function add(
  { tokens, wanted, found }: Reading,
  name: string,
  from: number,
  to: number,
  scope?: Lines,
): void {
  if (!wanted.has(name)) return
  const [line, endLine] = [tokens[from]?.line ?? 0, tokens[to]?.line ?? 0]
  const words = new Set(tokens.slice(from, to + 1).map((token) => token.text))
  found.push({ name, line, endLine, scope: scope ?? { line, endLine }, words })
}

interface State {
  readonly scopes: Scope[]
}

interface Scope {
  readonly kind: 'file' | 'members' | 'enum' | 'skipped'
  readonly opened?: { readonly at: number; readonly head: Head | undefined; readonly body: boolean }
  /** Numbers of the tokens since the last end of a statement, without what stands in braces. */
  statement: number[]
  parens: number
  /** Types that were defined in the statement that is not at its end yet. */
  tags: { readonly name: string; readonly from: number }[]
}

function fileScope(): Scope {
  return { kind: 'file', statement: [], parens: 0, tags: [] }
}

function copyOf({ scopes }: State): State {
  return {
    scopes: scopes.map((scope) => ({ ...scope, statement: [...scope.statement], tags: [...scope.tags] })),
  }
}

/** What opens with a brace: members of a structure or union, or enumerators. */
interface Head {
  readonly kind: 'members' | 'enum'
  /** Absent for one without a tag. */
  readonly name?: string
  /** Number of its keyword. */
  readonly from: number
}

const prefixes: Readonly<Record<string, string>> = { struct: 's', union: 'u', enum: 'e' }
const attribute = /^(?:__\w+|____\w+)$/
const attributeWithArguments = /^__(?:attribute|attribute__|aligned|declspec)$/

/** Reads `struct tag`, with attributes anywhere, at the end of a statement. */
function aggregateHead(tokens: readonly Token[], statement: readonly number[]): Head | undefined {
  const word = (index: number): string => tokens[statement[index] ?? -1]?.text ?? ''
  let start = statement.length - 1
  while (start >= 0 && !Object.hasOwn(prefixes, word(start))) start--
  const from = statement[start]
  if (from === undefined) return undefined
  const names: string[] = []
  for (let index = start + 1; index < statement.length; index++) {
    const name = word(index)
    if (!/^\w+$/.test(name)) return undefined
    if (word(index + 1) === '(') {
      if (!attributeWithArguments.test(name)) return undefined
      let depth = 0
      do {
        index++
        depth += Number(word(index) === '(') - Number(word(index) === ')')
      } while (depth > 0 && index < statement.length)
    } else names.push(name)
  }
  // A tag may look like an attribute: then it is the only word, or the last of them.
  const [tag = names.at(-1), more] = names.filter((name) => !attribute.test(name))
  if (more !== undefined) return undefined
  const keyword = word(start)
  const kind = keyword === 'enum' ? 'enum' : 'members'
  return tag === undefined ? { kind, from } : { kind, from, name: `${prefixes[keyword] ?? ''}#${tag}` }
}

/** A function's head: it has parentheses and no initializer. */
function isFunction(tokens: readonly Token[], statement: readonly number[]): boolean {
  const words = statement.map((at) => tokens[at]?.text)
  return words.includes(')') && !words.includes('=')
}
