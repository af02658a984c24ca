import { realpath } from 'node:fs/promises'
import { loadBasePlan, withTreeNames } from './base-plan.ts'
import type { Collected } from './abi/evidence.ts'
import { findHidden } from './abi/find-hidden.ts'
import type { Symvers } from './abi/export.ts'
import type { Patch } from './abi/patch.ts'
import { isError, type Problem, type Read } from './abi/problem.ts'
import { quote } from './abi/quote.ts'
import type { Whitelist } from './abi/whitelist.ts'
import { loadPlan } from './config/load-plan.ts'
import { planDigest } from './config/plan-digest.ts'
import { narrowPlan, type Narrowing } from './config/narrow-plan.ts'
import type { Plan, VariantPlan } from './config/plan.ts'
import type { DebugInfo } from './locate-causes.ts'
import { explainCases } from './explain-cases.ts'
import { gateStates, type GateStates } from './gate-states.ts'
import { refuseOverride, type RunOrigin } from './judge/refuse-override.ts'
import { decide, errorVerdict, type VariantCase } from './judge/decide.ts'
import { gateEdits } from './judge/gate-edits.ts'
import type { Override, Verdict } from './judge/verdict.ts'
import type { CollectOptions, Wanted } from './kernel/collect.ts'
import { collectAll, type Collection } from './kernel/collect-all.ts'
import { readPatch, readPatchFile } from './kernel/patch/read-patch.ts'
import type { BaseCommit } from './kernel/base-commit/base-commit.ts'
import { scrubbedEnvironment } from './kernel/scrubbed-environment.ts'
import { leadsOut } from './leads-out.ts'
import { locateExports } from './locate-exports.ts'
import { outsideSymbols } from './module/needs.ts'
import { readPromise, type Promised } from './read-promise.ts'
import { refuseEvent } from './refuse-event.ts'
import { releasedPlaces } from './released-places.ts'
import { withBase } from './with-base.ts'

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
  /** Where the run comes from, which may forbid an override; absent: somebody at a terminal. */
  readonly origin?: RunOrigin | undefined
  /** The day on which waivers are looked at, `2027-01-31`; that of the clock, in UTC, when absent. */
  readonly today?: string
  /** Look at every export, also where the strategy and the policy could do with the protected ones. */
  readonly allExports?: boolean
  /** Look only at these protected symbols; all when absent. */
  readonly symbols?: ReadonlySet<string>
  /** Where to read what changed in the tree; absent: not known. */
  readonly patch?: PatchSource | undefined
  /** Files with debug information of the released kernel and of this one; absent: sizes and offsets are not known. */
  readonly debugInfo?: DebugInfo | undefined
  /**
   * The commit whose configuration, whitelists, waivers and rules count, and from which the patch starts where `patch` does
   * not say otherwise; absent: those of the work tree.
   */
  readonly baselineRef?: string | undefined
  /** Where kernels are built. */
  readonly workDir: string
  /** Programs to run at once, of all variants together. */
  readonly jobs: number
  readonly signal: AbortSignal
  readonly onProgress: CollectOptions['onProgress']
}

/** The patch that is being checked: the difference to a commit of the tree's git repository, or a file. */
export type PatchSource =
  { readonly kind: 'base'; readonly ref: string } | { readonly kind: 'file'; readonly path: string }

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

/**
 * The pipeline: plan, read what each variant promises, collect what its kernel exports, judge. A plan that cannot lead
 * to a verdict, because a whitelist is unusable or a setting is missing, is refused before anything is built.
 */
export function check(request: CheckRequest): Promise<Verdict> {
  const refuse = (problems: readonly Problem[]) => errorVerdict(request.tool, problems, request.override)
  return withBase(request, refuse, checkWith)
}

/** Says in a verdict whose configuration counted. */
export function withConfiguration(
  verdict: Verdict,
  base: BaseCommit | undefined,
  origin: RunOrigin | undefined,
): Verdict {
  if (!base) return { ...verdict, configuration: { kind: 'work-tree' } }
  const { ref: name, commit } = base
  const branch = origin?.branch === undefined ? {} : { branch: origin.branch }
  return { ...verdict, configuration: { kind: 'commit', name, commit, ...branch } }
}

async function checkWith(request: CheckRequest, base: BaseCommit | undefined): Promise<Verdict> {
  return withConfiguration(await checkPrepared(request, base), base, request.origin)
}

