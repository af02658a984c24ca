import type { Collected, Evidence } from '../abi/evidence.ts'
import type { Symvers } from '../abi/export.ts'
import type { Patch } from '../abi/patch.ts'
import type { ToolOption } from '../abi/tool-option.ts'
import type { Guarded } from '../baseline/read-guard.ts'
import { layoutsOfCase } from '../explain/layouts-of-case.ts'
import { explainCases } from '../explain/explain-cases.ts'
import { hiddenLines } from '../explain/hidden-lines.ts'
import { locateExports } from '../explain/locate-exports.ts'
import { toolOptions } from '../explain/tool-options.ts'
import type { KernelConfig } from '../config/plan.ts'
import { realPath } from '../io/real-path.ts'
import { readText } from '../io/read-text.ts'
import { parseConfig } from '../kernel/config-text.ts'
import { commitsOfLines } from '../git/commits-of-lines.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { decide, type Case } from '../judge/decide.ts'
import { stableGuard, type StableGuard, type VariantCase } from '../judge/variant-case.ts'
import { linesOfPatch, withCommits } from '../judge/lines-of-patch.ts'
import type { Policy } from '../judge/policy.ts'
import { gateEdits } from '../judge/gate-edits.ts'
import { refuseOverride, type RunOrigin } from '../judge/refuse-override.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { Problem } from '../problem/problem.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import type { HeldAgainst } from './hold-against.ts'
import type { Prepared } from './prepare.ts'
import type { CheckRequest } from './request.ts'

/** What the last part of the pipeline needs to know of a request. */
export type JudgeRequest = Pick<
  CheckRequest,
  | 'tool'
  | 'override'
  | 'debugInfo'
  | 'signal'
  | 'today'
  | 'docs'
  | 'variants'
  | 'symbols'
  | 'origin'
  | 'kernelOnly'
> & {
  readonly source: string | undefined
  /** Holds what was found against a base, to say where it comes from; absent: nobody wants to know. */
  readonly holdAgainst?: ((verdict: Verdict) => Promise<HeldAgainst>) | undefined
}

/**
 * The last part of the pipeline: compare, explain, decide.
 * @param problems those of the run as a whole, up to here
 * @param collected by variant
 */
export async function judgeCollected(
  {
    plan,
    guarded,
    patch,
    problems,
    gates,
  }: Omit<Prepared, 'digestOf'> & { readonly problems: readonly Problem[] },
  collected: ReadonlyMap<string, Collected>,
  request: JudgeRequest,
): Promise<Verdict> {
  const { tool, override, origin } = request
  const { policy, waivers, protectedBranches } = plan
  const docs = plan.docs ?? request.docs
  const noFlag = origin !== undefined && refuseOverride(origin, protectedBranches) !== undefined
  const today = request.today ?? new Date().toISOString().slice(0, 10)
  const tree = request.source
  const source = tree === undefined ? undefined : await realPath(tree)
  const known = guarded.map((one) => caseOf(one, inTree(collected.get(one.variant.name), source), policy))
  const located = await withPlaces(known, guarded, { ...request, source, patch })
  const cases = await withLayouts(located, { source, patch })
  const explained = await explainCases(cases, { ...request, policy, patch })
  const run: Case = {
    tool,
    policy,
    variants: cases,
    override,
    date: today,
    ...(docs === undefined ? {} : { docs }),
    ...(noFlag ? { excuse: { kind: 'waiver' } } : {}),
    problems: [...problems, ...explained.problems],
    explained: explained.value,
    hidden: patch && !request.kernelOnly ? await hiddenLines(patch, evidencesOf(collected), source) : [],
    edits: gates ? gateEdits(gates.before, gates.after, builtOf(collected), today) : [],
    waivers: {
      list: waivers,
      today,
      complete: !request.symbols && request.variants.length === 0,
    },
  }
  const alone = decide(run)
  const held = await request.holdAgainst?.(alone)
  const verdict = held
    ? decide({ ...run, base: held.base, problems: [...run.problems, ...held.problems] })
    : alone
  return namingCommits(verdict, { source, patch }, request.signal)
}

/** Says which commits made the lines of the patch that the verdict names, where the history is at hand. */
async function namingCommits(
  verdict: Verdict,
  { source, patch }: Places,
  signal: AbortSignal,
): Promise<Verdict> {
  if (source === undefined || patch?.base === undefined) return verdict
  const lines = linesOfPatch(verdict)
  if (lines.length === 0) return verdict
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  return withCommits(verdict, await commitsOfLines(git, patch.base, lines))
}

