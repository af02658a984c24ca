import type { Problem, Read } from '../problem/problem.ts'
import { nearest } from './nearest.ts'

/** A way in which one variant differs: the symbol, and the causes that it needs repaired, none where it was not explained. */
interface CausedFinding {
  readonly symbol: string
  readonly causes: readonly string[]
}

interface NamedCause {
  readonly id: string
  /** As genksyms writes it: `s#pci_dev`. */
  readonly name: string
  /** In C: `struct pci_dev`. */
  readonly title: string
}

/**
 * The symbols that some types explain altogether: one that differs through anything else as well, in any variant, is left out.
 * Problems, without symbols: `usage` for a type that is no cause, or that explains no symbol without others.
 * @param asked types, in C or as genksyms writes them
 */
export function symbolsOfCauses(
  findings: readonly CausedFinding[],
  causes: readonly NamedCause[],
  asked: readonly string[],
): Read<readonly string[]> {
  if (asked.length === 0) return { value: [], problems: [] }
  const titles = asked.map((name) => name.trim().replace(/\s+/g, ' '))
  const meant = causes.filter(({ title, name }) => titles.includes(title) || titles.includes(name))
  const unknown = titles.find((one) => !meant.some(({ title, name }) => one === title || one === name))
  if (unknown !== undefined) return refused(noCause(unknown, causes))
  const ids = new Set(meant.map(({ id }) => id))
  const isExplained = (one: CausedFinding) => one.causes.length > 0 && one.causes.every((id) => ids.has(id))
  const others = new Set(findings.filter((one) => !isExplained(one)).map(({ symbol }) => symbol))
  const symbols = new Set(findings.map(({ symbol }) => symbol).filter((symbol) => !others.has(symbol)))
  if (symbols.size === 0) return refused(nothingAlone(titles))
  return { value: [...symbols], problems: [] }
}

function refused(problem: Problem): Read<readonly string[]> {
  return { value: [], problems: [problem] }
}

function noCause(title: string, causes: readonly NamedCause[]): Problem {
  const known = causes.map((cause) => cause.title)
  const near = nearest(title, known)
  return {
    kind: 'usage',
    message: `There is no cause ${title}.`,
    advice:
      near !== undefined
        ? `Did you mean ${near}?`
        : `The causes are ${known.slice(0, 10).join(', ') || 'not known'}.`,
  }
}

function nothingAlone(titles: readonly string[]): Problem {
  return {
    kind: 'usage',
    message: `No symbol changed through ${titles.join(' and ')} alone.`,
    advice: 'Name the symbols, or the other types as well.',
  }
}
