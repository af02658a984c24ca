import type { BaselineFile } from '../abi/baseline.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { Policy } from './policy.ts'
import type { Waiver } from './waiver.ts'

/** All that decides about a patch, as one commit or work tree has it. */
export interface GateState {
  /** The configuration. */
  readonly file: string
  /** The line on which a setting stands, or where it would; by the way to it. */
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined
  readonly policy: Policy
  readonly waivers: readonly Waiver[]
  readonly protectedBranches: readonly string[]
  readonly variants: readonly GuardedVariant[]
}

export interface GuardedVariant {
  readonly name: string
  readonly guard: 'stable' | 'none'
  /** Equal when the kernel is configured and built in the same way. */
  readonly build: string
  /** The labels of the machines that it is built on; empty: what the workflow says. */
  readonly runner: readonly string[]
  /** The drivers that have to keep loading, by their paths from the folder of the configuration. */
  readonly drivers: readonly string[]
  /** Absent without a promise, and where it could not be read. */
  readonly whitelist?: Whitelist
  readonly baseline?: BaselineFile
}

/** What a work tree has when its configuration is not understood. */
export interface NoGateState {
  readonly file: string
  readonly line?: number
  /** What was wrong, in one sentence. */
  readonly why: string
}
