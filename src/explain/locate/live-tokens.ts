import type { Token } from './c-tokens.ts'

/** Tells whether a macro is defined where somebody reads the file; undefined when that is not known. */
export type IsDefined = (macro: string) => boolean | undefined

/** Who reads a file: the two get different texts of it. */
export type Reader = 'genksyms' | 'compiler'

const fixed: ReadonlyMap<string, boolean> = new Map([
  ['__cplusplus', false],
  ['__ASSEMBLY__', false],
  ['__ASSEMBLER__', false],
  ['__KERNEL__', true],
  ['__GNUC__', true],
])

/**
 * What is known of macros: of those that are the same for every kernel, and of options when the configuration is given.
 * @param autoconf the text of `include/generated/autoconf.h`
 */
export function definedBy(autoconf: string | undefined, reader: Reader = 'genksyms'): IsDefined {
  const options = new Set<string>()
  for (const [, name = ''] of autoconf?.matchAll(/^#define (CONFIG_\w+) /gm) ?? []) options.add(name)
  return (macro) => {
    if (macro === '__GENKSYMS__') return reader === 'genksyms'
    if (!macro.startsWith('CONFIG_')) return fixed.get(macro)
    return autoconf === undefined ? undefined : options.has(macro)
  }
}

/** Whether the branch is taken that a line `#if…` or `#elif…` opens; undefined when that is not known. */
export function isTaken(line: string, isDefined: IsDefined): boolean | undefined {
  const [, word = '', rest = ''] = /^#\s*(?:el)?(if|ifdef|ifndef)\b\s*(.*)$/.exec(line) ?? []
  if (word === 'ifdef') return isDefined(rest.trim())
  if (word === 'ifndef') return inverted(isDefined(rest.trim()))
  return anyOf(
    rest.split('||').map((part) => allOf(part.split('&&').map((one) => valueOf(one.trim(), isDefined)))),
  )
}

/** The value of one part of a condition; of one with parentheses around several parts, nothing is known. */
function valueOf(part: string, isDefined: IsDefined): boolean | undefined {
  if (/^[01]$/.test(part)) return part === '1'
  const [, not, word, name = ''] =
    /^(!?)\s*(defined|IS_ENABLED|IS_BUILTIN)\s*(?:\(\s*)?(\w+)\s*\)?$/.exec(part) ?? []
  if (word === undefined) return undefined
  const here = word === 'IS_ENABLED' ? anyOf([isDefined(name), isDefined(`${name}_MODULE`)]) : isDefined(name)
  return not === '!' ? inverted(here) : here
}

type Known = boolean | undefined

const inverted = (value: Known): Known => (value === undefined ? undefined : !value)
const anyOf = (values: readonly Known[]): Known =>
  values.includes(true) ? true : values.includes(undefined) ? undefined : false
const allOf = (values: readonly Known[]): Known =>
  values.includes(false) ? false : values.includes(undefined) ? undefined : true

interface Conditional {
  /** Its lines are kept: either branch may be the right one. */
  kept: boolean
  /** The branch that is open is never read. */
  dead: boolean
  /** A branch was taken: no other will be. */
  done: boolean
}

/**
 * Takes out the branches that genksyms does not read, with the lines around them. What is left keeps its conditional lines
 * where either branch may be the right one; the first of each such conditional begins with `#if`.
 */
export function liveTokens(tokens: readonly Token[], isDefined: IsDefined): readonly Token[] {
  const live: Token[] = []
  const open: Conditional[] = []
  let dead = false
  for (const token of tokens) {
    const [, word] = token.text.startsWith('#') ? (/^#\s*(if|elif|else|endif)/.exec(token.text) ?? []) : []
    if (word === undefined) {
      if (!dead) live.push(token)
      continue
    }
    const top = open.at(-1)
    if (word === 'if') open.push(dead ? { kept: false, dead: true, done: true } : branch(token))
    else if (word === 'endif') {
      if (open.pop()?.kept) live.push(token)
    } else if (top?.kept) live.push(token)
    else if (top?.done) top.dead = true
    else if (top)
      Object.assign(top, word === 'else' ? { kept: false, dead: false, done: true } : branch(token))
    dead = open.some((one) => one.dead)
  }
  return live

  function branch(token: Token): Conditional {
    const taken = isTaken(token.text, isDefined)
    if (taken === undefined) live.push({ ...token, text: token.text.replace(/^#\s*el/, '#') })
    return { kept: taken === undefined, dead: taken === false, done: taken === true }
  }
}
