import type { VariantSummary } from '../judge/verdict.ts'

/** Makes somebody else's text safe for the form of report at hand. */
export type Escape = (untrusted: string) => string

/** `1 symbol`, `3 symbols`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Names of the variants that promise something: the whole of which a finding's variants are a part. */
export function promisingVariants(variants: readonly VariantSummary[]): readonly string[] {
  return variants.filter(({ result }) => result !== 'no-promise').map(({ name }) => name)
}

/** `2 of 10 variants`, `all 10 variants`, `both variants`. */
export function partOfVariants(some: number, all: number): string {
  if (some < all) return `${some} of ${all} variants`
  return all === 2 ? 'both variants' : `all ${all} variants`
}

const mostNames = 8

/**
 * Some variants in words: `all 10 variants`, `all variants but ia64`, or their names, at most eight of them.
 *
 * @param all the whole that `some` is a part of; empty when the names shall be given in any case
 */
export function variantsInWords(some: readonly string[], all: readonly string[], escape: Escape): string {
  if (all.length > 1 && some.length === all.length) return partOfVariants(some.length, all.length)
  const rest = all.filter((name) => !some.includes(name))
  if (all.length >= 5 && rest.length <= 2) {
    return `all variants but ${rest.map((name) => escape(name)).join(' and ')}`
  }
  const names = some.slice(0, mostNames).map((name) => escape(name))
  const left = some.length - names.length
  return names.join(', ') + (left > 0 ? ` and ${left} more` : '')
}

/** A sentence with a capital letter in front. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
