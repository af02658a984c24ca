import type { FindingKind } from './finding.ts'

export type Severity = 'fail' | 'warn' | 'ignore'

/** What a rule's pattern is matched against; SUSE's lists do not tell an upper-case symbol from a namespace. */
export type RuleSubject = 'symbol' | 'module' | 'namespace' | 'symbol-or-namespace'

/**
 * A SUSE-style exception, tried in order, first match wins. In a pattern `*` stands for any characters, `/`
 * included, and `?` for one.
 */
export interface Rule {
  readonly match: { readonly by: RuleSubject; readonly pattern: string }
  readonly action: 'pass' | 'warn' | 'fail'
  readonly reason?: string
  readonly file: string
  readonly line: number
}

/** What each kind of finding weighs, and which symbols are treated differently. */
export interface Policy {
  /** Name of the preset it started from. */
  readonly name: string
  readonly kinds: Readonly<Record<FindingKind, Severity>>
  /** What becomes of a build that differs from the one behind its whitelist: an error, or a note beside the findings. */
  readonly comparability: 'fail' | 'warn'
  readonly rules: readonly Rule[]
}

export type PolicyPreset = 'strict' | 'rhel5' | 'rhel9' | 'uek' | 'suse'

const strict: Policy['kinds'] = {
  removed: 'fail',
  changed: 'fail',
  unversioned: 'fail',
  'export-type': 'fail',
  namespace: 'fail',
  moved: 'warn',
  added: 'ignore',
  hidden: 'warn',
}

/**
 * The kinds' weights in the checkers that distributions run. `strict` fails on everything that stops a driver from
 * loading; the others keep the verdicts their distribution is used to (docs/policy.md shows the table).
 */
export const policyPresets: Readonly<Record<PolicyPreset, Policy['kinds']>> = {
  strict,
  rhel5: { ...strict, 'export-type': 'ignore', namespace: 'ignore' },
  rhel9: { ...strict, 'export-type': 'ignore', moved: 'fail' },
  uek: strict,
  suse: { ...strict, namespace: 'ignore', moved: 'ignore' },
}

/** The policy that a preset stands for. */
export function presetPolicy(name: PolicyPreset, rules: readonly Rule[] = []): Policy {
  return { name, kinds: policyPresets[name], comparability: 'fail', rules }
}
