import type { TypeText } from './layout.ts'
import type { Sizes } from './size-of-type.ts'

/**
 * True where one of the sides comes from BTF. That has the elements of an array, and not in how many dimensions they stand or
 * whether they are a vector: pahole writes `u32[2][3]` as `u32[6]`.
 */
export function isFlat(sides: {
  readonly before: Pick<Sizes, 'flat'>
  readonly after: Pick<Sizes, 'flat'>
}): boolean {
  return sides.before.flat === true || sides.after.flat === true
}

/** All bounds of an array, or another word of a type. */
const words = /(?:\[\d*\]|<\d+>)+|[\w#$.?]+|./gs

/**
 * Whether two types are equal as far as both are known: a number of an unknown sign, `?8`, is equal to one with a sign.
 * @param flat of `isFlat`: arrays are equal if they have as many elements
 */
export function isSameType(one: TypeText, other: TypeText, flat: boolean): boolean {
  if (one === other) return true
  if (!flat) return false
  const some = one.match(words) ?? []
  const others = other.match(words) ?? []
  return some.length === others.length && some.every((word, at) => isSameWord(word, others[at] ?? ''))
}

function isSameWord(one: string, other: string): boolean {
  if (one === other) return true
  if (isBounds(one) && isBounds(other)) return elementsOf(one) === elementsOf(other)
  const numbers = [one, other].filter((word) => /^[su?]\d+$/.test(word))
  return (
    numbers.length === 2 && numbers.some((word) => word.startsWith('?')) && one.slice(1) === other.slice(1)
  )
}

function isBounds(word: string): boolean {
  return word.startsWith('[') || word.startsWith('<')
}

/** Of an array without a bound, none. */
function elementsOf(bounds: string): number {
  return (bounds.match(/\d+|\[\]/g) ?? []).reduce(
    (product, bound) => product * (bound === '[]' ? 0 : Number(bound)),
    1,
  )
}
