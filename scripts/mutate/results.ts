import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Right } from './judge-case.ts'
import { kinds } from './kinds.ts'

/** A judged case, a line of the file of results. */
export interface Row {
  readonly variant: string
  readonly seed: string
  readonly number: number
  readonly kind: string
  readonly what: string
  /** How many edits were in the tree with it, itself counted. */
  readonly together: number
  readonly result: string
  readonly right: Right
  readonly wrong: readonly string[]
  /** Whether compiled objects say the same as what was expected; absent when none was compiled. */
  readonly compiled?: boolean
  readonly bundle: string
  readonly seconds: number
  readonly date: string
}

export function readRows(path: string): readonly Row[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  // A run that was killed may have left half a line at the end.
  return lines.slice(0, -1).flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]))
}

export function addRow(path: string, row: Row): void {
  appendFileSync(path, `${JSON.stringify(row)}\n`)
}

/** The latest row of each case. */
export function latest(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [`${row.variant} ${row.seed} ${row.number}`, row])).values()]
}

export function isRight({ right, compiled }: Row): boolean {
  return Object.values(right).every((value) => value !== false) && compiled !== false
}

/** Kinds by what of their reports was right, as a table of Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const of = (some: readonly Row[]): string[] => {
    const column = (name: keyof Right): string => {
      const told = some.filter(({ right }) => right[name] !== null)
      return told.length === 0
        ? ''
        : `${told.filter(({ right }) => right[name] === true).length} of ${told.length}`
    }
    const compiled = some.filter((row) => row.compiled !== undefined)
    const unseen = some.filter(({ kind }) => kind.startsWith('unseen'))
    return [
      String(some.length),
      ...(['verdict', 'set', 'cause', 'class', 'line'] as const).map(column),
      compiled.length === 0 ? '' : `${compiled.filter((row) => row.compiled).length} of ${compiled.length}`,
      unseen.length === 0 ? '' : String(unseen.length),
    ]
  }
  const heads = ['edit', 'cases', 'verdict', 'symbols', 'cause', 'class', 'line', 'compiled', 'unseen']
  const lines = kinds.flatMap(({ name }) => {
    const some = rows.filter(({ kind }) => kind === name)
    return some.length === 0 ? [] : [[name, ...of(some)]]
  })
  return [heads, heads.map(() => '---'), ...lines, ['all', ...of(rows)]]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
}
