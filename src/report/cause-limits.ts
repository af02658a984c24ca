/** How much is shown before the rest is only counted. */
export interface CauseLimits {
  /** Causes with a block of their own; the others get a line. */
  readonly blocks: number
  /** Lines of one diff. */
  readonly diff: number
  /** Symbols of each set of causes. */
  readonly symbols: number
  /** Sets of causes. */
  readonly groups: number
  /** Symbols that could not be explained. */
  readonly rows: number
  /** True to list every symbol with its checksums, too. */
  readonly allRows: boolean
}

export const shortLimits: CauseLimits = {
  blocks: 10,
  diff: 24,
  symbols: 6,
  groups: 12,
  rows: Infinity,
  allRows: false,
}

export const noLimits: CauseLimits = {
  blocks: Infinity,
  diff: Infinity,
  symbols: Infinity,
  groups: Infinity,
  rows: Infinity,
  allRows: true,
}
