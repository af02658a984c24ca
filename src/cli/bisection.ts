import type { Problem } from '../problem/problem.ts'
import type { BisectedRange } from '../range/bisect-range.ts'

/** A commit as somebody named it, and its whole name; null where git knows none. */
export interface NamedCommit {
  readonly name: string
  readonly commit: string | null
}

/** What a bisection was asked for. */
interface BisectionQuestion {
  readonly good: NamedCommit
  readonly bad: NamedCommit
  /** Only what breaks this symbol, or changes this type, as somebody wrote it; null: every break. */
  readonly symbol: string | null
  readonly type: string | null
  readonly firstParent: boolean
  /** Empty: all of the configuration. */
  readonly variants: readonly string[]
}

/** A bisection that has ended. */
export interface Bisection {
  readonly question: BisectionQuestion
  /** Absent where something kept it from an answer. */
  readonly value: BisectedRange | undefined
  readonly problems: readonly Problem[]
}

/** `found`: breaks, with their commits; `intact`: nothing that was asked for is broken; `error`: nobody knows. */
export type BisectionResult = 'found' | 'intact' | 'error'

export function resultOf({ value }: Bisection): BisectionResult {
  if (!value) return 'error'
  return value.breaks.length > 0 ? 'found' : 'intact'
}

export const nothingBroken = 'Nothing that was asked for is broken.'

export const oneOfThese = 'as those before it cannot be looked at'
