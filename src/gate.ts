import { dirname, join } from 'node:path'
import { loadBasePlan, withKnownNames, withTreeNames } from './base-plan.ts'
import type { BaselineFile } from './abi/baseline.ts'
import type { Collected } from './abi/evidence.ts'
import { findHidden } from './abi/find-hidden.ts'
import type { Patch } from './abi/patch.ts'
import { isError, type Problem, type Read } from './abi/problem.ts'
import { quote } from './abi/quote.ts'
import type { Whitelist } from './abi/whitelist.ts'
import { missingForCollect } from './config/missing-for-collect.ts'
import { loadPlan } from './config/load-plan.ts'
import { planDigest } from './config/plan-digest.ts'
import { narrowPlan, type Narrowing } from './config/narrow-plan.ts'
import type { Plan, VariantPlan, WhitelistLookup, WhitelistSource } from './config/plan.ts'
import { readBaselineOf } from './config/read-baseline.ts'
import type { DebugInfo } from './locate-causes.ts'
import { explainCases } from './explain-cases.ts'
import { findWhitelist } from './io/find-whitelist.ts'
import { readWhitelist } from './io/read-whitelist.ts'
import { foreignBaseline } from './judge/comparability.ts'
import { decide, errorVerdict, type VariantCase } from './judge/decide.ts'
import type { Override, Verdict } from './judge/verdict.ts'
import type { Policy } from './judge/policy.ts'
import type { CollectOptions, Wanted } from './kernel/collect.ts'
import { collectAll, type Collection } from './kernel/collect-all.ts'
import { readPatch, readPatchFile } from './kernel/patch/read-patch.ts'
import { openBaseCommit, topOf, type BaseCommit } from './kernel/base-commit/base-commit.ts'
import { scrubbedEnvironment } from './kernel/scrubbed-environment.ts'

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
  const { config, source, shipped } = request
  const loaded = await (base
    ? loadBasePlan(base, config, source, shipped)
    : loadPlan(config, source, shipped))
  if (!loaded.value || loaded.problems.some(isError)) return { value: undefined, problems: loaded.problems }
  const narrowed = narrowPlan(loaded.value, request)
  const problems = [...loaded.problems, ...narrowed.problems]
  return { value: problems.some(isError) ? undefined : narrowed.value, problems }
}

/**
 * The pipeline: plan, read what each variant promises, collect what its kernel exports, judge. A plan that cannot lead
 * to a verdict, because a whitelist is unusable or a setting is missing, is refused before anything is built.
 */
export function check(request: CheckRequest): Promise<Verdict> {
  const refuse = (problems: readonly Problem[]) => errorVerdict(request.tool, problems, request.override)
  return withBase(request, refuse, checkWith)
}

async function checkWith(request: CheckRequest, base: BaseCommit | undefined): Promise<Verdict> {
  const { value: prepared, problems } = await prepare(request, base)
  if (!prepared) return errorVerdict(request.tool, problems, request.override)
  const collections = prepared.promised.flatMap(({ variant, whitelist }): Collection[] => {
    if (variant.promise.kind === 'none') return []
    return [{ variant, wanted: wantedOf(whitelist, prepared.plan.policy, request.allExports) }]
  })
  const collected = await collectAll(collections, request)
  const evidence = new Map(collected.map((one) => [one.variant, one]))
  return judgeCollected({ ...prepared, problems }, evidence, request)
}

/**
 * Does some work with the commit that a request wants to trust, which is the base of the patch too where the request names
 * no patch. Files get the names that a person knows in what comes of it.
 * @param refuse what comes of a commit that cannot be opened
 */
export async function withBase<Request extends BaseRequest, Result>(
  request: Request,
  refuse: (problems: readonly Problem[]) => Result,
  work: (request: Request, base: BaseCommit | undefined) => Promise<Result>,
): Promise<Result> {
  const { baselineRef, source, signal } = request
  if (baselineRef === undefined) return work(request, undefined)
  const session = { env: scrubbedEnvironment(process.env), signal }
  const { value: base, problems } = await openBaseCommit(repositoryOf(request), baselineRef, session)
  if (!base) return refuse(problems)
  try {
    const same = source !== undefined && (await topOf({ ...session, cwd: source })) === base.top
    const implied = same ? ({ kind: 'base', ref: baselineRef } as const) : undefined
    return withKnownNames(await work({ ...request, patch: request.patch ?? implied }, base), base)
  } finally {
    await base.close()
  }
}

/** What `withBase` needs to know of a request. */
export interface BaseRequest {
  readonly config: string | undefined
  readonly source: string | undefined
  readonly cwd: string
  readonly patch?: PatchSource | undefined
  readonly baselineRef?: string | undefined
  readonly signal: AbortSignal
}

/** A folder of the repository that has the configuration. */
function repositoryOf({ config, source, cwd }: BaseRequest): string {
  const tree = source ?? cwd
  return config === undefined || config.startsWith(join(tree, '/')) ? tree : dirname(config)
}

/** All that is known before anything is collected. */
export interface Prepared {
  readonly plan: Plan
  readonly promised: readonly Promised[]
  readonly patch: Patch | undefined
  /** What `planDigest` says of a variant. */
  readonly digestOf: (variant: VariantPlan) => string
}

