import type { Blame, BlamedOption } from '../abi/blame.ts'
import type { Difference } from '../abi/compare.ts'

/** What was found out about the places of one variant's differences. */
export interface LocatedVariant {
  /** By `differenceKey`. */
  readonly blames: ReadonlyMap<string, Blame>
  /** Of the options that `baseline.yml` records with another value, those that the patch changed. */
  readonly options: readonly BlamedOption[]
}

export function differenceKey({ kind, symbol }: Pick<Difference, 'kind' | 'symbol'>): string {
  return `${kind} ${symbol}`
}
