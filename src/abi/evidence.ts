import type { Problem } from './problem.ts'
import type { Symvers } from './export.ts'

export type Strategy = 'prebuilt' | 'full' | 'exports'

/** How a variant's evidence came about. */
export interface How {
  readonly strategy: Strategy
  /** Kernel tree, for a strategy that builds. */
  readonly source?: string
  /** First line of the compiler's --version, for a strategy that builds. */
  readonly compiler?: string
  /** SHA-256 of the final kernel configuration, hexadecimal, for a strategy that builds. */
  readonly configDigest?: string
  /** Wall-clock time of the whole collection. */
  readonly seconds: number
}

/** What one variant's run found out. */
export interface Evidence {
  readonly kind: 'evidence'
  readonly variant: string
  readonly symvers: Symvers
  readonly how: How
  /** Notes only: nothing that puts the evidence in doubt. */
  readonly notes: readonly Problem[]
}

/** A variant about which nothing can be said, and why: at least one problem is an error. */
export interface Failure {
  readonly kind: 'failure'
  readonly variant: string
  readonly problems: readonly Problem[]
}

export type Collected = Evidence | Failure
