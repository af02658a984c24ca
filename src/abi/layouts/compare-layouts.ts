import type { AggregateLayout, EnumLayout, TypeLayout } from './layout.ts'
import type { LayoutDifference } from './layout-change.ts'
import { leavesOf, type Leaf } from './leaves.ts'
import { isFlat, isSameType } from './same-type.ts'
import { bitsOf, type Sizes } from './size-of-type.ts'

/** Before and after. */
export interface Sides<Value> {
  readonly before: Value
  readonly after: Value
}

/**
 * Compares two layouts of one type.
 * @param sizes what is known of the other types of either side
 * @returns what changed, in the order of the members; empty for equal layouts
 */
export function compareLayouts(
  { before, after }: Sides<TypeLayout>,
  sizes: Sides<Sizes>,
): readonly LayoutDifference[] {
  if (before.kind === 'enum' && after.kind === 'enum') return compareEnums(before, after)
  if (before.kind === 'enum' || after.kind === 'enum')
    return [{ class: 'retyped', before: before.kind, after: after.kind }]
  return compareAggregates(before, after, sizes)
}

function compareEnums(before: EnumLayout, after: EnumLayout): readonly LayoutDifference[] {
  const [old, now] = [before, after].map(
    ({ values }) => new Map(values.map(({ name, value }) => [name, value])),
  ) as [Map<string, bigint>, Map<string, bigint>]
  const changed = [...old].flatMap(([member, value]): LayoutDifference[] => {
    const current = now.get(member)
    if (current === value) return []
    return [
      {
        class: 'enumerator',
        member,
        before: String(value),
        ...(current === undefined ? {} : { after: String(current) }),
      },
    ]
  })
  const added = [...now].flatMap(([member, value]): LayoutDifference[] =>
    old.has(member) ? [] : [{ class: 'new-enumerator', member, after: String(value) }],
  )
  return [...wholeType(before.size, after.size, 'size'), ...changed, ...added]
}

function wholeType(
  before: number | undefined,
  after: number | undefined,
  what: 'size' | 'alignment' | 'grown',
): readonly LayoutDifference[] {
  if (before === undefined || after === undefined || before === after) return []
  return [{ class: what, before: String(before), after: String(after) }]
}

function compareAggregates(
  before: AggregateLayout,
  after: AggregateLayout,
  sizes: Sides<Sizes>,
): readonly LayoutDifference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  const pairs = pairUp(old, now)
  const taken = new Set(pairs.values())
  const fresh = now.filter((leaf) => !taken.has(leaf))
  const replacing = new Set<Leaf>()
  const spaces: Taken[] = []
  const members = old.flatMap((leaf): LayoutDifference[] => {
    const partner = pairs.get(leaf)
    const instead = partner
      ? undefined
      : fresh.find((one) => !replacing.has(one) && isSamePlace(leaf, one, sizes))
    if (instead) replacing.add(instead)
    const here = partner?.member.offset === leaf.member.offset ? partner : instead
    const space = spaceOf(leaf, sizes.before)
    spaces.push(here ? { ...space, now: spaceOf(here, sizes.after) } : space)
    return partner ? changesOf(leaf, partner, sizes) : [gone(leaf, instead)]
  })
  const added = fresh.flatMap((leaf): LayoutDifference[] =>
    replacing.has(leaf) ? [] : newMember(leaf, before, spaces, sizes.after),
  )
  const isGrown = after.size > before.size && members.every(({ class: one }) => one === 'replaced')
  return [
    ...(before.kind === after.kind
      ? []
      : [{ class: 'retyped', before: before.kind, after: after.kind } as const]),
    ...wholeType(before.size, after.size, isGrown ? 'grown' : 'size'),
    ...wholeType(before.align, after.align, 'alignment'),
    ...members,
    ...added,
  ]
}

/**
 * The member of the same path of each: before any other of the path that at the same place, and of these the one of the same type, which
 * a macro kept beside the one that replaced it.
 */
