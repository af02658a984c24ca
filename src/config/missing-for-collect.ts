import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from './plan.ts'

/**
 * What a variant's strategy needs and nothing gives, or cannot do: neither the configuration nor, where the plan was narrowed with
 * it, the command line. `undefined` when the variant can be collected, or need not be as it promises nothing.
 */
export function missingForCollect(variant: VariantPlan): Problem | undefined {
  return variant.guard.kind === 'none' ? undefined : missingForStrategy(variant)
}

/** The same for a variant that is to be collected whatever it promises. */
export function missingForStrategy({
  name,
  strategy,
  symvers,
  config,
  assume,
}: VariantPlan): Problem | undefined {
  if (assume && strategy !== 'exports') {
    return {
      kind: 'config',
      variant: name,
      message: `Variant ${name} assumes options of the compiler, which strategy ${strategy} cannot do.`,
      advice: 'Take assume out of kabi.yml, or use strategy exports.',
    }
  }

  if (strategy === 'prebuilt' && symvers === undefined) {
    return {
      kind: 'config',
      variant: name,
      message: `Variant ${name} is to be read from a finished build, but no Module.symvers is named.`,
      advice: `Add symvers to the variant in kabi.yml, or give --symvers ${name}=FILE.`,
    }
  }
  if (strategy !== 'prebuilt' && !config) {
    return {
      kind: 'config',
      variant: name,
      message: `Variant ${name} is to be built, but no kernel configuration is named.`,
      advice: `Add config to the variant in kabi.yml, or name a finished build with --symvers ${name}=FILE.`,
    }
  }
  return undefined
}
