import type { Room } from '../abi/cause.ts'
import { sizesOf } from '../abi/layouts/compare-all-layouts.ts'
import type { Sides } from '../abi/layouts/compare-layouts.ts'
import { freePlaces, placeFor } from '../abi/layouts/free-places.ts'
import type { AggregateLayout, Layouts } from '../abi/layouts/layout.ts'
import { leavesOf, type Leaf } from '../abi/layouts/leaves.ts'
import { arrayOf, bitsOf } from '../abi/layouts/size-of-type.ts'

/**
 * Where the one new member of a structure would have moved nothing. Undefined for none or several of them, for a bit-field, and
 * for one of unknown size.
 */
export function roomFor(
  { before, after }: Sides<AggregateLayout>,
  layouts: Sides<Layouts>,
): Room | undefined {
  const sizes = { before: sizesOf(layouts.before), after: sizesOf(layouts.after) }
  const known = new Set(leavesOf(before).map(({ path }) => path))
  const [leaf, ...others] = leavesOf(after).filter(({ path }) => !known.has(path))
  if (!leaf || others.length > 0 || leaf.member.bits !== undefined) return undefined
  const bits = bitsOf(leaf.member.type, sizes.after, leaf.member.inside?.size)
  if (bits === undefined || bits === 0) return undefined
  const bytes = bits / 8
  const place = placeFor(freePlaces(before, sizes.before), bytes, alignOf(leaf, bytes, layouts.after.types))
  return { member: leaf.path, bytes, ...(place ? { place } : {}) }
}

/** No stricter than what the member has now, and than any machine asks for. */
function alignOf({ member }: Leaf, bytes: number, types: Layouts['types']): number {
  const layout = types.get(arrayOf(member.type).element)?.value
  if (layout && layout.kind !== 'enum' && layout.align !== undefined) return layout.align
  const place = member.offset / 8
  return [8, 4, 2, 1].find((align) => bytes % align === 0 && place % align === 0) ?? 1
}
