import { definitionTitle } from '../../abi/explain/definition-title.ts'
import type { HeldSizes } from '../../abi/layouts/compare-all-layouts.ts'
import { pairUp, type Sides } from '../../abi/layouts/compare-layouts.ts'
import type { AggregateLayout, EnumLayout, TypeLayout } from '../../abi/layouts/layout.ts'
import { leavesOf, type Leaf } from '../../abi/layouts/leaves.ts'
import { isFlat, isSameType } from '../../abi/layouts/same-type.ts'
import { bitsOf } from '../../abi/layouts/size-of-type.ts'
import type { LayoutFinding } from '../../judge/finding.ts'
import { counted } from '../words.ts'
import { inC } from './layout-words.ts'
import type { Picture, PictureGap, PicturePlace, PictureRow, RowState } from './report-model.ts'

/** Rows of one picture before the rest is only counted. */
const mostRows = 80

/** Rows that stand as they are beside one that changed. */
const around = 2

/**
 * Draws a type of a finding as it lies in memory before and after.
 * @returns what changed with a few rows around it; undefined where there is nothing to draw: of a prototype, of a type without
 * members, of one that was an enumeration and is none, or the other way round
 */
export function layoutPicture({
  name,
  layout: { before, after },
  sizes,
}: Pick<LayoutFinding, 'name' | 'layout' | 'sizes'>): Picture | undefined {
  if (typeof before === 'string' || typeof after === 'string' || !canDraw({ before, after })) return undefined
  const all = pictureRows({ before, after }, sizes)
  const rows = folded(all).slice(0, mostRows)
  const shown = rows.reduce((sum, row) => sum + (row.kind === 'gap' ? row.count : 1), 0)
  const align = { before: alignOf(before), after: alignOf(after) }
  return {
    title: definitionTitle(name),
    of: after.kind === 'enum' ? 'values' : 'members',
    size: { before: before.size, after: after.size },
    ...(align.before === undefined || align.after === undefined
      ? {}
      : { align: { before: align.before, after: align.after } }),
    rows,
    left: all.length - shown,
  }
}

/** False for what `layoutPicture` gives no picture of. */
export function canDraw({ before, after }: LayoutFinding['layout']): boolean {
  if (typeof before === 'string' || typeof after === 'string') return false
  if (before.kind === 'enum' || after.kind === 'enum')
    return before.kind === after.kind && !(isEmpty(before) && isEmpty(after))
  return !(isEmpty(before) && isEmpty(after))
}

function isEmpty(layout: TypeLayout): boolean {
  return (layout.kind === 'enum' ? layout.values : layout.members).length === 0
}

function alignOf(layout: TypeLayout): number | undefined {
  return layout.kind === 'enum' ? undefined : layout.align
}

function isUnused(what: readonly RowState[]): boolean {
  return what.includes('hole') || what.includes('padding')
}

/**
 * All members or enumerators of both sides, and what nothing uses between them, in the order that they have after; what is gone
 * stands behind what it stood behind.
 * @param sizes of what the type holds; without them, no pointer and no named type has a size, and no hole is seen behind it
 */
export function pictureRows(
  { before, after }: Sides<TypeLayout>,
  sizes?: Sides<HeldSizes>,
): readonly PictureRow[] {
  if (before.kind === 'enum' || after.kind === 'enum')
    return before.kind === 'enum' && after.kind === 'enum' ? valueRows(before, after) : []
  const [old, now] = [itemsOf(before, sizes?.before), itemsOf(after, sizes?.after)]
  const flat = sizes !== undefined && isFlat(sizes)
  return aligned(old, now, partners(old, now), (one, other) => memberRow(one, other, flat))
}

/** What a side has at a place: a member, or, without one, bits that nothing uses. */
interface Item {
  readonly leaf?: Leaf
  /** In bits. */
  readonly from: number
  /** Absent where the size of the member is not known. */
  readonly to?: number
  readonly isLast?: boolean
}

