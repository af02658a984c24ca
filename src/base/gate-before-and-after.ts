import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { loadBasePlan, withTreeNames } from './base-plan.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { planDigest } from '../config/plan-digest.ts'
import type { Plan, VariantPlan } from '../config/plan.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { readGuard, type Guarded } from '../baseline/read-guard.ts'
import { readBytes } from '../io/read-bytes.ts'
import type { GateState, GuardedVariant, NoGateState } from '../judge/gate-state.ts'
import type { RunOrigin } from '../judge/refuse-override.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { openPatchedTree } from './patched-tree.ts'

/** What decides about a patch: what counts, and what the patch would have count. */
export interface GateBeforeAndAfter {
  readonly before: GateState
  readonly after: GateState | NoGateState
}

/** What `gateBeforeAndAfter` needs to know of a request. */
interface GateRequest extends PlanRequest {
  readonly origin?: RunOrigin | undefined
  readonly signal: AbortSignal
}

/**
 * Reads what a base commit and the patch say about the gate. Trouble with the patch's side is part of what comes of it.
 * @param plan of the base commit, not narrowed
 * @param request tells of which variants; without an origin, what somebody edited and did not commit is part of the patch
 */
export async function gateBeforeAndAfter(
  plan: Plan,
  request: GateRequest,
  base: BaseCommit,
): Promise<GateBeforeAndAfter> {
  const { config, source, shipped, variants, origin, signal } = request
  const before = await stateOf(plan, variants, base)
  const session = { env: scrubbedEnvironment(process.env), signal }
  const opened = await openPatchedTree(base.top, session, { edited: origin === undefined })
  const { value: patched } = opened
  if (!patched) return { before, after: nothingRead(opened, plan) }
  try {
    const loaded = await loadBasePlan(patched, config, source, shipped)
    const after = loaded.value
      ? await stateOf(loaded.value, variants, patched)
      : nothingRead(withTreeNames(loaded, patched), plan)
    return { before, after: withTreeNames(after, patched) }
  } finally {
    await patched.close()
  }
}

function nothingRead({ problems }: Read<unknown>, { file }: Plan): NoGateState {
  const first: Problem | undefined = problems.find(isError)
  const { place, message = 'nothing was read' } = first ?? {}
  return {
    file: place?.file ?? file,
    ...(place?.line === undefined ? {} : { line: place.line }),
    why: message,
  }
}

async function stateOf(plan: Plan, names: readonly string[], base: BaseCommit): Promise<GateState> {
  const asked = plan.variants.filter(({ name }) => names.length === 0 || names.includes(name))
  // Which drivers are named matters here, not what is in them.
  const asking = await Promise.all(
    asked.map(async (variant) => {
      const { drivers, ...rest } = variant
      return {
        ...(await readGuard(rest, { collects: false })),
        variant: drivers ? { ...rest, drivers } : rest,
      }
    }),
  )
  return {
    file: plan.file,
    lineOf: (path) => plan.lineOf?.(path),
    policy: plan.policy,
    waivers: plan.waivers,
    protectedBranches: plan.protectedBranches,
    variants: await Promise.all(asking.map((one) => guarded(one, plan.folder, base))),
  }
}

async function guarded(
  { variant, whitelist, baseline, problems }: Guarded,
  folder: string,
  base: BaseCommit,
): Promise<GuardedVariant> {
  const { name, guard } = variant
  const known = withTreeNames({ variant, folder }, base)
  const drivers = (known.variant.drivers ?? []).map((path) => relative(known.folder, path))
  const build = await buildOf(variant, known)
  const runner = [variant.runner ?? []].flat()
  if (guard.kind === 'none') return { name, guard: 'none', build, runner, drivers }
  const readable = whitelist && !problems.some(isError)
  return {
    name,
    guard: 'stable',
    build,
    runner,
    drivers,
    ...(readable ? { whitelist } : {}),
    ...(readable && baseline ? { baseline } : {}),
  }
}

/**
 * How the kernel comes about: settings, and the content of the files that they name.
 * @param known the same variant and folder, by the names of the work tree
 */
async function buildOf(
  { config }: VariantPlan,
  known: { readonly variant: VariantPlan; readonly folder: string },
): Promise<string> {
  const files = [...(config?.from.kind === 'file' ? [config.from.path] : []), ...(config?.fragments ?? [])]
  const digests = await Promise.all(
    files.map(async (file) => {
      const { value, problems } = await readBytes(file)
      return problems.length > 0 ? 'unreadable' : createHash('sha256').update(value).digest('hex')
    }),
  )
  const { symvers } = known.variant
  const read = symvers === undefined ? null : relative(known.folder, symvers)
  return JSON.stringify([planDigest(known.variant, known.folder), read, digests])
}
