import type { AggregateLayout, MemberLayout } from './layout.ts'
import { bitsOf, type Sizes } from './size-of-type.ts'

/** Bytes of a structure that no member has. */
export interface FreePlace {
  /** In bytes. */
  readonly offset: number
  readonly bytes: number
  /** The member in front of it; empty for one without a name. */
  readonly behind: string
  /** Whether it is the padding at the end. */
  readonly last: boolean
}

/** The holes of a structure and the padding at its end, in their order. Behind a member of unknown size there is none. */
export function freePlaces({ kind, size, members }: AggregateLayout, sizes: Sizes): readonly FreePlace[] {
  if (kind === 'union') return []
  const sorted = members.toSorted((a, b) => a.offset - b.offset)
  const places: FreePlace[] = []
  let end = 0
  for (const [at, member] of sorted.entries()) {
    end = Math.max(end, endOf(member, sizes))
    const next = sorted[at + 1]?.offset ?? 8 * size
    const offset = Math.ceil(end / 8)
    const bytes = Math.floor(next / 8) - offset
    if (bytes > 0) places.push({ offset, bytes, behind: member.name, last: at === sorted.length - 1 })
  }
  return places
}

function endOf({ offset, bits, type, inside }: MemberLayout, sizes: Sizes): number {
  return offset + (bits ?? bitsOf(type, sizes, inside?.size) ?? Infinity)
}

/**
 * The smallest place that takes a member without moving another.
 * @param bytes of the member
 * @param align in bytes
 */
export function placeFor(places: readonly FreePlace[], bytes: number, align: number): FreePlace | undefined {
  const fits = ({ offset, bytes: free }: FreePlace) =>
    Math.ceil(offset / align) * align + bytes <= offset + free
  return places.filter(fits).toSorted((a, b) => a.bytes - b.bytes)[0]
}
