import type { Token } from './c-tokens.ts'

/** Words that can stand before a type. */
const beforeType = new Set([
  'typedef',
  'extern',
  'const',
  'volatile',
  'inline',
  '__inline',
  '__inline__',
  'register',
  '__extension__',
])

/** Macros that declare or define what one of their arguments names. */
const declaring =
  /^(?:(?:DECLARE|DEFINE)_(?!EVENT|TRACE|STATIC_CALL|CLASS|GUARD|FREE|LOCK_GUARD)\w+|LIST_HEAD|\w+_NOTIFIER_HEAD)$/

/**
 * The names that a declaration outside of functions declares, as genksyms writes them: `t#name` for a typedef.
 * @param words without its semicolon; what stands in braces is left out
 * @param wanted the only names to look for
 */
export function declaredNames(words: readonly string[], wanted: ReadonlySet<string>): readonly string[] {
  if (words.includes('static')) return []
  const prefix = words.includes('typedef') ? 't#' : ''
  const end = words.indexOf('=')
  const declarator = end < 0 ? words : words.slice(0, end)
  const names = new Set<string>()
  let depth = 0
  for (const [at, word] of declarator.entries()) {
    depth += Number(word === '(' || word === '[') - Number(word === ')' || word === ']')
    const name = prefix + word
    if (!wanted.has(name) || names.has(name)) continue
    if (depth === 0 ? isPlain(words, at) : depth === 1 && (isPointer(words, at) || isArgument(words, at)))
      names.add(name)
  }
  return [...names]
}

/** True for a statement that is `NAME(…)` so far, and no attribute. */
export function isMacroCall(tokens: readonly Token[], statement: readonly number[]): boolean {
  const words = statement.map((at) => tokens[at]?.text ?? '')
  if (words.length < 3 || words[1] !== '(' || words.at(-1) !== ')' || /^__|^\W/.test(words[0] ?? ''))
    return false
  let depth = 0
  return words.every((word, at) => {
    depth += Number(word === '(') - Number(word === ')')
    return at === 0 || depth > 0 || at === words.length - 1
  })
}

/** `type name`, `type name(…)`, `type name[…]`, `type other, name`. */
function isPlain(words: readonly string[], at: number): boolean {
  const previous = words[at - 1] ?? ''
  const next = words[at + 1] ?? ';'
  if (['struct', 'union', 'enum', '.', '(', ''].includes(previous)) return false
  const typed = words.slice(0, at).some((word) => (/^\w/.test(word) && !beforeType.has(word)) || word === '}')
  return typed && (/^[;,[(=:]$/.test(next) || next.startsWith('__'))
}

/** `type (*name)(…)`, `type (*name[…])(…)`, `type (name)(…)`. */
function isPointer(words: readonly string[], at: number): boolean {
  if (!/^[)[(]$/.test(words[at + 1] ?? '')) return false
  let start = at - 1
  const skip = (pattern: RegExp): boolean => {
    const before = start
    while (pattern.test(words[start] ?? '')) start--
    return start < before
  }
  skip(/^(?:const|volatile|__\w+)$/)
  const pointer = skip(/^\*$/)
  if (!pointer && (words[at + 1] !== ')' || words[at + 2] !== '(')) return false
  skip(/^__\w+$/)
  const outer = words[start - 1] ?? ''
  return (
    words[start] === '(' &&
    /^(?:\w+|\*|\})$/.test(outer) &&
    !/^(?:__)?(?:typeof|sizeof|alignof)(?:__)?$/.test(outer)
  )
}

/** `DEFINE_SPINLOCK(name)`, `DECLARE_PER_CPU(type, name)`. */
function isArgument(words: readonly string[], at: number): boolean {
  const [first = '', second = ''] = words[0] === 'extern' ? words.slice(1) : words
  return (
    second === '(' &&
    declaring.test(first) &&
    /^[(,]$/.test(words[at - 1] ?? '') &&
    /^[),]$/.test(words[at + 1] ?? '')
  )
}
