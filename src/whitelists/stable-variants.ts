import { isError, type Read } from '../abi/problem.ts'
import { missingForCollect } from '../config/missing-for-collect.ts'
import type { VariantPlan } from '../config/plan.ts'
import { plan, type PlanRequest } from '../gate.ts'

/** A variant that promises something. */
export interface StableVariant extends VariantPlan {
  readonly promise: Extract<VariantPlan['promise'], { readonly kind: 'stable' }>
}

/**
 * The variants of a plan that promise something and can be collected.
 *
 * Problems, without a value: those of the plan; a setting without which a variant cannot be collected; a plan of which no
 * variant promises anything.
 */
export async function stableVariants(request: PlanRequest): Promise<Read<readonly StableVariant[]>> {
  const planned = await plan(request)
  if (!planned.value) return { value: [], problems: planned.problems }
  const variants = planned.value.variants.filter(isStable)
  const problems = [...planned.problems, ...variants.flatMap((variant) => missingForCollect(variant) ?? [])]
  if (variants.length === 0) {
    const message = 'No variant of this run promises a stable ABI, so there is no whitelist to work on.'
    problems.push({ kind: 'config', message, place: { file: planned.value.file } })
  }
  return { value: problems.some(isError) ? [] : variants, problems }
}

function isStable(variant: VariantPlan): variant is StableVariant {
  return variant.promise.kind === 'stable'
}
