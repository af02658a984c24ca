import type { ListName } from '../model/report-model.ts'

/** How much a terminal shows before the rest is only counted. */
export interface TextLimits {
  /** Rows of each list; all where none are given. */
  readonly lists: Readonly<Partial<Record<ListName, number>>>
  /** Rows of symbols of each kind of finding. */
  readonly symbols: number
  /** Causes with a block of their own; the others get a line. */
  readonly causes: number
  /** Lines of one diff. */
  readonly diff: number
  /** Sets of causes, and symbols of each. */
  readonly sets: number
  readonly setSymbols: number
  /** True to list every symbol with its checksums, too. */
  readonly details: boolean
}

/** @param symbols rows to show of a kind, and lines of the patch and of the gate */
export function textLimits(symbols: number, details: boolean): TextLimits {
  const lists = {
    blames: 10,
    hidden: symbols,
    layouts: symbols,
    edits: symbols,
    drivers: Math.min(symbols, 20),
    ranks: 10,
    waivers: 50,
    unused: 10,
    series: 100,
    reach: Math.min(symbols, 50),
  }
  return details
    ? { lists, symbols, causes: Infinity, diff: Infinity, sets: Infinity, setSymbols: Infinity, details }
    : { lists: { ...lists, idle: 10 }, symbols, causes: 10, diff: 24, sets: 12, setSymbols: 6, details }
}
