import { isError, type Problem } from '../problem/problem.ts'
import type { Finding } from './finding.ts'
import type { Reason } from './verdict.ts'

const weights: readonly Reason['weight'][] = ['error', 'fail', 'warn', 'note']

/** Sums problems and findings up, one reason a kind, heaviest first; ignored findings are no reason. */
export function reasonsFor(problems: readonly Problem[], findings: readonly Finding[]): Reason[] {
  const reasons = new Map<string, Reason>()
  const add = (weight: Reason['weight'], about: Reason['about'], variant: string | undefined) => {
    const key = `${weight} ${'problem' in about ? about.problem : about.finding}`
    const sum = reasons.get(key) ?? { weight, about, count: 0, variants: [] }
    const variants =
      variant === undefined || sum.variants.includes(variant) ? sum.variants : [...sum.variants, variant]
    reasons.set(key, { ...sum, count: sum.count + 1, variants })
  }
  for (const problem of problems)
    add(isError(problem) ? 'error' : 'note', { problem: problem.kind }, problem.variant)
  for (const { severity, kind, variant } of findings) {
    if (severity !== 'ignore') add(severity, { finding: kind }, variant)
  }
  return [...reasons.values()].sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight))
}
