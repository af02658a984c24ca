import type { ChangeClass } from '../abi/cause.ts'
import type { FindingKind } from './finding.ts'

export type Severity = 'fail' | 'warn' | 'ignore'

/** What a rule's pattern is matched against. */
export type RuleSubject = 'symbol' | 'module' | 'namespace'

/** A SUSE-style exception, tried in order, first match wins; see `glob` for its pattern. */
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
  /** Classes of changes that give a changed checksum another weight than `kinds` does; see `severityOfChanged`. */
  readonly classes: Readonly<Partial<Record<ChangeClass, Severity>>>
  /** The most that a changed checksum weighs whose causes are all proven to move nothing in memory. */
  readonly unmoved: Severity
  /** What becomes of a build that differs from the one behind its whitelist: an error, or a note beside the findings. */
  readonly comparability: 'fail' | 'warn'
  /** Whether the layouts of types are compared with those of the release, where these are stored. */
  readonly layouts: 'on' | 'off'
  /** What becomes, on a pull request, of a failing finding that its base has in exactly the same way. */
  readonly preExisting: 'fail' | 'warn'
  readonly rules: readonly Rule[]
}

export type PolicyPreset = 'strict' | 'lenient' | 'rhel5' | 'rhel9' | 'uek' | 'suse'

const strict: Policy['kinds'] = {
  removed: 'fail',
  changed: 'fail',
  unversioned: 'fail',
  'export-type': 'fail',
  announced: 'ignore',
  namespace: 'fail',
  moved: 'warn',
  added: 'ignore',
  hidden: 'warn',
  layout: 'fail',
  fits: 'warn',
  'whitelist-edit': 'fail',
  driver: 'fail',
}

/**
 * `strict` fails on everything that stops a driver from loading. `lenient` lets pass what only an `#include` did, and what is
 * proven to move nothing in memory. The
 * others have the kinds' weights in the checkers that distributions run, and keep the verdicts their distribution is
 * used to (docs/policy.md shows the table).
 */
export const policyPresets: Readonly<
  Record<PolicyPreset, Pick<Policy, 'kinds' | 'classes'> & Partial<Pick<Policy, 'unmoved'>>>
> = {
  strict: { kinds: strict, classes: {} },
  lenient: {
    kinds: strict,
    classes: { 'became-defined': 'warn', 'became-opaque': 'warn' },
    unmoved: 'warn',
  },
  rhel5: { kinds: { ...strict, 'export-type': 'ignore', namespace: 'ignore' }, classes: {} },
  rhel9: { kinds: { ...strict, 'export-type': 'ignore', moved: 'fail' }, classes: {} },
  uek: { kinds: strict, classes: {} },
  suse: { kinds: { ...strict, announced: 'fail', namespace: 'ignore', moved: 'ignore' }, classes: {} },
}

/** The policy that a preset stands for. */
export function presetPolicy(name: PolicyPreset, rules: readonly Rule[] = []): Policy {
  const usual = { comparability: 'fail', layouts: 'on', preExisting: 'fail' } as const
  return { name, unmoved: 'fail', ...policyPresets[name], ...usual, rules }
}
