import { withoutComments } from '../exports/export-scan.ts'
import type { Names } from './gather-layouts.ts'

/** A header that was read, with its text. */
export interface Header {
  readonly path: string
  readonly text: string
}

/** Headers that can stand in one text, and what may be believed of that text. */
interface IncludableHeaders {
  readonly paths: readonly string[]
  /** What was asked, without what a header defines or declares that asks which other header was read before it. */
  readonly asked: Names
}

/**
 * Chooses, of the headers that objects read, those that can stand in one text behind each other, in their order: headers that seem
 * to define some types or to declare some symbols, and what the former may need, which is every shared header that complains
 * about nobody. Their text is not preprocessed, so what they seem to have need not be there.
 */
export function includableHeaders(headers: readonly Header[], asked: Names): IncludableHeaders {
  const known = headers.map(({ path, text }) => {
    const code = withoutComments(text)
    return { path, code, guard: guardOf(code) }
  })
  const guards = new Set(known.flatMap(({ guard }) => (guard === undefined ? [] : [guard])))
  const left = { types: new Set(asked.types), symbols: new Set(asked.symbols) }
  const paths: string[] = []
  for (const { path, code, guard } of known) {
    if (asksForOthers(code, guard, guards)) {
      for (const name of definedIn(code)) left.types.delete(name)
      for (const name of declaredIn(code)) left.symbols.delete(name)
    }
    if (!canBeNamed.test(path) || isForOthers.test(path) || guard === undefined) continue
    const isNeeded = path.includes('/include/') && !complains.test(code)
    if (isNeeded || has(code, asked)) paths.push(path)
  }
  return { paths, asked: left }
}

/** Stands in an include directive as it is. */
const canBeNamed = /^[\w./+@,:~-]+\.h$/

/** Headers that another one of the same name has to include, and those of tracepoints, which read themselves again and again. */
const isForOthers = /\/(?:asm-generic|include\/trace)\//

const complains = /^[ \t]*#[ \t]*(?:error|warning)\b/m

/** What keeps a header from being read twice: the macro that it is wrapped in, or empty for a pragma; undefined without. */
function guardOf(code: string): string | undefined {
  const [first = '', second = ''] = code.split('\n').filter((line) => /^[ \t]*#/.test(line))
  const [, guard] = /^[ \t]*#[ \t]*ifndef[ \t]+(\w+)/.exec(first) ?? []
  if (guard !== undefined && new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${guard}\\b`).test(second)) return guard
  return /^[ \t]*#[ \t]*pragma[ \t]+once\b/m.test(code) ? '' : undefined
}

/** A condition that decides about nothing but whether the header may be included. */
const complaint = /^[ \t]*#[ \t]*if.*\n\s*#[ \t]*error\b.*\n\s*#[ \t]*endif\b/gm

function asksForOthers(code: string, own: string | undefined, guards: ReadonlySet<string>): boolean {
  const conditions = code.replace(complaint, '').match(/^[ \t]*(?:#|%:)[ \t]*(?:if|elif).*/gm) ?? []
  return conditions.some((line) =>
    (line.match(/\w+/g) ?? []).some((word) => word !== own && guards.has(word)),
  )
}

function has(code: string, { types, symbols }: Names): boolean {
  return definedIn(code).some((name) => types.has(name)) || declaredIn(code).some((name) => symbols.has(name))
}

const prefixes: Readonly<Record<string, string>> = { struct: 's#', union: 'u#', enum: 'e#' }

function definedIn(code: string): readonly string[] {
  const tags = [...code.matchAll(/\b(struct|union|enum)\s+(\w+)\s*\{/g)]
  const typedefs = [...code.matchAll(/\}\s*(\w+)\s*;/g)]
  return [
    ...tags.map(([, keyword = '', name = '']) => `${prefixes[keyword] ?? ''}${name}`),
    ...typedefs.map(([, name = '']) => `t#${name}`),
  ]
}

/** Whatever stands in front of a bracket or at the end of a declaration. */
function declaredIn(code: string): readonly string[] {
  return [...code.matchAll(/\b(\w+)\s*[([;]/g)].map(([, name = '']) => name)
}
