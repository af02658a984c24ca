import { basename } from 'node:path/posix'
import { isTaken, type IsDefined } from './live-tokens.ts'
import { logicalLines } from './logical-lines.ts'

/** An export as a source text says it. */
export interface WrittenExport {
  readonly symbol: string
  readonly gpl: boolean
  /** Empty when it is in none. */
  readonly namespace: string
  readonly line: number
}

/** What the text is read with. */
interface ExportReading {
  /** What is known of macros; `__GENKSYMS__` counts as not defined, as for the compiler. */
  readonly isDefined: IsDefined
  /** The text of an included file, for those that may change what is exported; undefined for all others. */
  readonly included: (name: string) => string | undefined
  /** DEFAULT_SYMBOL_NAMESPACE as the command line of the compiler has it; empty when it has none. */
  readonly namespace: string
}

/**
 * Reads the exports of a C or assembler source as the compiler would: those in comments and in branches that are not read are
 * none, and macros are replaced that the text, or an included file of `reading`, defines with an export in them. Where it is
 * not known which of several branches is read, all are.
 */
export function writtenExports(text: string, reading: ExportReading): readonly WrittenExport[] {
  const state: State = { macros: new Map(), namespace: reading.namespace, exports: [] }
  read(text, reading, state, 0)
  return state.exports
}

interface Macro {
  /** Absent for one without arguments. */
  readonly parameters: readonly string[] | undefined
  readonly body: string
}

interface State {
  readonly macros: Map<string, Macro>
  namespace: string
  readonly exports: WrittenExport[]
}

const mostDepth = 10

function read(text: string, reading: ExportReading, state: State, depth: number): void {
  const branches: { live: boolean; done: boolean }[] = []
  let code = ''
  let starts: { readonly at: number; readonly line: number }[] = []
  const flush = (): void => {
    findCalls(code, (at) => starts.findLast((start) => start.at <= at)?.line ?? 0, state)
    code = ''
    starts = []
  }
  for (const { text: line, number } of logicalLines(text)) {
    const [, word, rest = ''] = /^\s*(?:#|%:)\s*(\w+)\s*(.*)$/.exec(line) ?? []
    if (word !== undefined && /^(?:if|el|endif)/.test(word)) {
      branch(word, rest, reading, branches)
      continue
    }
    if (branches.some(({ live }) => !live)) continue
    if (word === undefined) {
      starts.push({ at: code.length, line: number })
      code += `${line}\n`
      continue
    }
    // A directive may change what the calls in front of it mean only if they are read after it.
    if (word === 'define' || word === 'undef' || word === 'include') flush()
    if (word === 'define') define(rest, state)
    else if (word === 'undef') undefine(rest.trim(), state)
    else if (word === 'include' && depth < mostDepth) {
      const [, name] = /^[<"]([^>"]+)[>"]/.exec(rest) ?? []
      const other = name === undefined ? undefined : reading.included(name)
      // What a header exports itself has its place there.
      if (other !== undefined) read(other, reading, { ...state, exports: [] }, depth + 1)
    }
  }
  flush()
}

function branch(
  word: string,
  rest: string,
  { isDefined }: ExportReading,
  branches: { live: boolean; done: boolean }[],
): void {
  const known: IsDefined = (macro) => (macro === '__GENKSYMS__' ? false : isDefined(macro))
  if (word === 'endif') branches.pop()
  else if (word.startsWith('if')) branches.push(opened(isTaken(`#${word} ${rest}`, known)))
  else {
    const top = branches.at(-1)
    if (!top) return
    if (top.done) top.live = false
    else
      Object.assign(
        top,
        word === 'else' ? { live: true, done: true } : opened(isTaken(`#${word} ${rest}`, known)),
      )
  }
}

function opened(taken: boolean | undefined): { live: boolean; done: boolean } {
  return { live: taken !== false, done: taken === true }
}

function define(rest: string, state: State): void {
  const [, name = '', list, body = ''] = /^(\w+)(?:\(([^)]*)\))?\s*(.*)$/.exec(rest) ?? []
  if (name === 'DEFAULT_SYMBOL_NAMESPACE') state.namespace = namespaceOf(body)
  const parameters = list?.split(',').map((one) => one.trim())
  if (name.includes('EXPORT') || body.includes('EXPORT')) state.macros.set(name, { parameters, body })
}