/**
 * The kernel tree that a report names lines from is the one at hand: evidence tells where it lay on another machine, or nothing. Of a
 * finished build nobody knows the tree.
 */
function inTree(collected: Collected | undefined, source: string | undefined): Collected | undefined {
  if (collected?.kind !== 'evidence' || collected.how.strategy === 'prebuilt' || source === undefined)
    return collected
  return { ...collected, how: { ...collected.how, source } }
}

/** Where differences may come from. */
interface Places {
  /** The kernel tree, an absolute path without links; absent: it is not at hand. */
  readonly source: string | undefined
  readonly patch: Patch | undefined
}

/** Adds where the differences of exports come from, where the tree is at hand. */
async function withPlaces(
  cases: readonly VariantCase[],
  guarded: readonly Guarded[],
  { source, patch, signal, kernelOnly = false }: Places & Pick<JudgeRequest, 'signal' | 'kernelOnly'>,
): Promise<readonly VariantCase[]> {
  if (source === undefined) return cases
  const configs = new Map(
    guarded.flatMap(({ variant: { name, config } }) => (config ? [[name, config] as const] : [])),
  )
  const located: VariantCase[] = []
  for (const one of cases) {
    const { guard } = one
    if (guard.kind === 'none' || guard.collected?.kind !== 'evidence') located.push(one)
    else {
      const places = await locateExports(one, guard.collected, { source, patch, configs, signal })
      // Only the notes of a report need them.
      const tools = kernelOnly ? [] : await toolsBehind(guard, configs.get(one.name), source)
      located.push({ ...one, guard: { ...guard, located: places, toolOptions: tools } })
    }
  }
  return located
}

/** Adds how the types of each variant lie in memory now, where layouts are known of the release and of the build. */
async function withLayouts(cases: readonly VariantCase[], places: Places): Promise<readonly VariantCase[]> {
  const all: VariantCase[] = []
  for (const one of cases) {
    const { guard } = one
    const evidence =
      guard.kind === 'stable' && guard.collected?.kind === 'evidence' ? guard.collected : undefined
    if (guard.kind === 'none' || !guard.layouts || !evidence?.layouts) all.push(one)
    else {
      const { whitelist, layouts } = guard
      const found = { ...evidence, layouts: evidence.layouts }
      const laidOut = await layoutsOfCase({ whitelist, layouts }, found, places)
      all.push({ ...one, guard: { ...guard, laidOut } })
    }
  }
  return all
}

/** The options of the compiler that may have changed checksums; none where no checksum changed. */
async function toolsBehind(
  { collected, comparison }: StableGuard,
  config: KernelConfig | undefined,
  source: string,
): Promise<readonly ToolOption[]> {
  const build = collected?.kind === 'evidence' ? collected.build : undefined
  const changed = (comparison?.differences ?? []).flatMap(({ kind, symbol }) =>
    kind === 'changed' ? [symbol] : [],
  )
  if (!build || changed.length === 0) return []
  const text = config?.from.kind === 'file' ? (await readText(config.from.path)).value : ''
  return toolOptions(build, new Set(changed), parseConfig(text, '').value, source)
}

function evidencesOf(collected: ReadonlyMap<string, Collected>): readonly Evidence[] {
  return [...collected.values()].filter((one) => one.kind === 'evidence')
}

function builtOf(collected: ReadonlyMap<string, Collected>): ReadonlyMap<string, Symvers> {
  return new Map(
    [...collected].flatMap(([name, one]) => (one.kind === 'evidence' ? [[name, one.symvers]] : [])),
  )
}

function caseOf(
  { variant, whitelist, layouts, problems, ...known }: Guarded,
  collected: Collected | undefined,
  policy: Policy,
): VariantCase {
  const { name, arch, guard } = variant
  if (guard.kind === 'none') return { name, arch, guard, problems }
  if (!whitelist) throw new Error(`the whitelist of ${name} was neither read nor refused`)
  const { builtWith } = variant
  const recorded = builtWith === undefined ? {} : { builtWith }
  const asked = layouts && policy.layouts === 'on' ? { layouts } : {}
  return {
    name,
    arch,
    guard: stableGuard({ whitelist, ...known, ...recorded, ...asked, collected }),
    problems,
  }
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
