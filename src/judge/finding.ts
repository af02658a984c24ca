import type { Blame } from '../abi/blame.ts'
import type { HiddenChange } from '../abi/cause.ts'
import type { Difference, DifferenceKind } from '../abi/compare.ts'
import type { Rule, Severity } from './policy.ts'
import type { Waiver } from './waiver.ts'

export type FindingKind = DifferenceKind | 'hidden' | 'whitelist-edit' | 'driver'

/** A difference that matters: what `compare` saw, for which variant, and what the policy makes of it. */
export type Finding = Difference & {
  readonly variant: string
  readonly severity: Severity
  /** The rule that decided the severity, when one did. */
  readonly rule?: Rule
  /** The waiver that excuses it, when one does; the severity is then `warn`. */
  readonly waiver?: Waiver
  /** Ids of the causes that a changed symbol needs repaired; absent where it was not explained. */
  readonly causes?: readonly string[]
  /** What made it, of a kind other than `changed`; absent where that is not sure. */
  readonly blame?: Blame
}

/** A line of the patch that hides changes from the checksums. */
export type HiddenFinding = HiddenChange & { readonly severity: Severity }
