import type { Whitelist } from '../abi/whitelist.ts'
import type { Guarded } from '../baseline/read-guard.ts'
import { releasedPlaces } from '../baseline/released-places.ts'
import type { Wanted } from '../kernel/collect.ts'
import type { Collection } from '../kernel/collect-all.ts'
import { outsideSymbols } from '../module/imported-symbols.ts'
import type { Prepared } from './prepare.ts'

/** What to look for in a variant, and where the release had it. */
export async function collectionOf(
  prepared: Pick<Prepared, 'plan' | 'gates'>,
  guarded: Pick<Guarded, 'variant' | 'whitelist' | 'layouts' | 'drivers'>,
  allExports = false,
): Promise<Collection> {
  const { whitelist } = guarded
  const asked = askedOf(prepared, guarded, allExports)
  return asked.wanted === 'all' || !whitelist ? asked : { ...asked, places: await releasedPlaces(whitelist) }
}

/** What to look for in a variant. */
export function askedOf(
  prepared: Pick<Prepared, 'plan' | 'gates'>,
  guarded: Pick<Guarded, 'variant' | 'whitelist' | 'layouts' | 'drivers'>,
  allExports = false,
): Omit<Collection, 'places'> {
  const { variant, layouts } = guarded
  const asked = layouts && prepared.plan.policy.layouts === 'on' ? { layouts } : {}
  return { variant, wanted: wantedOf(prepared, guarded, allExports), ...asked }
}

/**
 * The symbols to look for: those that the whitelist protects, those that the patch adds to it, and those that drivers need,
 * unless somebody wants to hear of all.
 */
function wantedOf(
  { plan: { policy }, gates }: Pick<Prepared, 'plan' | 'gates'>,
  { variant, whitelist, drivers = [] }: Pick<Guarded, 'variant' | 'whitelist' | 'drivers'>,
  allExports: boolean,
): Wanted {
  if (allExports || policy.kinds.added !== 'ignore' || !whitelist) return 'all'
  const after = gates && 'variants' in gates.after ? gates.after.variants : []
  const patched = after.find(({ name }) => name === variant.name)?.whitelist
  return new Set([
    ...symbolsOf(whitelist),
    ...(patched ? symbolsOf(patched) : []),
    ...outsideSymbols(drivers),
  ])
}

export function symbolsOf({ rows }: Whitelist): ReadonlySet<string> {
  return new Set(rows.map(({ symbol }) => symbol))
}
