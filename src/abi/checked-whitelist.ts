import type { Difference } from './compare.ts'
import type { Problem } from '../problem/problem.ts'

/** What was found out about one whitelist without building a kernel. */
export interface CheckedWhitelist {
  /** Whose list it is, as far as that is known. */
  readonly variant: string | undefined
  readonly path: string
  /** Unique symbols on the list. */
  readonly protected: number
  /** Of them those whose checksum comes out of the stored types; undefined when no types stand beside the list. */
  readonly reproduced: number | undefined
  /** Whether a baseline stands beside the list. */
  readonly baseline: boolean
  /** Rows that the build compared with does not have, or has with another checksum; undefined without a build. */
  readonly differences: readonly Difference[] | undefined
  readonly problems: readonly Problem[]
}

/** What came of a check: `break` when a build lost or changed a row, `error` when a list is not as it should be. */
export interface WhitelistCheckOutcome {
  readonly result: 'pass' | 'break' | 'error'
  readonly lists: readonly CheckedWhitelist[]
  /** Of the run as a whole. */
  readonly problems: readonly Problem[]
}
