import type { FindingKind } from './finding.ts'

export type Severity = 'fail' | 'warn' | 'ignore'

/**
 * A SUSE-style exception, tried in order, first match wins. Exactly one of the three patterns is set; `*` and `?`
 * in `symbol` and `module` match any characters, `/` included.
 */
export interface Rule {
  readonly match: { readonly by: 'symbol' | 'module' | 'namespace'; readonly pattern: string }
  readonly action: 'pass' | 'warn' | 'fail'
  readonly reason?: string
  readonly file: string
  readonly line: number
}

/** What each kind of finding weighs, and which symbols are treated differently. */
export interface Policy {
  readonly name: string
  readonly kinds: Readonly<Record<FindingKind, Severity>>
  readonly rules: readonly Rule[]
}

export type PolicyPreset = 'strict' | 'rhel5' | 'rhel9' | 'uek' | 'suse'
