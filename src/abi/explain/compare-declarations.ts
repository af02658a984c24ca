import type { Change, ChangeClass } from '../cause.ts'
import { cText } from './c-text.ts'
import { declarationKey, type Aspect } from './declaration-key.ts'
import type { Declaration } from './declaration.ts'

/** Differences that leave the type as it is apart from one thing, in the order in which they are looked for. */
const partial: readonly { readonly class: ChangeClass; readonly without: readonly Aspect[] }[] = [
  { class: 'spelling', without: [] },
  { class: 'qualifier', without: ['qualifier'] },
  { class: 'attribute', without: ['attribute'] },
  { class: 'attribute', without: ['attribute', 'qualifier'] },
  { class: 'array-bound', without: ['array-bound'] },
  { class: 'bit-field-width', without: ['bit-field-width'] },
]

/**
 * How two declarations differ, apart from what stands in a body; undefined when they do not.
 * @param otherwise the class of a type that is another one altogether
 */
export function declarationDifference(
  before: Pick<Declaration, 'specifiers' | 'declarator' | 'bits'>,
  after: Pick<Declaration, 'specifiers' | 'declarator' | 'bits'>,
  otherwise: ChangeClass,
): ChangeClass | undefined {
  if (plainText(before) === plainText(after)) return undefined
  const found = partial.find(({ without }) => {
    const aspects = new Set(without)
    return declarationKey(before, aspects) === declarationKey(after, aspects)
  })
  return found?.class ?? otherwise
}

function plainText({
  specifiers,
  declarator,
  bits = [],
}: Pick<Declaration, 'specifiers' | 'declarator' | 'bits'>): string {
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
