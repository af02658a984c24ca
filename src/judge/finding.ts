import type { Difference, DifferenceKind } from '../abi/compare.ts'
import type { Rule, Severity } from './policy.ts'

export type FindingKind = DifferenceKind

/** A difference that matters: what `compare` saw, for which variant, and what the policy makes of it. */
export type Finding = Difference & {
  readonly variant: string
  readonly severity: Severity
  /** The rule that decided the severity, when one did. */
  readonly rule?: Rule
}
