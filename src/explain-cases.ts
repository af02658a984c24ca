import { realpath } from 'node:fs/promises'
import type { Evidence } from './abi/evidence.ts'
import type { VariantExplanation } from './abi/explain/explainer.ts'
import { mergeExplanations, type Explained } from './abi/explain/merge-explanations.ts'
import type { Patch } from './abi/patch.ts'
import { isError, type Problem, type Read } from './abi/problem.ts'
import { explainVariant } from './explain-variant.ts'
import { problemsBeforeComparison, type VariantCase } from './judge/decide.ts'
import type { Policy } from './judge/policy.ts'
import { locateCauses } from './locate-causes.ts'

/** What an explanation may draw on beside the variants. */
export interface ExplainOptions {
  readonly policy: Policy
  /** The kernel tree that was looked at; without it, causes are found but not their places. */
  readonly source: string | undefined
  /** What changed in it, where that is known. */
  readonly patch: Patch | undefined
}

/**
 * Explains the changed checksums of all variants that can be compared, and finds the causes in the tree and in the patch
 * where the tree is at hand.
 * The value is undefined when no protected symbol changed. For the problems see `explainVariant`.
 */
export async function explainCases(
  cases: readonly VariantCase[],
  { policy, source, patch }: ExplainOptions,
): Promise<Read<Explained | undefined>> {
  const explanations = new Map<string, VariantExplanation>()
  const evidences: Evidence[] = []
  const problems: Problem[] = []
  for (const one of cases) {
    const { name, promise } = one
    if (promise.kind === 'none' || promise.collected?.kind !== 'evidence') continue
    if (problemsBeforeComparison(one, policy).some(isError)) continue
    const { value, problems: notes } = await explainVariant(promise.whitelist, promise.collected)
    problems.push(...notes)
    if (!value) continue
    explanations.set(name, value)
    evidences.push(promise.collected)
  }
  if (explanations.size === 0) return { value: undefined, problems }
  const explained = mergeExplanations(explanations)
  if (source === undefined) return { value: explained, problems }
  const tree = await realpath(source).catch(() => source)
  return { value: await locateCauses(explained, evidences, tree, patch), problems }
}