function undefine(name: string, state: State): void {
  if (name === 'DEFAULT_SYMBOL_NAMESPACE') state.namespace = ''
  // A macro that a header defines is no longer an export either.
  if (name.includes('EXPORT')) state.macros.set(name, { parameters: [], body: '' })
  else state.macros.delete(name)
}

/** Both `NS` and, since Linux 6.13, `"NS"`. */
function namespaceOf(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1')
}

const call = /\b([A-Za-z_]\w*)\s*\(/g

function findCalls(code: string, lineOf: (at: number) => number, state: State): void {
  if (code.trim() === '') return
  for (const found of code.matchAll(call)) {
    const [whole, name = ''] = found
    if (!name.includes('EXPORT') && !state.macros.has(name)) continue
    const given = argumentsAt(code, found.index + whole.length)
    if (!given) continue
    for (const one of exportsOf(name, given, state, new Set()))
      state.exports.push({ ...one, line: lineOf(found.index) })
  }
}

/** Reads arguments up to their closing parenthesis. */
function argumentsAt(code: string, start: number): readonly string[] | undefined {
  const given: string[] = []
  let depth = 0
  let from = start
  for (let at = start; at < code.length; at++) {
    const one = code[at]
    if (one === '(') depth++
    else if ((one === ')' || one === ',') && depth === 0) {
      given.push(code.slice(from, at).trim())
      from = at + 1
      if (one === ')') return given
    } else if (one === ')') depth--
    else if (one === ';' && depth === 0) return undefined
  }
  return undefined
}

function exportsOf(
  name: string,
  given: readonly string[],
  state: State,
  inside: ReadonlySet<string>,
): readonly Omit<WrittenExport, 'line'>[] {
  const macro = inside.has(name) ? undefined : state.macros.get(name)
  if (macro) {
    const body = expanded(macro, given)
    const within = new Set([...inside, name])
    return [...body.matchAll(call)].flatMap((found) => {
      const [whole, inner = ''] = found
      const more = argumentsAt(body, found.index + whole.length)
      return more && inner.includes('EXPORT') ? exportsOf(inner, more, state, within) : []
    })
  }
  if (!/^_*EXPORT_/.test(name)) return []
  const [first = '', second] = given
  if (!/^\w+$/.test(first)) return []
  const namespace = name.endsWith('_FOR_MODULES')
    ? `module:${namespaceOf(second ?? '')}`
    : /_NS(?:_|$)/.test(name)
      ? namespaceOf(second ?? '')
      : state.namespace
  const gpl = name.includes('GPL') || name.includes('_FOR_')
  return symbolsOf(name, first).map((symbol) => ({ symbol, gpl, namespace }))
}

/** The macros of the kernel that export another name than their argument; see include/linux/tracepoint.h and static_call.h. */
function symbolsOf(macro: string, name: string): readonly string[] {
  if (macro.startsWith('EXPORT_TRACEPOINT_SYMBOL'))
    return [`__tracepoint_${name}`, `__traceiter_${name}`, `__SCK__tp_func_${name}`]
  if (macro.startsWith('EXPORT_STATIC_CALL_TRAMP')) return [`__SCT__${name}`]
  if (macro.startsWith('EXPORT_STATIC_CALL')) return [`__SCK__${name}`, `__SCT__${name}`]
  return [name]
}

function expanded({ parameters, body }: Macro, given: readonly string[]): string {
  const values = new Map(parameters?.map((name, at) => [name, given[at] ?? '']))
  return body.replace(/[A-Za-z_]\w*/g, (word) => values.get(word) ?? word).replace(/\s*##\s*/g, '')
}

/** What an include directive names; undefined for any other line. */
export function includedName(line: string): string | undefined {
  return /^\s*#\s*include\s*[<"]([^">]+)[">]/.exec(line)?.[1]
}

/** True where an include directive may mean a file of the tree, going by names alone. */
export function meansFile(included: string, file: string): boolean {
  const path = included.replace(/^(?:\.\.?\/)+/, '')
  if (path === '') return false
  return file === path || file.endsWith(`/${path}`) || basename(file) === included
}
