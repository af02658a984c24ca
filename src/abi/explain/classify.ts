import type { Change, ChangeClass, DefinitionChange } from '../cause.ts'
import { cText } from './c-text.ts'
import { sortByGravity } from './change-order.ts'
import { classifyDeclarations } from './classify-declarations.ts'
import { classifyBodies } from './classify-members.ts'
import { changeBetween, declarationDifference } from './compare-declarations.ts'
import { constantValue } from './constant-value.ts'
import type { Declaration, Definition } from './declaration.ts'
import { parseDefinition } from './parse-definition.ts'

/**
 * In which ways a definition changed, the gravest first, at least one. What is not understood is `other`; only what is
 * certain to mean the same is `spelling`.
 */
export function classify({ name, before, after }: DefinitionChange): readonly Change[] {
  const changes = changesBetween(name, parseDefinition(name, before), parseDefinition(name, after))
  return changes.length > 0 ? sortByGravity(changes) : [{ class: 'other' }]
}

function changesBetween(name: string, before: Definition, after: Definition): readonly Change[] {
  if (before.kind === 'value' && after.kind === 'value') return valueChange(name, before.tokens, after.tokens)
  if (!('declaration' in before) || !('declaration' in after) || before.kind !== after.kind) return []
  const { declaration: old } = before
  const { declaration: current } = after
  const changes = [
    ...(old.body && current.body ? classifyBodies(old.body, current.body) : []),
    ...(before.kind === 'type'
      ? typeChange(declarationDifference(old, current, 'other'), old, current)
      : classifyDeclarations(old, current, otherTypes[before.kind])),
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

function valueChange(name: string, before: readonly string[], after: readonly string[]): readonly Change[] {
  const value = constantValue(before)
  if (value !== undefined && value === constantValue(after)) return [{ class: 'spelling' }]
  if (before.join(' ') === after.join(' ')) return []
  const enumerator = name.slice(2)
  const text = (tokens: readonly string[]) =>
    `${enumerator} = ${constantValue(tokens) ?? cText(tokens, 'expression')}`
  return [{ class: 'enumerator-value', subject: enumerator, before: text(before), after: text(after) }]
}

function isUnderstood({ body }: Declaration): boolean {
  if (body?.kind !== 'struct' && body?.kind !== 'union') return true
  return body.members.every((member) => !member.odd && isUnderstood(member))
}
