import type { DifferenceKind } from '../abi/compare.ts'

/** Kinds of findings that a waiver can excuse: those in which two known rows differ, or one is gone. */
export const waivableKinds = [
  'changed',
  'removed',
  'export-type',
  'announced',
  'namespace',
  'moved',
] as const satisfies readonly DifferenceKind[]

export type WaivableKind = (typeof waivableKinds)[number]

/**
 * A reviewed exception: one kind of finding of one symbol, with exactly these checksums, in these variants. What breaks
 * next has other checksums and is not excused.
 */
export interface Waiver {
  readonly symbol: string
  readonly kind: WaivableKind
  readonly variants: 'all' | readonly string[]
  /** The checksum on the whitelist. */
  readonly from: number
  /** The checksum of the build. */
  readonly to: number | 'removed'
  readonly reason: string
  /** Who answers for it. */
  readonly owner: string
  readonly ticket?: string
  /** Its last day, `2027-01-31`, in UTC. */
  readonly expires: string
  readonly file: string
  readonly line: number
}

/** The waivers that the configuration names, and the day on which they are looked at. */
export interface Waivers {
  readonly list: readonly Waiver[]
  /** `2027-01-31`, in UTC. */
  readonly today: string
  /** False when the run was narrowed to some variants or symbols, so that a waiver may have its finding elsewhere. */
  readonly complete: boolean
}

/** True once its last day is over. */
export function isExpired({ expires }: Waiver, today: string): boolean {
  return expires < today
}
