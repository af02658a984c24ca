import type { Change } from '../cause.ts'
import { align } from './align.ts'
import { cText } from './c-text.ts'
import { classifyEnumerators } from './classify-enumerators.ts'
import { changeBetween, declarationDifference } from './compare-declarations.ts'
import type { Body, Member } from './declaration.ts'
import type { BothTypes } from './known-types.ts'
import { nameIndex } from './parse-definition.ts'
import { memberNamed, namesIn, runAtStart, ungroup } from './regroup.ts'
import { writtenAlike } from './resolve-types.ts'

/** Where the members of a body stand. */
interface Scope {
  /** The members around them, with a dot behind each: `u.key.`; nameless ones do not count. */
  readonly path: string
  /** Whether nothing stands behind them that a larger body would move. */
  readonly last: boolean
  readonly types: BothTypes
}

type MembersScope = Scope & { readonly kind: 'struct' | 'union' }

/** How the bodies of a type differ. Nothing: only in the way in which the members are written down, if at all. */
export function classifyBodies(before: Body, after: Body, scope: Scope): readonly Change[] {
  if (before.kind === 'unknown' || after.kind === 'unknown')
    return before.kind === after.kind ? [] : [{ class: 'other' }]
  if (before.kind === 'enum' || after.kind === 'enum') {
    if (before.kind !== 'enum' || after.kind !== 'enum') return [{ class: 'other' }]
    return classifyEnumerators(before.enumerators, after.enumerators, scope.types)
  }
  if (before.kind !== after.kind) return [{ class: 'other' }]
  const open = ungroup(before, after, scope.types)
  return [
    ...classifyMembers(open.before.members, open.after.members, { ...scope, kind: before.kind }),
    ...[...open.before.groups, ...open.after.groups].map((members): Change => ({
      class: 'fields-regrouped',
      subject: members.map((member) => subject(member, scope.path)).join(', '),
    })),
  ]
}

function classifyMembers(
  before: readonly Member[],
  after: readonly Member[],
  scope: MembersScope,
): readonly Change[] {
  const { pairs, moved, wrapped, unwrapped, gone, fresh } = counterparts(before, after)
  const isLast = (member: Member): boolean =>
    scope.last &&
    (scope.kind === 'union' || after.slice(after.indexOf(member) + 1).every((later) => fresh.includes(later)))
  const path = (member: Member): string => subject(member, scope.path)
  const inOrder = (old: Member, current: Member): boolean =>
    scope.kind === 'union' ||
    pairs.every(
      (pair) =>
        before.indexOf(old) > before.indexOf(pair.before) ===
        after.indexOf(current) > after.indexOf(pair.after),
    )
  return [
    ...pairs.flatMap(({ before: old, after: current, level }) => {
      if (level === 0) return []
      if (level === 2) return changeBetween('field-renamed', old.source, current.source, path(old))
      return classifyMember(old, current, { ...scope, last: isLast(current) })
    }),
    ...movedChanges(moved, scope),
    ...wrappedChanges(wrapped, { ...scope, inOrder }, 'after'),
    ...wrappedChanges(unwrapped, { ...scope, inOrder: (current, old) => inOrder(old, current) }, 'before'),
    ...lostWithWrapper(unwrapped, after).map((member): Change => ({
      class: 'field-removed',
      subject: path(member),
    })),
    ...gone.map((member): Change => ({
      class: member.odd ? 'other' : 'field-removed',
      subject: path(member),
    })),
    ...fresh.map((member): Change => {
      const added = isLast(member) ? 'field-added-at-end' : 'field-added'
      return { class: member.odd ? 'other' : added, subject: path(member) }
    }),
  ]
}

/** Which members of the two sides are the same ones, and which have no counterpart. */
function counterparts(before: readonly Member[], after: readonly Member[]) {
  const shared = sharedNames(before, after)
  const { pairs, removed, added } = align(before, after, [
    ({ source }) => source.join(' '),
    nameKey,
    // Last, another name for the same type. A name that both sides have was not given up but moved.
    (member, side) =>
      member.name === undefined || shared.has(member.name)
        ? `${side} ${nameKey(member)}`
        : namelessText(member),
  ])
  const moved = pairByName(removed, added)
  const wrapped = pairByWrapping(removed, added)
  const unwrapped = pairByWrapping(added, removed)
  const gone = removed.filter(
    (member) => !moved.has(member) && !wrapped.has(member) && !isValueOf(unwrapped, member),
  )
  const fresh = added.filter(
    (member) => !isValueOf(moved, member) && !isValueOf(wrapped, member) && !unwrapped.has(member),
  )
  return { pairs, moved, wrapped, unwrapped, gone, fresh }
}

function movedChanges(moved: ReadonlyMap<Member, Member>, scope: MembersScope): readonly Change[] {
  if (moved.size === 0) return []
  return [
    ...[...moved].flatMap(([old, current]) => classifyMember(old, current, { ...scope, last: false })),
    {
      class: scope.kind === 'union' ? 'spelling' : 'fields-reordered',
      subject: [...moved.values()].map((member) => subject(member, scope.path)).join(', '),
    },
  ]
}