/** What `prepare` needs to know of a request. */
export interface PrepareRequest extends PlanRequest, Pick<CheckRequest, 'symbols'> {
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
  const planned = await plan(request, base)
  if (!planned.value) return { value: undefined, problems: planned.problems }
  const { collects = true } = request
  const whole = await Promise.all(planned.value.variants.map((variant) => readPromise(variant, { collects })))
  const narrowed = request.symbols ? narrowPromises(whole, request.symbols) : { value: whole, problems: [] }
  const patch = await patchOf(request)
  const problems = [planned, ...whole, narrowed, patch].flatMap((one) => one.problems)
  if (problems.some(isError)) return { value: undefined, problems }
  const notes = [planned, patch].flatMap((one) => one.problems)
  const { folder } = planned.value
  const digestOf = (variant: VariantPlan): string => {
    const named = { variant, folder }
    const known = base ? withTreeNames(named, base) : named
    return planDigest(known.variant, known.folder)
  }
  const value = { plan: planned.value, promised: narrowed.value, patch: patch.value, digestOf }
  return { value, problems: notes }
}

/** The symbols to look for: those that the whitelist protects, unless somebody wants to hear of all. */
export function wantedOf(whitelist: Whitelist | undefined, policy: Policy, allExports = false): Wanted {
  return allExports || policy.kinds.added !== 'ignore' || !whitelist ? 'all' : symbolsOf(whitelist)
}

/** What the last part of the pipeline needs to know of a request. */
export type JudgeRequest = Pick<
  CheckRequest,
  'tool' | 'override' | 'debugInfo' | 'signal' | 'today' | 'variants' | 'symbols'
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
    plan: { policy, waivers },
    promised,
    patch,
    problems,
  }: Prepared & { readonly problems: readonly Problem[] },
  collected: ReadonlyMap<string, Collected>,
  request: JudgeRequest,
): Promise<Verdict> {
  const { tool, override } = request
  const cases = promised.map((promise) => caseOf(promise, collected.get(promise.variant.name)))
  const explained = await explainCases(cases, { ...request, policy, patch })
  return decide({
    tool,
    policy,
    variants: cases,
    override,
    problems: [...problems, ...explained.problems],
    explained: explained.value,
    hidden: patch ? findHidden(patch) : [],
    waivers: {
      list: waivers,
      today: request.today ?? new Date().toISOString().slice(0, 10),
      complete: !request.symbols && request.variants.length === 0,
    },
  })
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
    return { ...promise, whitelist: { ...promise.whitelist, rows } }
  })
  const problems = [...unknown].map((symbol): Problem => ({
    kind: 'usage',
    message: `No variant of this run protects ${quote(symbol)}.`,
    advice: 'Name symbols as the whitelists do.',
  }))
  return { value: value.filter(({ whitelist }) => !whitelist || whitelist.rows.length > 0), problems }
}

export interface Promised {
  readonly variant: VariantPlan
  /** Absent when the variant promises nothing, or when its whitelist could not be found. */
  readonly whitelist?: Whitelist
  readonly baseline?: BaselineFile
  readonly problems: readonly Problem[]
}

/**
 * Reads the whitelist of a variant and what is recorded about it.
 * @param collects whether the variant is to be collected, for which it must have all that its strategy needs
 */
export async function readPromise(
  variant: VariantPlan,
  { collects } = { collects: true },
): Promise<Promised> {
  const { promise, name } = variant
  if (promise.kind === 'none') return { variant, problems: [] }
  const source = await sourceOf(promise.whitelist)
  const read = source.value ? await readSource(source.value, name) : { problems: [] }
  const missing = collects ? missingForCollect(variant) : undefined
  const problems = [...source.problems, ...read.problems, ...(missing ? [missing] : [])]
  return { variant, ...read, problems: problems.map((problem) => ({ variant: name, ...problem })) }
}

async function sourceOf(lookup: WhitelistLookup): Promise<Read<WhitelistSource | undefined>> {
  return lookup.kind === 'files' ? { value: lookup.files, problems: [] } : findWhitelist(lookup)
}

/** Reads the whitelist that a configuration names, or that is found where it says. */
export async function readLookup(lookup: WhitelistLookup): Promise<Read<Whitelist | undefined>> {
  const { value: source, problems } = await sourceOf(lookup)
  if (!source) return { value: undefined, problems }
  const whitelist = await readWhitelist(source)
  return { value: whitelist.value, problems: [...problems, ...whitelist.problems] }
}

async function readSource(source: WhitelistSource, variant: string): Promise<Omit<Promised, 'variant'>> {
  const whitelist = await readWhitelist(source)
  const { value: baseline, problems } = await readBaselineOf(source)
  const foreign = baseline && foreignBaseline(baseline, variant)
  return {
    whitelist: whitelist.value,
    ...(baseline ? { baseline } : {}),
    problems: [...whitelist.problems, ...problems, ...(foreign ? [foreign] : [])],
  }
}

function caseOf(
  { variant, whitelist, baseline, problems }: Promised,
  collected: Collected | undefined,
): VariantCase {
  const { name, arch, promise } = variant
  if (promise.kind === 'none') return { name, arch, promise, problems }
  if (!whitelist) throw new Error(`the whitelist of ${name} was neither read nor refused`)
  const known = baseline ? { baseline } : {}
  return { name, arch, promise: { kind: 'stable', whitelist, ...known, collected }, problems }
}

export function symbolsOf({ rows }: Whitelist): ReadonlySet<string> {
  return new Set(rows.map(({ symbol }) => symbol))
}
