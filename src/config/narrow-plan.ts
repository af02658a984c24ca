import { resolve } from 'node:path'
import type { Release } from '../abi/promised-in.ts'
import type { Strategy } from '../abi/evidence.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { Plan, VariantPlan } from './plan.ts'
import { selectVariants } from './select-variants.ts'

/** What a command line or a workflow asks of a plan for one run. */
export interface Narrowing {
  /** Names of the variants to check; empty for all. */
  readonly variants: readonly string[]
  readonly strategy: Strategy | undefined
  /** `VARIANT=FILE`, or `FILE` alone when the run has one variant; relative to `cwd`. */
  readonly symvers: readonly string[]
  readonly cwd: string
  /** Which release this is, whatever the configuration says; absent: what it says. */
  readonly release?: Release | undefined
}

/**
 * Restricts a plan to the variants asked for. A variant whose Module.symvers is given is not built; a strategy asked
 * for holds for all others. Names that the plan does not know are `usage` problems.
 */
export function narrowPlan(plan: Plan, { variants, strategy, symvers, cwd, release }: Narrowing): Read<Plan> {
  const selected = selectVariants(plan, variants)
  const given = new Map<string, string>()
  const problems: Problem[] = [...selected.problems]
  for (const value of symvers) {
    const { name, path } = assignment(value, selected.value.variants)
    if (name === undefined || path === '') {
      problems.push(
        usage(`${value}: expected VARIANT=FILE, as this run has ${selected.value.variants.length} variants`),
      )
    } else if (!selected.value.variants.some((variant) => variant.name === name)) {
      problems.push(usage(`${value}: this run has no variant ${JSON.stringify(name)}`))
    } else if (given.has(name)) {
      problems.push(usage(`${value}: variant ${name} was given a Module.symvers already`))
    } else {
      given.set(name, resolve(cwd, path))
    }
  }
  const narrowed = selected.value.variants.map((known): VariantPlan => {
    const variant = release ? { ...known, release } : known
    const path = given.get(variant.name)
    if (path !== undefined) return { ...variant, strategy: 'prebuilt', symvers: path }
    return strategy === undefined ? variant : { ...variant, strategy }
  })
  return { value: { ...plan, variants: narrowed }, problems }
}

function assignment(
  value: string,
  variants: readonly VariantPlan[],
): { readonly name: string | undefined; readonly path: string } {
  const at = value.indexOf('=')
  if (at > 0) return { name: value.slice(0, at), path: value.slice(at + 1) }
  return { name: variants.length === 1 ? variants[0]?.name : undefined, path: value }
}

function usage(message: string): Problem {
  return { kind: 'usage', message: `--symvers ${message}` }
}
