import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { missingForCollect } from '../config/missing-for-collect.ts'
import type { VariantPlan } from '../config/plan.ts'
import { plan } from '../gate/prepare.ts'
import type { PlanRequest } from '../config/load-plan.ts'

/** A variant that promises something. */
export interface StableVariant extends VariantPlan {
  readonly guard: Extract<VariantPlan['guard'], { readonly kind: 'stable' }>
}

/**
 * The variants of a plan that promise something and can be collected.
 *
 * Problems, without a value: those of the plan; a setting without which a variant cannot be collected; two variants with
 * one list, which can only be written for one of them; a plan of which no variant promises anything.
 */
export async function stableVariants(request: PlanRequest): Promise<Read<readonly StableVariant[]>> {
  const planned = await plan(request)
  if (!planned.value) return { value: [], problems: planned.problems }
  const variants = planned.value.variants.filter(isStable)
  const problems = [
    ...planned.problems,
    ...variants.flatMap((variant) => missingForCollect(variant) ?? []),
    ...sharedLists(variants, planned.value.file),
  ]
  if (variants.length === 0) {
    const message = 'No variant of this run promises a stable ABI, so there is no whitelist to work on.'
    problems.push({ kind: 'config', message, place: { file: planned.value.file } })
  }
  return { value: problems.some(isError) ? [] : variants, problems }
}

function sharedLists(variants: readonly StableVariant[], file: string): readonly Problem[] {
  const owners = new Map<string, string>()
  return variants.flatMap(({ name, guard: { whitelist } }): readonly Problem[] => {
    if (whitelist.kind === 'folder') return []
    const { path } = whitelist.files
    const owner = owners.get(path) ?? name
    owners.set(path, owner)
    if (owner === name) return []
    const message = `Variants ${owner} and ${name} have the same whitelist, ${quote(path)}.`
    return [{ kind: 'config', message, place: { file }, advice }]
  })
}

const advice = 'Choose with --variant whose kernel the list is to be made from, or give each variant its own.'

function isStable(variant: VariantPlan): variant is StableVariant {
  return variant.guard.kind === 'stable'
}
