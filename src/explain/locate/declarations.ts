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
  const tokens = liveTokens(cTokens(text), isDefined)
  const found: Declaration[] = []
  const add = (name: string, from: number, to: number, scope?: Lines): void => {
    if (!wanted.has(name)) return
    const [line, endLine] = [tokens[from]?.line ?? 0, tokens[to]?.line ?? 0]
    const words = new Set(tokens.slice(from, to + 1).map((token) => token.text))
    found.push({ name, line, endLine, scope: scope ?? { line, endLine }, words })
  }
  let state: State = { scopes: [fileScope()] }
  const conditionals: { readonly before: State; after?: State }[] = []
  for (let at = 0; at < tokens.length; at++) {
    const { text: word = '', line = 0 } = tokens[at] ?? {}
    if (word.startsWith('#') && word.length > 1) {
      if (/^#\s*if/.test(word)) conditionals.push({ before: copyOf(state) })
      else if (/^#\s*el/.test(word)) {
        const top = conditionals.at(-1)
        if (!top) continue
        top.after ??= state
        state = copyOf(top.before)
      } else state = conditionals.pop()?.after ?? state
      continue
    }
    const scope = state.scopes.at(-1) ?? fileScope()
    if (word === '{') {
      const head = scope.parens === 0 ? aggregateHead(tokens, scope.statement) : undefined
      const body = !head && scope.kind === 'file' && scope.parens === 0 && isFunction(tokens, scope.statement)
      if (body) endStatement(scope, at - 1)
      state.scopes.push({ ...fileScope(), kind: head ? head.kind : 'skipped', opened: { at, head, body } })
    } else if (word === '}') {
      if (state.scopes.length > 1) closeScope(at)
    } else if (scope.kind === 'skipped') continue
    else if (word === ';' && scope.parens === 0) {
      endStatement(scope, at)
      scope.statement = []
    } else {
      if (word === '(') scope.parens++
      if (word === ')' && scope.parens > 0) scope.parens--
      const last = tokens[scope.statement.at(-1) ?? -1]
      // A macro such as EXPORT_SYMBOL_NS() that needs no semicolon.
      if (scope.kind === 'file' && last && line > last.line && isMacroCall(tokens, scope.statement))
        scope.statement = []
      if (scope.kind === 'enum' && word === ',' && scope.parens === 0) endEnumerator(scope, at - 1)
      else scope.statement.push(at)
    }
  }
  return found

  function endStatement(scope: Scope, end: number): void {
    for (const { name, from } of scope.tags) add(name, from, end)
    scope.tags = []
    const [start] = scope.statement
    if (scope.kind !== 'file' || start === undefined) return
    for (const name of declaredNames(
      scope.statement.map((at) => tokens[at]?.text ?? ''),
      wanted,
    ))
      add(name, start, end)
  }

  function endEnumerator(scope: Scope, end: number): void {
    const [start] = scope.statement
    scope.statement = []
    const from = scope.opened?.head?.from
    if (start === undefined || from === undefined) return
    const lines = { line: tokens[from]?.line ?? 0, endLine: tokens[end]?.line ?? 0 }
    add(`E#${tokens[start]?.text ?? ''}`, start, end, lines)
  }

  function closeScope(at: number): void {
    const closed = state.scopes.pop()
    const parent = state.scopes.at(-1)
    if (!closed?.opened || !parent) return
    if (closed.kind === 'enum') endEnumerator(closed, at - 1)
    const { head, body } = closed.opened
    if (head?.name !== undefined) parent.tags.push({ name: head.name, from: head.from })
    if (body) parent.statement = []
    else parent.statement.push(closed.opened.at, at)
  }
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