async function checkPrepared(request: CheckRequest, base: BaseCommit | undefined): Promise<Verdict> {
  const { value: prepared, problems } = await prepare(request, base)
  if (!prepared) return errorVerdict(request.tool, problems, request.override)
  const builds = prepared.plan.variants.some(
    ({ promise, strategy }) => promise.kind === 'stable' && strategy !== 'prebuilt',
  )
  const refused = builds ? refuseEvent(request.origin?.event) : undefined
  if (refused) return errorVerdict(request.tool, [...problems, refused], request.override)
  const collections = prepared.promised.flatMap((promised) =>
    promised.variant.promise.kind === 'none' ? [] : [collectionOf(prepared, promised, request.allExports)],
  )
  const collected = await collectAll(await Promise.all(collections), request)
  const evidence = new Map(collected.map((one) => [one.variant, one]))
  return judgeCollected({ ...prepared, problems }, evidence, request)
}

/** All that is known before anything is collected. */
export interface Prepared {
  readonly plan: Plan
  readonly promised: readonly Promised[]
  readonly patch: Patch | undefined
  /** What `planDigest` says of a variant. */
  readonly digestOf: (variant: VariantPlan) => string
  /** Where a base commit is known: what counts, and what the patch would have count. */
  readonly gates: GateStates | undefined
}

/** What `prepare` needs to know of a request. */
export interface PrepareRequest extends PlanRequest, Pick<CheckRequest, 'symbols' | 'origin'> {
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
  const whole = await Promise.all(planned.value.variants.map((variant) => readPromise(variant, { collects })))
  const asked = request.symbols ? narrowPromises(whole, request.symbols) : { value: whole, problems: [] }
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
  const gates = base && (await gateStates(loaded.value, request, base))
  const value = { plan: planned.value, promised: asked.value, patch: patch.value, digestOf, gates }
  return { value, problems: notes }
}

/** What is read in the work tree although a patch may have shaped it: it has to lie there. */
async function linkedOut(variants: readonly VariantPlan[], top: string): Promise<readonly Problem[]> {
  const problems = variants.map(({ name, symvers, drivers = [] }) =>
    Promise.all(
      [...(symvers === undefined ? [] : [symvers]), ...drivers].map(async (path) => {
        const problem = await leadsOut(path, top)
        return problem ? [{ ...problem, variant: name }] : []
      }),
    ),
  )
  return (await Promise.all(problems)).flat(2)
}

/** What to look for in a variant, and where the release had it. */
export async function collectionOf(
  prepared: Pick<Prepared, 'plan' | 'gates'>,
  promised: Pick<Promised, 'variant' | 'whitelist' | 'drivers'>,
  allExports = false,
): Promise<Collection> {
  const { variant, whitelist } = promised
  const wanted = wantedOf(prepared, promised, allExports)
  if (wanted === 'all' || !whitelist) return { variant, wanted }
  return { variant, wanted, places: await releasedPlaces(whitelist) }
}

/**
 * The symbols to look for: those that the whitelist protects, those that the patch adds to it, and those that drivers need,
 * unless somebody wants to hear of all.
 */
export function wantedOf(
  { plan: { policy }, gates }: Pick<Prepared, 'plan' | 'gates'>,
  { variant, whitelist, drivers = [] }: Pick<Promised, 'variant' | 'whitelist' | 'drivers'>,
  allExports: boolean,
): Wanted {
  if (allExports || policy.kinds.added !== 'ignore' || !whitelist) return 'all'
  const after = gates && 'variants' in gates.after ? gates.after.variants : []
  const patched = after.find(({ name }) => name === variant.name)?.whitelist
  return new Set([
    ...symbolsOf(whitelist),
    ...(patched ? symbolsOf(patched) : []),
    ...outsideSymbols(drivers),
  ])
}

/** What the last part of the pipeline needs to know of a request. */
export type JudgeRequest = Pick<
  CheckRequest,
  'tool' | 'override' | 'debugInfo' | 'signal' | 'today' | 'variants' | 'symbols' | 'origin'
> & {
  readonly source: string | undefined
}

/**
 * The last part of the pipeline: compare, explain, decide.
 * @param problems those of the run as a whole, up to here
 * @param collected by variant
 */
