import type { Change, ChangeClass } from '../cause.ts'
import { cText } from './c-text.ts'
import { declarationKey, type Aspect } from './declaration-key.ts'
import type { Declaration } from './declaration.ts'
import { nothingKnown, type BothTypes, type KnownTypes } from './known-types.ts'
import { withoutTypedefs } from './resolve-types.ts'

/** Differences that leave the type as it is apart from one thing, in the order in which they are looked for. */
const partial: readonly { readonly class: ChangeClass; readonly without: readonly Aspect[] }[] = [
  { class: 'spelling', without: [] },
  { class: 'qualifier', without: ['qualifier'] },
  { class: 'attribute', without: ['attribute'] },
  { class: 'attribute', without: ['attribute', 'qualifier'] },
  { class: 'array-bound', without: ['array-bound'] },
  { class: 'bit-field-width', without: ['bit-field-width'] },
]

type Compared = Pick<Declaration, 'specifiers' | 'declarator' | 'bits'>

/**
 * How two declarations differ, apart from what stands in a body; undefined when they do not. Typedefs and enumerators
 * count as what they stand for where their names alone are not enough.
 * @param otherwise the class of a type that is another one altogether
 */
export function declarationDifference(
  before: Compared,
  after: Compared,
  otherwise: ChangeClass,
  types: BothTypes = nothingKnown,
): ChangeClass | undefined {
  if (plainText(before) === plainText(after)) return undefined
  const keyOf = (declaration: Compared, known: KnownTypes, without: readonly Aspect[]): string =>
    declarationKey(withoutTypedefs(declaration, known), new Set(without), known)
  const found = partial.find(
    ({ without }) =>
      declarationKey(before, new Set(without)) === declarationKey(after, new Set(without)) ||
      keyOf(before, types.before, without) === keyOf(after, types.after, without),
  )
  return found?.class ?? otherwise
}

function plainText({ specifiers, declarator, bits = [] }: Compared): string {
  return [...specifiers, '|', ...declarator, '|', ...bits].join(' ')
}

/** A change with both sides in C. */
export function changeBetween(
  changeClass: ChangeClass,
  before: readonly string[],
  after: readonly string[],
  subject?: string,
): Change {
  return {
    class: changeClass,
    ...(subject === undefined ? {} : { subject }),
    before: cText(before),
    after: cText(after),
  }
}
