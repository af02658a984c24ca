import type { Body, Member } from './declaration.ts'
import type { BothTypes, KnownTypes } from './known-types.ts'
import { withBody } from './resolve-types.ts'

/** Members as if no nameless struct stood around them, and around which ones did. */
interface Ungrouped {
  readonly members: readonly Member[]
  /** The members that each nameless struct, or union of one struct in two ways, holds. */
  readonly groups: readonly (readonly Member[])[]
}

/** The body of a struct or union. */
type Compound = Extract<Body, { readonly members: unknown }>

/**
 * Takes members out of the groups that only one side has and that leave each where it is: in a struct a nameless struct,
 * and what `struct_group` makes of one, a union of it with a named struct of the same members; in a union a nameless union.
 */
export function ungroup(
  before: Compound,
  after: Compound,
  types: BothTypes,
): { readonly before: Ungrouped; readonly after: Ungrouped } {
  return { before: opened(before, after, types.before), after: opened(after, before, types.after) }
}

function opened({ kind, members }: Compound, others: Compound, types: KnownTypes): Ungrouped {
  const names = new Set(others.members.flatMap(({ name }) => name ?? []))
  const texts = new Set(others.members.map(({ source }) => source.join(' ')))
  const groups: (readonly Member[])[] = []
  const open = (member: Member): readonly Member[] => {
    const inner = texts.has(member.source.join(' ')) ? undefined : grouped(member, kind, types)
    if (!inner || !namesIn(inner).some((name) => names.has(name))) return [member]
    groups.push(inner)
    return inner.flatMap(open)
  }
  return { members: members.flatMap(open), groups }
}

/** The members of a nameless member, where they stand in a struct or union as they would without it. */
function grouped(
  { name, body, declarator }: Member,
  within: Compound['kind'],
  types: KnownTypes,
): readonly Member[] | undefined {
  if (name !== undefined || declarator.length > 0) return undefined
  if (body?.kind !== 'struct' && body?.kind !== 'union') return undefined
  if (body.kind === within || body.members.length === 1) return body.members
  if (body.kind === 'struct') return undefined
  const [plain, ...rest] = body.members.filter((member) => member.name === undefined)
  const inner = plain?.body?.kind === 'struct' ? plain.body.members : undefined
  if (!inner || rest.length > 0) return undefined
  const text = textOf(inner)
  const twins = body.members.filter((member) => member !== plain)
  return twins.every((twin) => textOf(structMembers(withBody(twin, types)?.body)) === text)
    ? inner
    : undefined
}

function structMembers(body: Body | undefined): readonly Member[] | undefined {
  return body?.kind === 'struct' ? body.members : undefined
}

function textOf(members: readonly Member[] | undefined): string | undefined {
  return members?.map(({ source }) => source.join(' ')).join(' ; ')
}

/** The names by which a driver reaches members: those of nameless structs and unions too. */
export function namesIn(members: readonly Member[]): readonly string[] {
  return members.flatMap(({ name, body }) => {
    if (name !== undefined) return [name]
    return body?.kind === 'struct' || body?.kind === 'union' ? namesIn(body.members) : []
  })
}

/** The member of that name in a nameless union, be it in a nameless struct there. */
export function memberNamed(body: Body | undefined, name: string | undefined): Member | undefined {
  if (name === undefined || (body?.kind !== 'struct' && body?.kind !== 'union')) return undefined
  for (const member of body.members) {
    const found = member.name === name ? member : member.name === undefined && memberNamed(member.body, name)
    if (found) return found
  }
  return undefined
}

/** How many members of those names, in that order, begin some members: they stand where they would alone. */
export function runAtStart(members: readonly Member[], names: readonly string[]): number {
  let count = 0
  for (const { name, body } of members) {
    if (name !== undefined) {
      if (name !== names[count]) return count
      count++
      continue
    }
    const left = names.slice(count)
    if (body?.kind === 'union')
      return count + Math.max(0, ...body.members.map((one) => runAtStart([one], left)))
    if (body?.kind !== 'struct') return count
    const inside = runAtStart(body.members, left)
    count += inside
    if (inside < namesIn(body.members).length) return count
  }
  return count
}