export function pairUp(old: readonly Leaf[], now: readonly Leaf[]): ReadonlyMap<Leaf, Leaf> {
  const byPath = new Map<string, Leaf[]>()
  for (const leaf of now) byPath.set(leaf.path, [...(byPath.get(leaf.path) ?? []), leaf])
  const pairs = new Map<Leaf, Leaf>()
  for (const leaf of old) {
    const some = byPath.get(leaf.path) ?? []
    const here = some.filter(({ member }) => member.offset === leaf.member.offset)
    const partner = here.find(({ member }) => member.type === leaf.member.type) ?? here[0] ?? some[0]
    if (!partner) continue
    pairs.set(leaf, partner)
    byPath.set(
      leaf.path,
      some.filter((one) => one !== partner),
    )
  }
  return pairs
}

function changesOf(
  { path, member: old }: Leaf,
  { member: now }: Leaf,
  sizes: Sides<Sizes>,
): LayoutDifference[] {
  const changes: LayoutDifference[] = []
  if (old.bits !== now.bits || (old.bits !== undefined && old.offset !== now.offset))
    changes.push({ class: 'bit-field', member: path, before: placeText(old), after: placeText(now) })
  else if (old.offset !== now.offset)
    changes.push({ class: 'moved', member: path, before: placeText(old), after: placeText(now) })
  const [before, after] = [old, now].map((member, at) =>
    bitsOf(member.type, at === 0 ? sizes.before : sizes.after, member.inside?.size),
  )
  if (!isSameType(old.type, now.type, isFlat(sizes)))
    changes.push({ class: 'retyped', member: path, before: old.type, after: now.type })
  // Of a type without a name the members are compared one by one, of a named one where it is defined.
  else if (before !== after && old.inside)
    changes.push({
      class: 'size',
      member: path,
      before: String((before ?? 0) / 8),
      after: String((after ?? 0) / 8),
    })
  return changes
}

function gone({ path, member }: Leaf, instead: Leaf | undefined): LayoutDifference {
  return instead
    ? {
        class: 'replaced',
        member: path,
        before: member.type,
        after: `${instead.path} ${instead.member.type}`,
      }
    : { class: 'removed', member: path, before: placeText(member) }
}

function isSamePlace({ member: old }: Leaf, { member: now }: Leaf, sizes: Sides<Sizes>): boolean {
  if (old.offset !== now.offset || old.bits !== now.bits) return false
  if (old.type === now.type && !old.inside && !now.inside) return true
  const [before, after] = [
    bitsOf(old.type, sizes.before, old.inside?.size),
    bitsOf(now.type, sizes.after, now.inside?.size),
  ]
  return old.bits !== undefined || (before !== undefined && before === after)
}

interface Space {
  readonly from: number
  readonly to: number
}

/** Where a member was, and where at the same place it or what replaced it is now. */
interface Taken extends Space {
  readonly now?: Space
}

function overlap(one: Space, other: Space): boolean {
  return one.from < other.to && other.from < one.to
}

function spaceOf({ member }: Leaf, sizes: Sizes): Space {
  const bits = member.bits ?? bitsOf(member.type, sizes, member.inside?.size) ?? 8
  return { from: member.offset, to: member.offset + bits }
}

/** What reaches behind the old end is what the type has grown by, which is told of the type. */
function newMember(
  leaf: Leaf,
  before: AggregateLayout,
  spaces: readonly Taken[],
  sizes: Sizes,
): LayoutDifference[] {
  const space = spaceOf(leaf, sizes)
  const change = { member: leaf.path, after: `${placeText(leaf.member)} ${leaf.member.type}` }
  if (space.to > 8 * before.size) return [{ class: 'added', ...change }]
  const overlapping = spaces.filter((one) => overlap(one, space))
  if (overlapping.length > 0) {
    const isBeside = overlapping.every(({ now }) => now && overlap(now, space))
    return [{ class: isBeside ? 'in-union' : 'added', ...change }]
  }
  const isLast = spaces.every(({ to }) => to <= space.from)
  return [{ class: isLast ? 'in-padding' : 'in-hole', ...change }]
}

/** `24`, in bytes, or `24:3+2`: two bits from the third of byte 24 on. */
function placeText({ offset, bits }: Leaf['member']): string {
  const byte = String(Math.floor(offset / 8))
  return bits === undefined ? byte : `${byte}:${offset % 8}+${bits}`
}
