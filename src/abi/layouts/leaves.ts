import type { AggregateLayout, MemberLayout } from './layout.ts'

/** A member with a type of its own, wherever unnamed structures and unions put it. */
export interface Leaf {
  /** `outer.inner` for what is in a member of a type without a name; unnamed ones leave no trace. */
  readonly path: string
  readonly member: MemberLayout
  /** It shares its place with others, in a union that has no name or is a member. */
  readonly inUnion: boolean
}

/**
 * Wrappers of the macros that distributions keep a released layout with: `struct { … } __UNIQUE_ID_rh_kabi_hide17`,
 * `kabi_hidden`, so that what is in them is found under its released name.
 */
const wrapper = /^__UNIQUE_ID|kabi_hid|^__kabi_/

/** All members of a type that are no unnamed type themselves; padding that is written as an unnamed bit-field is none. */
export function leavesOf(layout: AggregateLayout): readonly Leaf[] {
  const leaves: Leaf[] = []
  const visit = ({ members }: AggregateLayout, prefix: string, inUnion: boolean): void => {
    for (const member of members) {
      const name = wrapper.test(member.name) ? '' : member.name
      const path = name === '' ? prefix : `${prefix}${name}`
      const { inside } = member
      const union = inUnion || inside?.kind === 'union'
      if (inside && inside.kind !== 'enum' && !member.type.includes('['))
        visit(inside, name === '' ? prefix : `${path}.`, union)
      else if (inside && inside.kind !== 'enum') {
        leaves.push({ path, member, inUnion })
        visit(inside, `${path}[].`, union)
      } else if (member.name !== '' || member.bits === undefined) leaves.push({ path, member, inUnion })
    }
  }
  visit(layout, '', false)
  return leaves
}

/** The offset of each named member, in bits; those of unnamed structures and unions inside count as its own. */
export function memberOffsets(
  { members }: AggregateLayout,
  into = new Map<string, number>(),
): ReadonlyMap<string, number> {
  for (const { name, offset, inside } of members) {
    if (name !== '') into.set(name, offset)
    else if (inside && inside.kind !== 'enum') memberOffsets(inside, into)
  }
  return into
}