/** Members in the order of their places, with the holes between them. */
function itemsOf(layout: AggregateLayout, sizes: HeldSizes | undefined): readonly Item[] {
  const members = leavesOf(layout)
    .map((leaf) => ({ leaf, from: leaf.member.offset, ...endOf(leaf, sizes) }))
    .sort((a, b) => a.from - b.from)
  const items: Item[] = []
  let used = 0
  for (const member of members) {
    if (member.from > used) items.push({ from: used, to: member.from })
    items.push(member)
    // How far a member of unknown size reaches is told by the next one, but not in a union: no hole is claimed that may be none.
    const isShared = layout.kind === 'union' || member.leaf.inUnion
    const next = () => (isShared ? undefined : members.find(({ from }) => from > member.from)?.from)
    used = Math.max(used, member.to ?? next() ?? Infinity)
  }
  const end = 8 * layout.size
  return used < end ? [...items, { from: used, to: end, isLast: true }] : items
}

function endOf({ member }: Leaf, sizes: HeldSizes | undefined): { readonly to?: number } {
  const { offset, type, inside } = member
  const bits =
    member.bits ??
    bitsOf(
      type,
      {
        pointer: sizes?.pointer ?? NaN,
        layoutOf: (name) => {
          const size = sizes?.held.get(name)
          return size === undefined ? undefined : { size }
        },
      },
      inside?.size,
    )
  return bits === undefined || Number.isNaN(bits) ? {} : { to: offset + bits }
}

/** Members as the comparison pairs them; a hole with that behind the same member, or of the same place. */
function partners(old: readonly Item[], now: readonly Item[]): ReadonlyMap<Item, Item> {
  const leavesIn = (items: readonly Item[]) => items.flatMap(({ leaf }) => leaf ?? [])
  const byLeaf = new Map(now.map((item) => [item.leaf, item]))
  const pairs = new Map<Item, Item>()
  const leafPairs = pairUp(leavesIn(old), leavesIn(now))
  for (const item of old) {
    const partner = item.leaf && byLeaf.get(leafPairs.get(item.leaf))
    if (item.leaf && partner?.leaf) pairs.set(item, partner)
  }
  const holes = new Map(now.flatMap((item, at) => (item.leaf ? [] : [[now[at - 1], item] as const])))
  old.forEach((item, at) => {
    const previous = old[at - 1]
    const behind = previous && pairs.get(previous)
    const partner = previous && !behind ? undefined : holes.get(behind)
    if (item.leaf || !partner) return
    pairs.set(item, partner)
    holes.delete(behind)
  })
  for (const item of old) {
    if (item.leaf || pairs.has(item)) continue
    const found = [...holes].find(([, { from, to }]) => from === item.from && to === item.to)
    if (!found) continue
    pairs.set(item, found[1])
    holes.delete(found[0])
  }
  return pairs
}

/** A row for each pair and each single of both lists: those of `now` in their order, and what is only in `old` where it was. */
function aligned<Thing>(
  old: readonly Thing[],
  now: readonly Thing[],
  pairs: ReadonlyMap<Thing, Thing>,
  row: (before: Thing | undefined, after: Thing | undefined) => PictureRow,
): readonly PictureRow[] {
  const before = new Map([...pairs].map(([one, other]) => [other, one]))
  const behind = new Map<Thing | undefined, PictureRow[]>()
  let last: Thing | undefined
  for (const thing of old) {
    const partner = pairs.get(thing)
    if (partner !== undefined) last = partner
    else {
      const rows = behind.get(last)
      if (rows) rows.push(row(thing, undefined))
      else behind.set(last, [row(thing, undefined)])
    }
  }
  return [undefined, ...now].flatMap((thing) => [
    ...(thing === undefined ? [] : [row(before.get(thing), thing)]),
    ...(behind.get(thing) ?? []),
  ])
}

