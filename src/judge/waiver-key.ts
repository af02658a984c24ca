import type { Waiver } from './waiver.ts'

/** Equal for waivers that excuse the same: what they say about reason, owner, ticket and end does not count. */
export function waiverKey({ symbol, kind, variants, from, to }: Waiver): string {
  return JSON.stringify([symbol, kind, variants === 'all' ? variants : variants.toSorted(), from, to])
}