export async function judgeCollected(
  {
    plan: { policy, waivers, protectedBranches },
    promised,
    patch,
    problems,
    gates,
  }: Omit<Prepared, 'digestOf'> & { readonly problems: readonly Problem[] },
  collected: ReadonlyMap<string, Collected>,
  request: JudgeRequest,
): Promise<Verdict> {
  const { tool, override, origin } = request
  const noFlag = origin !== undefined && refuseOverride(origin, protectedBranches) !== undefined
  const today = request.today ?? new Date().toISOString().slice(0, 10)
  const known = promised.map((promise) => caseOf(promise, collected.get(promise.variant.name)))
  const cases = await withPlaces(known, promised, patch, request)
  const explained = await explainCases(cases, { ...request, policy, patch })
  return decide({
    tool,
    policy,
    variants: cases,
    override,
    ...(noFlag ? { excuse: { kind: 'waiver' } } : {}),
    problems: [...problems, ...explained.problems],
    explained: explained.value,
    hidden: patch ? findHidden(patch) : [],
    edits: gates ? gateEdits(gates.before, gates.after, builtOf(collected), today) : [],
    waivers: {
      list: waivers,
      today,
      complete: !request.symbols && request.variants.length === 0,
    },
  })
}

/** Adds where the differences of exports come from, where the tree is at hand. */
async function withPlaces(
  cases: readonly VariantCase[],
  promised: readonly Promised[],
  patch: Patch | undefined,
  { source: tree, signal }: JudgeRequest,
): Promise<readonly VariantCase[]> {
  if (tree === undefined) return cases
  const source = await realpath(tree).catch(() => tree)
  const configs = new Map(
    promised.flatMap(({ variant: { name, config } }) => (config ? [[name, config] as const] : [])),
  )
  const located: VariantCase[] = []
  for (const one of cases) {
    const { promise } = one
    if (promise.kind === 'none' || promise.collected?.kind !== 'evidence') located.push(one)
    else {
      const places = await locateExports(one, promise.collected, { source, patch, configs, signal })
      located.push({ ...one, promise: { ...promise, located: places } })
    }
  }
  return located
}

function builtOf(collected: ReadonlyMap<string, Collected>): ReadonlyMap<string, Symvers> {
  return new Map(
    [...collected].flatMap(([name, one]) => (one.kind === 'evidence' ? [[name, one.symvers]] : [])),
  )
}

async function patchOf({ patch, source, signal }: PrepareRequest): Promise<Read<Patch | undefined>> {
  if (!patch) return { value: undefined, problems: [] }
  if (patch.kind === 'file') return readPatchFile(patch.path)
  return readPatch(source, patch.ref, { env: scrubbedEnvironment(process.env), signal })
}

/** Restricts the whitelists to some symbols; a symbol that no variant protects is a problem. */
function narrowPromises(
  promised: readonly Promised[],
  symbols: ReadonlySet<string>,
): Read<readonly Promised[]> {
  const unknown = new Set(symbols)
  const value = promised.map((promise): Promised => {
    if (!promise.whitelist) return promise
    const rows = promise.whitelist.rows.filter(({ symbol }) => symbols.has(symbol))
    for (const { symbol } of rows) unknown.delete(symbol)
    const { variant, baseline, problems: known } = promise
    const base = baseline ? { baseline } : {}
    // Drivers need other symbols, too.
    return { variant, ...base, problems: known, whitelist: { ...promise.whitelist, rows } }
  })
  const problems = [...unknown].map((symbol): Problem => ({
    kind: 'usage',
    message: `No variant of this run protects ${quote(symbol)}.`,
    advice: 'Name symbols as the whitelists do.',
  }))
  return { value: value.filter(({ whitelist }) => !whitelist || whitelist.rows.length > 0), problems }
}

function caseOf(
  { variant, whitelist, baseline, drivers, problems }: Promised,
  collected: Collected | undefined,
): VariantCase {
  const { name, arch, promise } = variant
  if (promise.kind === 'none') return { name, arch, promise, problems }
  if (!whitelist) throw new Error(`the whitelist of ${name} was neither read nor refused`)
  const known = { ...(baseline ? { baseline } : {}), ...(drivers ? { drivers } : {}) }
  return { name, arch, promise: { kind: 'stable', whitelist, ...known, collected }, problems }
}

export function symbolsOf({ rows }: Whitelist): ReadonlySet<string> {
  return new Set(rows.map(({ symbol }) => symbol))
}
