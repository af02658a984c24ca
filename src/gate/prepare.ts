import { loadBasePlan, withTreeNames } from '../base/base-plan.ts'
import { gateBeforeAndAfter, type GateBeforeAndAfter } from '../base/gate-before-and-after.ts'
import { readGuard, type Guarded } from '../baseline/read-guard.ts'
import type { Patch } from '../abi/patch.ts'
import { loadPlan, type PlanRequest } from '../config/load-plan.ts'
import { narrowPlan } from '../config/narrow-plan.ts'
import { planDigest } from '../config/plan-digest.ts'
import type { Plan, VariantPlan } from '../config/plan.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { readPatch, readPatchFile, type PatchSource } from '../git/read-patch.ts'
import { leadsOut } from '../io/leads-out.ts'
import { refuseOverride } from '../judge/refuse-override.ts'
import type { Override } from '../judge/verdict.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import type { CheckRequest } from './request.ts'

/**
 * Reads the configuration and restricts it to what was asked for. The value is absent when nothing can be run.
 * @param base the commit whose configuration counts; that of the work tree when absent
 */
export async function plan(request: PlanRequest, base?: BaseCommit): Promise<Read<Plan | undefined>> {
  return narrowed(await load(request, base), request)
}

function load(
  { config, source, shipped }: PlanRequest,
  base: BaseCommit | undefined,
): Promise<Read<Plan | undefined>> {
  return base ? loadBasePlan(base, config, source, shipped) : loadPlan(config, source, shipped)
}

function narrowed(loaded: Read<Plan | undefined>, request: PlanRequest): Read<Plan | undefined> {
  if (!loaded.value || loaded.problems.some(isError)) return { value: undefined, problems: loaded.problems }
  const { value, problems: own } = narrowPlan(loaded.value, request)
  const problems = [...loaded.problems, ...own]
  return { value: problems.some(isError) ? undefined : value, problems }
}

/** All that is known before anything is collected. */
export interface Prepared {
  readonly plan: Plan
  readonly guarded: readonly Guarded[]
  readonly patch: Patch | undefined
  /** What `planDigest` says of a variant. */
  readonly digestOf: (variant: VariantPlan) => string
  /** Where a base commit is known: what counts, and what the patch would have count. */
  readonly gates: GateBeforeAndAfter | undefined
}

/** What `prepare` needs to know of a request. */
interface PrepareRequest extends PlanRequest, Pick<CheckRequest, 'symbols' | 'origin' | 'kernelOnly'> {
  readonly override?: Override | undefined
  readonly patch?: PatchSource | undefined
  readonly signal: AbortSignal
  /** False where the evidence comes from elsewhere: then a variant may lack what only collecting needs. */
  readonly collects?: boolean
}

/** Reads the plan, what each variant promises, and the patch. The value is absent when one of them is not usable. */
export async function prepare(
  request: PrepareRequest,
  base?: BaseCommit,
): Promise<Read<Prepared | undefined>> {
  const loaded = await load(request, base)
  const planned = narrowed(loaded, request)
  if (!loaded.value || !planned.value) return { value: undefined, problems: planned.problems }
  const { collects = true } = request
  const linked = base ? await linkedOut(planned.value.variants, base.top) : []
  if (linked.length > 0) return { value: undefined, problems: [...planned.problems, ...linked] }
  const whole = await Promise.all(planned.value.variants.map((variant) => readGuard(variant, { collects })))
  const asked = request.symbols ? narrowGuards(whole, request.symbols) : { value: whole, problems: [] }
  const { origin, override } = request
  const refused = override && origin ? refuseOverride(origin, planned.value.protectedBranches) : undefined
  const patch = await patchOf(request)
  const problems = [planned, ...whole, asked, patch].flatMap((one) => one.problems)
  if (refused) problems.push(refused)
  if (problems.some(isError)) return { value: undefined, problems }
  const notes = [planned, patch].flatMap((one) => one.problems)
  const { folder } = planned.value
  const digestOf = (variant: VariantPlan): string => {
    const named = { variant, folder }
    const known = base ? withTreeNames(named, base) : named
    return planDigest(known.variant, known.folder)
  }
  const gates =
    base && !request.kernelOnly ? await gateBeforeAndAfter(loaded.value, request, base) : undefined
  const value = { plan: planned.value, guarded: asked.value, patch: patch.value, digestOf, gates }
  return { value, problems: notes }
}

/** What is read in the work tree although a patch may have shaped it: it has to lie there. */
async function linkedOut(variants: readonly VariantPlan[], top: string): Promise<readonly Problem[]> {
  const problems = variants.map(({ name, symvers, types, drivers = [] }) =>
    Promise.all(
      [symvers ?? [], types ?? [], drivers].flat().map(async (path) => {
        const problem = await leadsOut(path, top)
        return problem ? [{ ...problem, variant: name }] : []
      }),
    ),
  )
  return (await Promise.all(problems)).flat(2)
}

async function patchOf({ patch, source, signal }: PrepareRequest): Promise<Read<Patch | undefined>> {
  if (!patch) return { value: undefined, problems: [] }
  if (patch.kind === 'file') return readPatchFile(patch.path)
  return readPatch(source, patch, { env: scrubbedEnvironment(process.env), signal })
}

/** Restricts the whitelists to some symbols; a symbol that no variant protects is a problem. */
function narrowGuards(guarded: readonly Guarded[], symbols: ReadonlySet<string>): Read<readonly Guarded[]> {
  const unknown = new Set(symbols)
  const value = guarded.map((one): Guarded => {
    if (!one.whitelist) return one
    const rows = one.whitelist.rows.filter(({ symbol }) => symbols.has(symbol))
    for (const { symbol } of rows) unknown.delete(symbol)
    const { variant, baseline, layouts, problems: known } = one
    const base = { ...(baseline ? { baseline } : {}), ...(layouts ? { layouts } : {}) }
    // Drivers need other symbols, too.
    return { variant, ...base, problems: known, whitelist: { ...one.whitelist, rows } }
  })
  const problems = [...unknown].map((symbol): Problem => ({
    kind: 'usage',
    message: `No variant of this run protects ${quote(symbol)}.`,
    advice: 'Name symbols as the whitelists do.',
  }))
  return { value: value.filter(({ whitelist }) => !whitelist || whitelist.rows.length > 0), problems }
}
