import type { Change } from '../cause.ts'
import { align } from './align.ts'
import { cText } from './c-text.ts'
import { classifyEnumerators } from './classify-enumerators.ts'
import { changeBetween, declarationDifference } from './compare-declarations.ts'
import type { Body, Member } from './declaration.ts'
import { nameIndex } from './parse-definition.ts'

/** Where the members of a body stand. */
interface Scope {
  /** The members around them, with a dot behind each: `u.key.`; nameless ones do not count. */
  readonly path: string
  /** Whether nothing stands behind them that a larger body would move. */
  readonly last: boolean
}

/** How the bodies of a type differ. Nothing: only in the way in which the members are written down, if at all. */
export function classifyBodies(
  before: Body,
  after: Body,
  scope: Scope = { path: '', last: true },
): readonly Change[] {
  if (before.kind === 'unknown' || after.kind === 'unknown') {
    if (before.kind === after.kind) return []
    return [{ class: before.kind === 'unknown' ? 'became-defined' : 'became-opaque' }]
  }
  if (before.kind === 'enum' || after.kind === 'enum') {
    if (before.kind !== 'enum' || after.kind !== 'enum') return [{ class: 'other' }]
    return classifyEnumerators(before.enumerators, after.enumerators)
  }
  return classifyMembers(before.members, after.members, { ...scope, kind: before.kind })
}

function classifyMembers(
  before: readonly Member[],
  after: readonly Member[],
  scope: Scope & { readonly kind: 'struct' | 'union' },
): readonly Change[] {
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
  const gone = removed.filter((member) => !moved.has(member) && !wrapped.has(member))
  const arrived = new Set([...moved.values(), ...wrapped.values()])
  const fresh = added.filter((member) => !arrived.has(member))
  const isLast = (member: Member): boolean =>
    scope.last &&
    (scope.kind === 'union' || after.slice(after.indexOf(member) + 1).every((later) => fresh.includes(later)))
  const path = (member: Member): string => subject(member, scope.path)

  const changes: Change[] = []
  for (const { before: old, after: current, level } of pairs) {
    if (level === 0) continue
    if (level === 2) {
      changes.push(changeBetween('field-renamed', old.source, current.source, path(old)))
      continue
    }
    changes.push(...classifyMember(old, current, { path: scope.path, last: isLast(current) }))
  }
  for (const [old, current] of moved) {
    changes.push(...classifyMember(old, current, { path: scope.path, last: false }))
  }
  if (moved.size > 0) {
    const names = [...moved.values()].map(path)
    changes.push({
      class: scope.kind === 'union' ? 'spelling' : 'fields-reordered',
      subject: names.join(', '),
    })
  }
  for (const [old, current] of wrapped) {
    changes.push(changeBetween('field-retyped', old.source, current.source, path(old)))
  }
  for (const member of gone)
    changes.push({ class: member.odd ? 'other' : 'field-removed', subject: path(member) })
  for (const member of fresh) {
    const added = isLast(member) ? 'field-added-at-end' : 'field-added'
    changes.push({ class: member.odd ? 'other' : added, subject: path(member) })
  }
  return changes
}

function classifyMember(before: Member, after: Member, scope: Scope): readonly Change[] {
  const changes: Change[] = []
  const { body: oldBody, name } = before
  const { body } = after
  if (oldBody && oldBody.kind === body?.kind) {
    const inner = name === undefined ? scope.path : `${scope.path}${name}.`
    changes.push(...classifyBodies(oldBody, body, { path: inner, last: scope.last }))
  }
  const difference = declarationDifference(before, after, 'field-retyped')
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

/** A member that now stands inside a new one, as where a reserved field became a union of it and its new use. */
function pairByWrapping(removed: readonly Member[], added: readonly Member[]): ReadonlyMap<Member, Member> {
  const pairs = new Map<Member, Member>()
  const taken = new Set<Member>()
  for (const member of removed) {
    const wrapper = added.find(
      (one) => one.body?.kind === 'union' && !taken.has(one) && holds(one.body, member.name),
    )
    if (!wrapper) continue
    pairs.set(member, wrapper)
    taken.add(wrapper)
  }
  return pairs
}

function holds(body: Body, name: string | undefined): boolean {
  if (name === undefined || (body.kind !== 'struct' && body.kind !== 'union')) return false
  return body.members.some((member) => member.name === name || (member.body && holds(member.body, name)))
}
