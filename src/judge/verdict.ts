import type { TreeIdentity } from '../abi/baseline.ts'
import type { DoubtKind } from '../abi/carry-over.ts'
import type { Carried, How } from '../abi/evidence.ts'
import type { Problem, ProblemKind } from '../problem/problem.ts'
import type { Explanation } from '../abi/cause.ts'
import type { DriverReport } from './drivers.ts'
import type { Finding, FindingKind } from './finding.ts'
import type { Policy, Rule, Severity } from './policy.ts'
import type { Series } from './series.ts'

export type Result = 'pass' | 'break' | 'overridden' | 'error'

/** Somebody asked, with a reason, that a break shall not fail the job: by the disable flag, or by a label. */
export interface Override {
  readonly reason: string
  /** Who asked: the workflow's actor, the user at the terminal, or who set the label. */
  readonly by: string
  /** The standing of who asked, on a forge; absent at a terminal. */
  readonly how?: LabelStanding | FlagStanding
  /** Where the run can be looked up; absent at a terminal. */
  readonly run?: string
}

export interface LabelStanding {
  readonly kind: 'label'
  readonly label: string
  readonly role: string
  /** When the label was set, as the forge says: ISO 8601. */
  readonly at: string
}

export interface FlagStanding {
  readonly kind: 'flag'
  /** Absent: nobody asked the forge. */
  readonly role: string | undefined
  /** When the run looked at the flag: ISO 8601. */
  readonly at: string
}

/** How a break can be excused where the disable flag is refused. */
export type Excuse = { readonly kind: 'label'; readonly label: string } | { readonly kind: 'waiver' }

/** One variant's part of the verdict. */
export interface VariantSummary {
  readonly name: string
  readonly arch: string | undefined
  readonly result: Exclude<Result, 'overridden'> | 'no-promise'
  /** Why the variant promises nothing; only with `no-promise`. */
  readonly noPromiseReason?: string
  /** Unique protected symbols on the whitelist. */
  readonly protected: number
  /** Protected symbols that were looked up in the build's exports: equal to `protected`, or the result is an error. */
  readonly compared: number
  /** Exports of the build that the whitelist does not protect; undefined where nobody looked for them. */
  readonly added: number | undefined
  /** Exports of the build. */
  readonly exports: number
  readonly findings: Readonly<Record<Severity, number>>
  readonly whitelist: string | undefined
  /** SHA-256 of the whitelist, hexadecimal, where it is one file. */
  readonly whitelistDigest?: string
  /** The kernel tree that was looked at, where that is known. */
  readonly tree?: TreeIdentity
  /** The release of its kernel, `6.1.170`, where that is known. */
  readonly kernel?: string
  readonly how: How | undefined
  /** Present where the evidence is that of another commit, which holds for this one. */
  readonly carried?: Carried
}

/** What the files that changed since some commit can reach of a variant. */
export interface Reach {
  readonly variant: string
  /** The commit whose evidence is at hand, its whole name; absent: there is none, so that all is looked at. */
  readonly from?: string
  readonly files: readonly ReachOfFile[]
}

export interface ReachOfFile {
  readonly path: string
  /** Why the evidence may depend on it; absent: it does not. */
  readonly doubt?: DoubtKind
  /** The objects that read it, and how many protected symbols these export; absent where it may reach all of them. */
  readonly objects?: readonly string[]
  readonly symbols?: number
}

/** Why the verdict is what it is, heaviest first. */
export interface Reason {
  readonly weight: 'error' | 'fail' | 'warn' | 'note'
  readonly about: { readonly problem: ProblemKind } | { readonly finding: FindingKind }
  readonly count: number
  readonly variants: readonly string[]
}

/** Whose configuration, whitelists, waivers and rules counted. */
export type CountingConfiguration =
  | {
      readonly kind: 'commit'
      /** As it was named. */
      readonly name: string
      readonly commit: string
      /** The branch that the run is about; absent: not known. */
      readonly branch?: string
    }
  | { readonly kind: 'work-tree' }

/** What findings were held against to say where they come from. */
export interface Origins {
  /** A commit, its whole name. */
  readonly base: string
  /** What becomes in this run of a failing finding that was there before. */
  readonly preExisting: Policy['preExisting']
}

/** Everything a report may say. Reports render exactly this. */
export interface Verdict {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'kabi-gate'; readonly version: string }
  readonly result: Result
  /** The day on which it was given, `2027-01-31`, in UTC; absent where there was nothing to judge. */
  readonly date?: string
  /** Where the documentation is, `https://example.org/kabi-gate/docs`; absent: not known. */
  readonly docs?: string
  readonly reasons: readonly Reason[]
  /** The disable flag as it was given, also when nothing had to be excused; or the label that excused a break. */
  readonly override: Override | undefined
  /** Absent: the disable flag would be accepted. */
  readonly excuse?: Excuse
  readonly policy: string
  /** Absent where there is no configuration, as for two files. */
  readonly configuration?: CountingConfiguration
  readonly variants: readonly VariantSummary[]
  /** Everything that matters, of all families, in the order of `byWeight`. What the policy ignores is not among them. */
  readonly findings: readonly Finding[]
  /** Absent where nobody asked where findings come from. */
  readonly origins?: Origins
  /** How many of the drivers that the configuration names still load; absent where it names none. */
  readonly drivers?: DriverReport
  /** Why checksums changed; absent when no protected symbol changed. */
  readonly explanation?: Explanation
  /** What the changed files can reach; absent where nobody asked. */
  readonly reach?: readonly Reach[]
  /** What each commit did; absent where they were not looked at one by one. */
  readonly series?: Series
  readonly problems: readonly Problem[]
  /** Rules of the policy that matched no finding. */
  readonly unusedRules: readonly Rule[]
}