function memberRow(before: Item | undefined, after: Item | undefined, flat: boolean): PictureRow {
  const what = statesOf(before, after, flat)
  const isSame = what.every((one) => one === 'same' || one === 'moved' || isUnused([one]))
  const shift =
    before && after && isSame && widthOf(before) === widthOf(after) ? after.from - before.from : undefined
  const leaf = after?.leaf ?? before?.leaf
  return {
    kind: 'row',
    ...(before ? { before: placeOf(before) } : {}),
    ...(after ? { after: placeOf(after) } : {}),
    ...{ name: leaf?.path ?? '', inUnion: leaf?.inUnion ?? false, what },
    ...(shift === undefined ? {} : { shift }),
  }
}

function statesOf(before: Item | undefined, after: Item | undefined, flat: boolean): readonly RowState[] {
  const one = after ?? before
  if (!one?.leaf) return [one?.isLast ? 'padding' : 'hole']
  if (!before?.leaf) return ['new']
  if (!after?.leaf) return ['gone']
  const [old, now] = [before.leaf.member, after.leaf.member]
  const isSized = before.to !== undefined && after.to !== undefined
  const states: RowState[] = []
  if (before.from !== after.from) states.push('moved')
  if (!isSameType(old.type, now.type, flat)) states.push('retyped')
  else if (old.bits !== now.bits || (isSized && widthOf(before) !== widthOf(after))) states.push('resized')
  return states.length === 0 ? ['same'] : states
}

function widthOf({ from, to }: Item): number | undefined {
  return to === undefined ? undefined : to - from
}

function placeOf(item: Item): PicturePlace {
  const { leaf, from } = item
  const [byte, bit] = [Math.floor(from / 8), from % 8]
  const bits = widthOf(item)
  const isBits = leaf?.member.bits !== undefined || (bits ?? 0) % 8 !== 0
  return {
    place: isBits || bit !== 0 ? `${byte}:${bit}` : String(byte),
    ...(bits === undefined ? {} : { size: isBits ? counted(bits, 'bit') : String(bits / 8) }),
    ...(leaf ? { type: inC(leaf.member.type) } : {}),
  }
}

type Value = EnumLayout['values'][number]

function valueRows(before: EnumLayout, after: EnumLayout): readonly PictureRow[] {
  const left = new Map<string, Value[]>()
  for (const value of after.values) left.set(value.name, [...(left.get(value.name) ?? []), value])
  const pairs = new Map<Value, Value>()
  for (const value of before.values) {
    const partner = left.get(value.name)?.shift()
    if (partner) pairs.set(value, partner)
  }
  return aligned(before.values, after.values, pairs, valueRow)
}

function valueRow(before: Value | undefined, after: Value | undefined): PictureRow {
  const shift = before && after ? Number(after.value - before.value) : undefined
  const what: RowState = !before ? 'new' : !after ? 'gone' : shift === 0 ? 'same' : 'moved'
  return {
    kind: 'row',
    ...(before ? { before: { place: String(before.value) } } : {}),
    ...(after ? { after: { place: String(after.value) } } : {}),
    ...{ name: (after ?? before)?.name ?? '', inUnion: false, what: [what] },
    // A larger difference is not exact.
    ...(shift !== undefined && Number.isSafeInteger(shift) ? { shift } : {}),
  }
}

/** Rows of which those are only counted that stayed, or moved by the same as their neighbours, apart from a few around a change. */
function folded(rows: readonly PictureRow[]): readonly (PictureRow | PictureGap)[] {
  const shown: (PictureRow | PictureGap)[] = []
  for (let start = 0; start < rows.length;) {
    const shift = rows[start]?.shift
    let end = start + 1
    if (shift !== undefined) while (end < rows.length && rows[end]?.shift === shift) end++
    // Where nothing stands out at all, the first ones show what it is about.
    const head = start + (start > 0 ? around : end === rows.length ? 2 * around : 0)
    const tail = end - (end < rows.length ? around : 0)
    // A count in the place of a single row would save nothing.
    if (shift !== undefined && tail - head > 1)
      shown.push(
        ...rows.slice(start, head),
        { kind: 'gap', count: tail - head, shift },
        ...rows.slice(tail, end),
      )
    else shown.push(...rows.slice(start, end))
    start = end
  }
  return shown
}
