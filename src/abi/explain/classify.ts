import type { Change, ChangeClass, DefinitionChange } from '../cause.ts'
import { cText } from './c-text.ts'
import { sortByGravity } from './change-order.ts'
import { classifyDeclarations } from './classify-declarations.ts'
import { classifyBodies } from './classify-members.ts'
import { changeBetween, declarationDifference } from './compare-declarations.ts'
import { constantValue } from './constant-value.ts'
import { enumeratorValue } from './enumerator-value.ts'
import { nothingKnown, type BothTypes } from './known-types.ts'
import type { Body, Declaration, Definition } from './declaration.ts'
import { parseDefinition } from './parse-definition.ts'
import { writtenAlike } from './resolve-types.ts'

/**
 * In which ways a definition changed, the gravest first, at least one. What is not understood is `other`; only what is
 * certain to mean the same is `spelling`.
 * @param types what both sides say of the types that the texts refer to
 */
export function classify(
  { name, before, after }: DefinitionChange,
  types: BothTypes = nothingKnown,
): readonly Change[] {
  const changes = changesBetween(name, parseDefinition(name, before), parseDefinition(name, after), types)
  return changes.length > 0 ? sortByGravity(changes) : [{ class: 'other' }]
}

function changesBetween(
  name: string,
  before: Definition,
  after: Definition,
  types: BothTypes,
): readonly Change[] {
  if (before.kind === 'value' && after.kind === 'value')
    return valueChange(name, before.tokens, after.tokens, types)
  if (!('declaration' in before) || !('declaration' in after) || before.kind !== after.kind) return []
  const [old, current] =
    before.kind === 'type'
      ? [before.declaration, after.declaration]
      : writtenAlike(before.declaration, after.declaration, types)
  const bodies = [old.body, current.body].filter((body) => body !== undefined)
  if (before.kind === 'type' && bodies.some(({ kind }) => kind === 'unknown'))
    return opacityChange(name, bodies, types)
  const changes = [
    ...(old.body && current.body
      ? classifyBodies(old.body, current.body, { path: '', last: true, types })
      : []),
    ...(before.kind === 'type'
      ? typeChange(declarationDifference(old, current, 'other', types), old, current)
      : classifyDeclarations(old, current, otherTypes[before.kind], types)),
  ]
  if (changes.length > 0) return changes
  return isUnderstood(old) && isUnderstood(current) ? [{ class: 'spelling' }] : []
}

const otherTypes = { typedef: 'typedef-retargeted', symbol: 'variable-retyped' } as const

/** Attributes and the like that a type carries itself. */
function typeChange(
  difference: ChangeClass | undefined,
  before: Declaration,
  after: Declaration,
): readonly Change[] {
  return difference ? [changeBetween(difference, before.specifiers, after.specifiers)] : []
}

/** One side knows only the name: harmless if that holds for the compiler too. */
function opacityChange(name: string, [before, after]: readonly Body[], types: BothTypes): readonly Change[] {
  if (before?.kind === after?.kind) return []
  const [side, opaque, seen] =
    before?.kind === 'unknown'
      ? ([types.before, 'became-defined', 'body-seen'] as const)
      : ([types.after, 'became-opaque', 'body-unseen'] as const)
  return [{ class: side.isOpaque(name) === true ? opaque : seen }]
}

function valueChange(
  name: string,
  before: readonly string[],
  after: readonly string[],
  types: BothTypes,
): readonly Change[] {
  const [value, current] = [before, after].map((tokens, index) =>
    constantValue(tokens, (other) => enumeratorValue(other, index === 0 ? types.before : types.after)),
  )
  if (value !== undefined && value === current) return [{ class: 'spelling' }]
  if (before.join(' ') === after.join(' ')) return []
  const enumerator = name.slice(2)
  const text = (known: number | undefined, tokens: readonly string[]) =>
    `${enumerator} = ${known ?? cText(tokens, 'expression')}`
  const change = { before: text(value, before), after: text(current, after) }
  return [{ class: 'enumerator-value', subject: enumerator, ...change }]
}

function isUnderstood({ body }: Declaration): boolean {
  if (body?.kind !== 'struct' && body?.kind !== 'union') return true
  return body.members.every((member) => !member.odd && isUnderstood(member))
}
