import { logicalLines } from './logical-lines.ts'
import { includedBy, type Included } from './include-paths.ts'

/** What of a file genksyms sees otherwise than the compiler. */
export interface HiddenRegions {
  /** By line, counted from 1: that with the condition by which one of the two does not get it. A condition is under itself. */
  readonly conditions: ReadonlyMap<number, number>
  /** By the line of such a condition, where its conditional ends. */
  readonly ends: ReadonlyMap<number, number>
  /** Macros that are defined or undefined there, or by such macros. */
  readonly macros: ReadonlySet<string>
  /** Files that are included there, and elsewhere. */
  readonly includes: { readonly hidden: readonly Included[]; readonly plain: readonly Included[] }
}

/** Of a text that tells nothing apart. */
export const noRegions: HiddenRegions = {
  ...{ conditions: new Map(), ends: new Map(), macros: new Set() },
  includes: { hidden: [], plain: [] },
}

/** A conditional that is open, with the line of its first condition that tells genksyms from the compiler. */
interface Conditional {
  condition: number | undefined
}

/**
 * Finds what stands behind conditions that tell genksyms from the compiler.
 * @param telling the words that do: `__GENKSYMS__`, and macros that are not the same for both
 */
export function hiddenRegions(text: string, telling: ReadonlySet<string>): HiddenRegions {
  const conditions = new Map<number, number>()
  const ends = new Map<number, number>()
  const macros = new Set<string>()
  const includes: Record<'hidden' | 'plain', Included[]> = { hidden: [], plain: [] }
  const open: Conditional[] = []
  const lines = logicalLines(text)
  const tells = (words: string): boolean =>
    (words.match(/\w+/g) ?? []).some((word) => telling.has(word) || macros.has(word))
  for (const [at, { text: line, number }] of lines.entries()) {
    const [, word = '', rest = ''] = directive.exec(line) ?? []
    if (word.startsWith('if')) open.push({ condition: undefined })
    const top = open.at(-1)
    if (top && /^(?:el)?if/.test(word) && tells(rest)) top.condition ??= number
    const condition = open.findLast((one) => one.condition !== undefined)?.condition
    if (word === 'endif') {
      if (top?.condition !== undefined) ends.set(top.condition, number)
      open.pop()
    }
    const included = word === 'include' ? includedBy(line) : undefined
    if (included) includes[condition === undefined ? 'plain' : 'hidden'].push(included)
    const [, name = '', body = ''] = /^(\w+)(.*)/.exec(rest) ?? []
    if (word === 'define' && tells(body)) macros.add(name)
    if (condition === undefined) continue
    const end = lines[at + 1]?.number ?? number + 1
    for (let one = number; one < end; one++) conditions.set(one, condition)
    if (word === 'define' || word === 'undef') macros.add(name)
  }
  return { conditions, ends, macros, includes }
}

const directive = /^\s*(?:#|%:)\s*(\w+)\s*(.*)$/
