import { quote } from '../problem/quote.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { nearest } from './nearest.ts'
import type { Plan } from './plan.ts'

/**
 * Keeps the variants that are named, in the order of the plan; all of them when none is. A name that the plan does not
 * know is a `usage` problem.
 */
export function selectVariants(plan: Plan, names: readonly string[]): Read<Plan> {
  if (names.length === 0) return { value: plan, problems: [] }
  const known = plan.variants.map(({ name }) => name)
  const unknown = [...new Set(names)].filter((name) => !known.includes(name))
  const variants = plan.variants.filter(({ name }) => names.includes(name))
  return {
    value: { ...plan, variants },
    problems: unknown.map((name) => unknownVariant(name, plan.file, known)),
  }
}

function unknownVariant(name: string, file: string, known: readonly string[]): Problem {
  const meant = nearest(name, known)
  const question = meant === undefined ? '.' : `; did you mean ${meant}?`
  return {
    kind: 'usage',
    message: `${quote(file)} has no variant ${quote(name)}${question}`,
    advice: `Its variants are: ${known.join(', ')}.`,
  }
}
