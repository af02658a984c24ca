import { realpath } from 'node:fs/promises'
import type { Evidence } from '../abi/evidence.ts'
import type { VariantExplanation } from '../abi/explain/explainer.ts'
import { mergeExplanations, type Explained } from '../abi/explain/merge-explanations.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { resolveDependencies } from '../evidence/resolve-dependencies.ts'
import { explainVariant } from './explain-variant.ts'
import { problemsBeforeComparison } from '../judge/decide.ts'
import type { VariantCase } from '../judge/variant-case.ts'
import type { Policy } from '../judge/policy.ts'
import { locateCauses, type LocateOptions } from './locate-causes.ts'

/** What an explanation may draw on beside the variants. */
export interface ExplainOptions extends Omit<LocateOptions, 'source' | 'options'> {
  readonly policy: Policy
  /** The kernel tree that was looked at; without it, causes are found but not their places. */
  readonly source: string | undefined
}

/**
 * Explains the changed checksums of all variants that can be compared, and finds the causes in the tree and in the patch
 * where the tree is at hand.
 * The value is undefined when no protected symbol changed. For the problems see `explainVariant`.
 */
export async function explainCases(
  cases: readonly VariantCase[],
  { policy, ...options }: ExplainOptions,
): Promise<Read<Explained | undefined>> {
  const explanations = new Map<string, VariantExplanation>()
  const evidences: Evidence[] = []
  const problems: Problem[] = []
  for (const one of cases) {
    const { name, guard } = one
    if (guard.kind === 'none' || guard.collected?.kind !== 'evidence') continue
    if (problemsBeforeComparison(one, policy).some(isError)) continue
    const { value, problems: notes } = await explainVariant(guard, guard.collected)
    problems.push(...notes)
    if (!value) continue
    explanations.set(name, value)
    evidences.push(guard.collected)
  }
  if (explanations.size === 0) return { value: undefined, problems }
  const explained = mergeExplanations(explanations)
  const { source: tree } = options
  if (tree === undefined) return { value: explained, problems }
  const source = await realpath(tree).catch(() => tree)
  const symbols = new Set(explained.explanation.causes.map(({ chain: [symbol = ''] }) => symbol))
  const opened: Evidence[] = []
  for (const one of evidences) opened.push(await resolveDependencies(one, symbols, source))
  const located = await locateCauses(explained, opened, {
    ...options,
    source,
    options: cases.flatMap(({ guard }) => (guard.kind === 'stable' ? (guard.located?.options ?? []) : [])),
  })
  return { value: located.value, problems: [...problems, ...located.problems] }
}
