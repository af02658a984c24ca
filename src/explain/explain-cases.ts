import type { Evidence } from '../abi/evidence.ts'
import type { VariantExplanation } from '../abi/explain/explainer.ts'
import { mergeExplanations, type Explained } from '../abi/explain/merge-explanations.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { resolveDependencies } from '../evidence/resolve-dependencies.ts'
import { realPath } from '../io/real-path.ts'
import { causeLayouts } from './cause-layouts.ts'
import { explainVariant } from './explain-variant.ts'
import { problemsBeforeComparison } from '../judge/decide.ts'
import type { StableGuard, VariantCase } from '../judge/variant-case.ts'
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
  const known = cases.flatMap((one): KnownEvidence[] => {
    const { guard } = one
    if (guard.kind === 'none' || guard.collected?.kind !== 'evidence') return []
    return problemsBeforeComparison(one, policy).some(isError) ? [] : [{ guard, evidence: guard.collected }]
  })
  const changedOptions = cases.flatMap(({ guard }) =>
    guard.kind === 'stable' ? (guard.located?.options ?? []) : [],
  )
  return explainEvidences(known, { ...options, options: changedOptions })
}

/** What a variant was found to be, and what it is held against. */
interface KnownEvidence {
  readonly guard: StableGuard
  readonly evidence: Evidence
}

/** Adds to each cause how its definition lies in memory, where that is known. */
function withLayouts({ explanation, causesOf }: Explained, known: readonly KnownEvidence[]): Explained {
  const layoutOf = causeLayouts(known)
  const causes = explanation.causes.map((cause) => {
    const layout = layoutOf(cause)
    return layout ? { ...cause, layout } : cause
  })
  return { explanation: { ...explanation, causes }, causesOf }
}

/** The same for evidence that is known to be comparable. */
export async function explainEvidences(
  known: readonly KnownEvidence[],
  { source: tree, ...options }: Omit<LocateOptions, 'source'> & Pick<ExplainOptions, 'source'>,
): Promise<Read<Explained | undefined>> {
  const explanations = new Map<string, VariantExplanation>()
  const evidences: Evidence[] = []
  const problems: Problem[] = []
  for (const { guard, evidence } of known) {
    const { value, problems: notes } = await explainVariant(guard, evidence)
    problems.push(...notes)
    if (!value) continue
    explanations.set(evidence.variant, value)
    evidences.push(evidence)
  }
  if (explanations.size === 0) return { value: undefined, problems }
  const explained = withLayouts(mergeExplanations(explanations), known)
  if (tree === undefined) return { value: explained, problems }
  const source = await realPath(tree)
  const symbols = new Set(explained.explanation.causes.map(({ chain: [symbol = ''] }) => symbol))
  const opened: Evidence[] = []
  for (const one of evidences) opened.push(await resolveDependencies(one, symbols, source))
  const located = await locateCauses(explained, opened, { ...options, source })
  return { value: located.value, problems: [...problems, ...located.problems] }
}
