import { compareLayouts, type Sides } from './compare-layouts.ts'
import { layoutText } from './format-layouts.ts'
import type { AggregateLayout, Layouts, MemberLayout, TypeLayout, TypeText } from './layout.ts'
import type { LayoutDifference } from './layout-change.ts'
import { isFlat, isSameType } from './same-type.ts'
import type { Sizes } from './size-of-type.ts'

/** What changed of one type or symbol. */
export interface ChangedLayout {
  /** `s#device`, or the name of a symbol. */
  readonly name: string
  /** Of a symbol, what it is. */
  readonly layout: Sides<TypeLayout> | Sides<TypeText>
  readonly differences: readonly LayoutDifference[]
}

/** A change that somebody made, with the types that changed by it alone, as they hold the changed type. */
export interface LayoutChange extends ChangedLayout {
  /** By name. */
  readonly embedding: readonly ChangedLayout[]
  /** How large is what it holds; of a structure or union alone. */
  readonly sizes?: Sides<HeldSizes>
}

/** What tells how large the members of a type are; all in bytes. */
export interface HeldSizes {
  /** Of a pointer. */
  readonly pointer: number
  /** Arrays are written without their dimensions. */
  readonly flat?: boolean
  /** Of the named types that lie in it, as far as they are known. */
  readonly held: ReadonlyMap<string, number>
}

/**
 * Compares the layouts of a release with those of a build, type by type and symbol by symbol, of all that both know.
 * @returns what is not equal, symbols first, each by name
 */
export function compareAllLayouts({ before, after }: Sides<Layouts>): readonly LayoutChange[] {
  const sizes = { before: sizesOf(before), after: sizesOf(after) }
  const flat = isFlat(sizes)
  const symbols = names(before.symbols).flatMap((name): LayoutChange[] => {
    const [old, now] = [before.symbols.get(name)?.value, after.symbols.get(name)?.value]
    if (old === undefined || now === undefined || isSameType(old, now, flat)) return []
    const differences = [{ class: 'prototype', before: old, after: now } as const]
    return [{ name, layout: { before: old, after: now }, differences, embedding: [] }]
  })
  const types = names(before.types).flatMap((name): ChangedLayout[] => {
    const [old, now] = [before.types.get(name)?.value, after.types.get(name)?.value]
    const differences = old && now ? compareLayouts({ before: old, after: now }, sizes) : []
    if (!old || !now || differences.length === 0) return []
    return [{ name, layout: { before: old, after: now }, differences }]
  })
  return [...symbols, ...byOrigin(types, { before, after }, flat)]
}

function names(map: ReadonlyMap<string, unknown>): readonly string[] {
  return [...map.keys()].sort()
}

/** Knows the sizes of the types of some layouts. */
export function sizesOf({ pointer, vmlinux, types }: Layouts): Sizes {
  return { pointer, ...flatness(vmlinux), layoutOf: (name) => types.get(name)?.value }
}

function flatness(vmlinux: Layouts['vmlinux']): Pick<Sizes, 'flat'> {
  return vmlinux === 'btf' ? { flat: true } : {}
}

/** Puts the types that changed by what they hold under those that somebody changed. */
function byOrigin(
  changed: readonly ChangedLayout[],
  sides: Sides<Layouts>,
  flat: boolean,
): readonly LayoutChange[] {
  const byName = new Map(changed.map((one) => [one.name, one]))
  const heldBy = new Map(changed.map(({ name }) => [name, changedInside(name, byName, sides, flat)]))
  const origins = changed.filter(({ name }) => heldBy.get(name)?.size === 0)
  const embedding = new Map<string, ChangedLayout[]>(origins.map(({ name }) => [name, []]))
  for (const one of changed) {
    const inside = heldBy.get(one.name) ?? new Set()
    if (inside.size > 0) for (const name of originsOf(inside, heldBy)) embedding.get(name)?.push(one)
  }
  return origins.map((one) => ({
    ...one,
    embedding: embedding.get(one.name) ?? [],
    ...heldSizes(one, sides),
  }))
}

function heldSizes(
  { layout: { before, after } }: ChangedLayout,
  sides: Sides<Layouts>,
): Pick<LayoutChange, 'sizes'> {
  if (typeof before === 'string' || typeof after === 'string') return {}
  if (before.kind === 'enum' || after.kind === 'enum') return {}
  const sizesOn = (layout: AggregateLayout, { pointer, vmlinux, types }: Layouts): HeldSizes => ({
    pointer,
    ...flatness(vmlinux),
    held: new Map(
      [...heldIn(layout)].flatMap((name) => {
        const type = types.get(name)?.value
        return type ? [[name, type.size]] : []
      }),
    ),
  })
  return { sizes: { before: sizesOn(before, sides.before), after: sizesOn(after, sides.after) } }
}

/** The changed types that a type holds, where it changed by nothing else: it has the same members in the same order. */
function changedInside(
  name: string,
  changed: ReadonlyMap<string, ChangedLayout>,
  { before, after }: Sides<Layouts>,
  flat: boolean,
): ReadonlySet<string> {
  const [old, now] = [before.types.get(name)?.value, after.types.get(name)?.value]
  if (!old || !now || old.kind === 'enum' || now.kind === 'enum' || !isSameText(old, now, flat))
    return new Set()
  return new Set([...heldIn(now)].filter((held) => changed.has(held)))
}

function originsOf(
  names: ReadonlySet<string>,
  heldBy: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const origins = new Set<string>()
  const visit = (some: ReadonlySet<string>): void => {
    for (const name of some) {
      const inside = heldBy.get(name) ?? new Set()
      if (inside.size === 0) origins.add(name)
      else visit(inside)
    }
  }
  visit(names)
  return origins
}

/** Whether two layouts come from the same text, whatever size and place the members have. */
function isSameText(one: TypeLayout, other: TypeLayout, flat: boolean): boolean {
  if (one.kind === 'enum' || other.kind === 'enum') return layoutText(one) === layoutText(other)
  return (
    one.kind === other.kind &&
    one.members.length === other.members.length &&
    one.members.every((member, at) => isSameMember(member, other.members[at], flat))
  )
}

function isSameMember(one: MemberLayout, other: MemberLayout | undefined, flat: boolean): boolean {
  if (one.name !== other?.name || one.bits !== other.bits) return false
  if (!isSameType(one.type, other.type, flat)) return false
  if (!one.inside || !other.inside) return one.inside === other.inside
  return isSameText(one.inside, other.inside, flat)
}

/** Named types that lie in a type, not behind a pointer. */
function heldIn({ members }: AggregateLayout): ReadonlySet<string> {
  return new Set(
    members.flatMap(({ type, inside }) =>
      inside && inside.kind !== 'enum' ? [...heldIn(inside)] : heldName(type),
    ),
  )
}

function heldName(type: TypeText): readonly string[] {
  const [, name] = /^([sute]#[^ [(*]+)(?:\[\d*\])*$/.exec(type) ?? []
  return name === undefined ? [] : [name]
}