/** Members that went with the nameless struct or union around them, while others of it stayed. */
function lostWithWrapper(
  unwrapped: ReadonlyMap<Member, Member>,
  after: readonly Member[],
): readonly Member[] {
  const left = new Set(namesIn(after))
  return [...new Set(unwrapped.values())].flatMap((wrapper) =>
    namesIn([wrapper])
      .filter((name) => !left.has(name))
      .flatMap((name) => memberNamed(wrapper.body, name) ?? []),
  )
}

/** Tells whether a member still stands behind the same members as before, when it is another one on the other side. */
interface Order {
  readonly inOrder: (member: Member, wrapper: Member) => boolean
}

/** Those of the members in a wrapper that stand where they would without it. */
function stayingIn(
  wrapper: Member,
  members: readonly Member[],
  { kind, inOrder }: MembersScope & Order,
): readonly Member[] {
  const ordered = members.filter((member) => inOrder(member, wrapper))
  const names = ordered.flatMap(({ name }) => name ?? [])
  if (kind === 'struct') return ordered.slice(0, runAtStart([wrapper], names))
  return ordered.filter(({ name }) => name !== undefined && runAtStart([wrapper], [name]) === 1)
}

/**
 * Members that stand in a nameless union or struct now, or no longer do: those that begin it, one behind the other, stand
 * where they stood, the others moved.
 */
function wrappedChanges(
  pairs: ReadonlyMap<Member, Member>,
  scope: MembersScope & Order,
  side: 'before' | 'after',
): Change[] {
  return [...new Set(pairs.values())].flatMap((wrapper): Change[] => {
    const members = [...pairs].flatMap(([member, other]) => (other === wrapper ? [member] : []))
    const staying = stayingIn(wrapper, members, scope)
    const about = (some: readonly Member[]) => some.map((one) => subject(one, scope.path)).join(', ')
    const moved = members.filter((member) => !staying.includes(member))
    return [
      ...members.flatMap((member) => {
        const inner = memberNamed(wrapper.body, member.name) ?? member
        const [old, current] = side === 'after' ? [member, inner] : [inner, member]
        return classifyMember(old, current, { ...scope, last: false })
      }),
      ...(staying.length > 0 ? [{ class: 'fields-regrouped', subject: about(staying) } as const] : []),
      ...(moved.length > 0 ? [{ class: 'fields-reordered', subject: about(moved) } as const] : []),
    ]
  })
}

function classifyMember(before: Member, after: Member, scope: Scope): readonly Change[] {
  const changes: Change[] = []
  const [old, current] = writtenAlike(before, after, scope.types)
  const { body: oldBody, name } = old
  const { body } = current
  if (oldBody && oldBody.kind === body?.kind) {
    const inner = name === undefined ? scope.path : `${scope.path}${name}.`
    changes.push(...classifyBodies(oldBody, body, { ...scope, path: inner }))
  }
  const rewritten = old !== before || current !== after ? 'spelling' : undefined
  const difference = declarationDifference(old, current, 'field-retyped', scope.types) ?? rewritten
  if (difference) {
    changes.push(changeBetween(difference, shown(before), shown(after), subject(before, scope.path)))
  }
  return changes
}

/** Aligns members that have no name by what they are. */
function nameKey({ name, specifiers, odd, source }: Member): string {
  return name ?? (odd ? `odd ${source.join(' ')}` : `nameless ${specifiers.join(' ')}`)
}

function namelessText({ source, declarator, bits }: Member): string {
  const length = declarator.length + (bits ? bits.length + 1 : 0)
  const name = source.length - length + nameIndex(declarator)
  return source.filter((_, at) => at !== name).join(' ')
}

/** The member as it is spoken of: its type, without its body, and its name behind those of the members around it. */
function subject(member: Member, path: string): string {
  const { declarator, specifiers, bits, odd } = member
  if (odd) return cText(specifiers)
  const name = nameIndex(declarator)
  const full = declarator.map((token, at) => (at === name ? path + token : token))
  return cText([...specifiers, ...full, ...(bits ? [':', ...bits] : [])])
}

function shown({ specifiers, declarator, bits }: Member): readonly string[] {
  return [...specifiers, ...declarator, ...(bits ? [':', ...bits] : [])]
}

function sharedNames(before: readonly Member[], after: readonly Member[]): ReadonlySet<string | undefined> {
  const names = new Set(before.map(({ name }) => name))
  return new Set(after.map(({ name }) => name).filter((name) => names.has(name)))
}

function pairByName(removed: readonly Member[], added: readonly Member[]): ReadonlyMap<Member, Member> {
  const byKey = new Map(added.map((member) => [nameKey(member), member]))
  return new Map(
    removed.flatMap((member) => {
      const counterpart = byKey.get(nameKey(member))
      return counterpart ? [[member, counterpart] as const] : []
    }),
  )
}

/** Members that stand inside a nameless member of the other side, as where a reserved field became one of it and its new use. */
function pairByWrapping(alone: readonly Member[], others: readonly Member[]): ReadonlyMap<Member, Member> {
  return new Map(
    alone.flatMap((member) => {
      const wrapper = others.find(
        ({ name, body }) => name === undefined && memberNamed(body, member.name) !== undefined,
      )
      return wrapper ? [[member, wrapper] as const] : []
    }),
  )
}

function isValueOf(pairs: ReadonlyMap<Member, Member>, member: Member): boolean {
  return [...pairs.values()].includes(member)
}
