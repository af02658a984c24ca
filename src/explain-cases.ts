import type { VariantExplanation } from './abi/explain/explainer.ts'
import { mergeExplanations, type Explained } from './abi/explain/merge-explanations.ts'
import { isError, type Problem, type Read } from './abi/problem.ts'
import { explainVariant } from './explain-variant.ts'
import { problemsBeforeComparison, type VariantCase } from './judge/decide.ts'
import type { Policy } from './judge/policy.ts'

/**
 * Explains the changed checksums of all variants that can be compared. The value is undefined when no protected symbol
 * changed. For the problems see `explainVariant`.
 */
export async function explainCases(
  cases: readonly VariantCase[],
  policy: Policy,
): Promise<Read<Explained | undefined>> {
  const explanations = new Map<string, VariantExplanation>()
  const problems: Problem[] = []
  for (const one of cases) {
    const { name, promise } = one
    if (promise.kind === 'none' || promise.collected?.kind !== 'evidence') continue
    if (problemsBeforeComparison(one, policy).some(isError)) continue
    const { value, problems: notes } = await explainVariant(promise.whitelist, promise.collected)
    problems.push(...notes)
    if (value) explanations.set(name, value)
  }
  return { value: explanations.size > 0 ? mergeExplanations(explanations) : undefined, problems }
}
