import { isError, type Problem, type Read } from './abi/problem.ts'
import type { Whitelist } from './abi/whitelist.ts'
import { missingForCollect } from './config/missing-for-collect.ts'
import { loadPlan } from './config/load-plan.ts'
import { narrowPlan, type Narrowing } from './config/narrow-plan.ts'
import type { Plan, VariantPlan, WhitelistLookup } from './config/plan.ts'
import { findWhitelist } from './io/find-whitelist.ts'
import { readWhitelist } from './io/read-whitelist.ts'
import { decide, errorVerdict, type VariantCase } from './judge/decide.ts'
import type { Override, Verdict } from './judge/verdict.ts'
import { collect, type CollectOptions } from './kernel/collect.ts'

/** Which variants of which kernel tree to check; what a command line or a workflow says. */
export interface PlanRequest extends Narrowing {
  /** The configuration file; absent: `kabi.yml` or `.github/kabi.yml` in the source tree. */
  readonly config: string | undefined
  /** The kernel source tree. */
  readonly source: string
  /** The folder with the families of whitelists that come with kabi-gate; absent: that of the kabi-gate that runs. */
  readonly shipped?: string | undefined
}

/** One run of the gate. */
export interface CheckRequest extends PlanRequest {
  readonly tool: Verdict['tool']
  readonly override: Override | undefined
  /** Where kernels are built. */
  readonly workDir: string
  /** Compilers to run at once. */
  readonly jobs: number
  readonly signal: AbortSignal
  readonly onProgress: CollectOptions['onProgress']
}

/** Reads the configuration and restricts it to what was asked for. The value is absent when nothing can be run. */
export async function plan(request: PlanRequest): Promise<Read<Plan | undefined>> {
  const loaded = await loadPlan(request.config, request.source, request.shipped)
  if (!loaded.value || loaded.problems.some(isError)) return { value: undefined, problems: loaded.problems }
  const narrowed = narrowPlan(loaded.value, request)
  const problems = [...loaded.problems, ...narrowed.problems]
  return { value: problems.some(isError) ? undefined : narrowed.value, problems }
}

/**
 * The pipeline: plan, read what each variant promises, collect what its kernel exports, judge. A plan that cannot lead
 * to a verdict, because a whitelist is unusable or a setting is missing, is refused before anything is built.
 */
export async function check(request: CheckRequest): Promise<Verdict> {
  const { tool, override } = request
  const planned = await plan(request)
  if (!planned.value) return errorVerdict(tool, planned.problems, override)
  const { variants, policy } = planned.value
  const promised = await Promise.all(variants.map(readPromise))
  const problems = [...planned.problems, ...promised.flatMap((promise) => promise.problems)]
  if (problems.some(isError)) return errorVerdict(tool, problems, override)
  const cases: VariantCase[] = []
  for (const promise of promised) cases.push(await caseOf(promise, request))
  return decide({ tool, policy, variants: cases, override, problems: planned.problems })
}

interface Promised {
  readonly variant: VariantPlan
  /** Absent when the variant promises nothing, or when its whitelist could not be found. */
  readonly whitelist: Whitelist | undefined
  readonly problems: readonly Problem[]
}

async function readPromise(variant: VariantPlan): Promise<Promised> {
  const { promise, name } = variant
  if (promise.kind === 'none') return { variant, whitelist: undefined, problems: [] }
  const { value, problems } = await readLookup(promise.whitelist)
  const missing = missingForCollect(variant)
  const all = missing ? [...problems, missing] : problems
  return { variant, whitelist: value, problems: all.map((problem) => ({ variant: name, ...problem })) }
}

/** Reads the whitelist that a configuration names, or that is found where it says. */
export async function readLookup(lookup: WhitelistLookup): Promise<Read<Whitelist | undefined>> {
  if (lookup.kind === 'files') return readWhitelist(lookup.files)
  const found = await findWhitelist(lookup)
  if (!found.value) return { value: undefined, problems: found.problems }
  const { value, problems } = await readWhitelist(found.value)
  return { value, problems: [...found.problems, ...problems] }
}

async function caseOf(
  { variant, whitelist, problems }: Promised,
  options: CollectOptions,
): Promise<VariantCase> {
  const { name, arch, promise } = variant
  if (promise.kind === 'none') return { name, arch, promise, problems }
  if (!whitelist) throw new Error(`the whitelist of ${name} was neither read nor refused`)
  const wanted = new Set(whitelist.rows.map(({ symbol }) => symbol))
  const collected = await collect(variant, options, wanted)
  return { name, arch, promise: { kind: 'stable', whitelist, collected }, problems }
}
