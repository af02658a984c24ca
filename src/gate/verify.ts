import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { holdAgainst, type Verification } from '../abi/verification.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { isKernelConfig, kernelConfigPlan } from '../config/kernel-config-plan.ts'
import { missingForStrategy } from '../config/missing-for-collect.ts'
import { narrowPlan } from '../config/narrow-plan.ts'
import type { Plan, VariantPlan } from '../config/plan.ts'
import { plan } from './prepare.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { readGuard } from '../baseline/read-guard.ts'
import { readText } from '../io/read-text.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import { collect, type CollectOptions, type Wanted } from '../kernel/collect.ts'

/** Which symbols to verify: those of a list, every export, or those that the variant's whitelist protects. */
export type Asked = Whitelist | 'all-exports' | 'protected'

interface VerifyRequest extends PlanRequest, CollectOptions {
  readonly source: string
  readonly asked: Asked
  /** The `Module.symvers` of a real build of the same kernel. */
  readonly against: string
}

/**
 * Computes the checksums of one variant's kernel and holds them against those that a real build of it recorded. The
 * value is absent when that could not be done, with the problems that explain it.
 */
export async function verify(request: VerifyRequest): Promise<Read<Verification | undefined>> {
  const planned = await planOf(request)
  const [variant, another] = planned.value?.variants ?? []
  if (!variant) return { value: undefined, problems: planned.problems }
  if (another) return { value: undefined, problems: [...planned.problems, severalVariants] }
  const unready = missingForStrategy(variant)
  if (unready) return { value: undefined, problems: [...planned.problems, unready] }

  const recorded = await readSymvers(request.against)
  const names = await namesOf(request.asked, variant)
  const problems = [...planned.problems, ...recorded.problems, ...names.problems]
  if (problems.some(isError)) return { value: undefined, problems }
  const collected = await collect(variant, request, { wanted: names.value })
  if (collected.kind === 'failure')
    return { value: undefined, problems: [...problems, ...collected.problems] }
  const { symvers, how } = collected
  return {
    value: { variant: variant.name, how, ...holdAgainst(recorded.value, symvers, names.value) },
    problems: [...problems, ...collected.notes],
  }
}

/** The configuration is a `kabi.yml`, or the `.config` of a kernel. */
async function planOf(request: VerifyRequest): Promise<Read<Plan | undefined>> {
  const { config } = request
  const text = config === undefined ? undefined : await readText(config)
  if (config === undefined || !text || !isKernelConfig(text.value)) return plan(request)
  const { value, problems } = kernelConfigPlan(text.value, config)
  return value ? narrowPlan(value, request) : { value, problems }
}

async function namesOf(asked: Asked, variant: VariantPlan): Promise<Read<Wanted>> {
  if (asked === 'all-exports') return { value: 'all', problems: [] }
  if (asked !== 'protected') return { value: symbolsOf(asked), problems: [] }
  if (variant.guard.kind === 'none') return { value: new Set(), problems: [nothingAsked(variant.name)] }
  const { whitelist, problems } = await readGuard(variant)
  return { value: symbolsOf(whitelist), problems }
}

function symbolsOf(list: Whitelist | undefined): ReadonlySet<string> {
  return new Set(list?.rows.map(({ symbol }) => symbol))
}

const severalVariants: Problem = {
  kind: 'usage',
  message: 'one variant at a time can be verified against one Module.symvers',
  advice: 'Name the variant with --variant.',
}

function nothingAsked(variant: string): Problem {
  return {
    kind: 'usage',
    message: `variant ${quote(variant)} protects nothing`,
    advice: 'Say what to verify: --symbols FILE or --all-exports.',
  }
}
