import type { VariantSummary } from '../../judge/verdict.ts'
import { partOfVariants } from '../words.ts'
import { join, say, variantName, type Words } from './span.ts'

/** Names of the variants that promise something: the whole of which a finding's variants are a part. */
export function promisingVariants(variants: readonly VariantSummary[]): readonly string[] {
  return variants.filter(({ result }) => result !== 'no-promise').map(({ name }) => name)
}

const mostNames = 8

/**
 * Some variants in words: `all 10 variants`, `all variants but ia64`, or their names, at most eight of them.
 *
 * @param all the whole that `some` is a part of; empty when the names shall be given in any case
 */
export function variantsInWords(some: readonly string[], all: readonly string[]): Words {
  if (all.length > 1 && some.length === all.length) return [partOfVariants(some.length, all.length)]
  const rest = all.filter((name) => !some.includes(name))
  if (all.length >= 5 && rest.length <= 2)
    return say`all variants but ${join(rest.map(variantName), ' and ')}`
  const left = some.length - mostNames
  const names = join(some.slice(0, mostNames).map(variantName), ', ')
  return left > 0 ? say`${names} and ${left} more` : names
}
