import type { Collected } from '../abi/evidence.ts'
import type { Patch } from '../abi/patch.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { Guarded } from '../baseline/read-guard.ts'
import type { Plan } from '../config/plan.ts'
import { judgeCollected } from '../gate/judge-collected.ts'
import { plan as planOf } from '../gate/prepare.ts'
import type { CheckRequest } from '../gate/request.ts'
import { symbolsOf } from '../gate/wanted.ts'
import { withCheckout, type Checkout } from '../git/with-checkout.ts'
import { readPatch } from '../git/read-patch.ts'
import { errorVerdict } from '../judge/decide.ts'
import type { Policy } from '../judge/policy.ts'
import type { Verdict } from '../judge/verdict.ts'
import { collectAll } from '../kernel/collect-all.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { withNearest } from '../whitelists/names-problems.ts'
import { variantAt } from '../config/variant-at.ts'
import { promisedAt, unbuildable } from './promised-at.ts'

/** Two commits of a kernel tree that are compared with each other. */
export interface RangeRequest extends Omit<CheckRequest, 'patch' | 'baselineRef' | 'allExports' | 'symbols'> {
  readonly from: string
  readonly to: string
  /** The symbols that matter; absent: every export. */
  readonly names: Whitelist | undefined
}

/**
 * Compares what the kernels of two commits export, without a whitelist: the exports of the first are taken for promised. The
 * configuration file is that of the work tree, kernel configurations in the tree are those of each commit. Both are collected
 * in one checkout, so that what is the same in both is looked at once.
 *
 * What cannot be compared is an error in the verdict: a variant of strategy `prebuilt`, a commit that is not there, a kernel that
 * cannot be collected; with names, one that neither commit exports.
 */
export async function checkRange(request: RangeRequest, collectVariants = collectAll): Promise<Verdict> {
  const refused = (problems: readonly Problem[]) => errorVerdict(request.tool, problems, request.override)
  const planned = await planOf(request)
  if (!planned.value) return refused(planned.problems)
  const plan = planned.value
  const unready = plan.variants.flatMap((variant) => unbuildable(variant) ?? [])
  if (unready.length > 0) return refused([...planned.problems, ...unready])
  const { value, problems } = await withCheckout({ ...request, ref: request.from }, async (checkout) => {
    const { value: commits, problems: faults } = await collectBoth(request, plan, checkout, collectVariants)
    const told = [...planned.problems, ...faults]
    return commits ? judgeBoth(request, plan, { ...commits, told }) : refused(told)
  })
  return value ?? refused([...planned.problems, ...problems])
}

/** What the kernels of both commits export, and what lies between these. */
interface BothCommits {
  /** The kernel tree of the second. */
  readonly tree: string
  readonly guarded: readonly Guarded[]
  readonly collected: readonly Collected[]
  readonly patch: Patch
}

async function collectBoth(
  request: RangeRequest,
  plan: Plan,
  { tree, commit, workDir, moveTo }: Checkout,
  collectVariants: typeof collectAll,
): Promise<Read<BothCommits | undefined>> {
  const { to, names, source, signal } = request
  const collect = () =>
    collectVariants(
      plan.variants.map((variant) => ({
        variant: variantAt(variant, source, tree),
        wanted: names ? symbolsOf(names) : 'all',
      })),
      { ...request, source: tree, workDir },
    )
  const released = await Promise.all(
    (await collect()).map((one, at) =>
      promisedAt(one, plan.variants[at], request.names, { from: request.from, workDir }),
    ),
  )
  const told = released.flatMap(({ problems }) => problems)
  if (told.some(isError)) return { value: undefined, problems: told }
  const stuck = await moveTo(to)
  if (stuck) return { value: undefined, problems: [stuck] }
  const collected = await collect()
  const guarded = released.flatMap(({ value }) => value ?? [])
  const patch = await readPatch(tree, { ref: commit }, { env: scrubbedEnvironment(process.env), signal })
  const problems = [...told, ...patch.problems, ...unknownNames(names, guarded, collected, request)]
  if (problems.some(isError)) return { value: undefined, problems }
  return { value: { tree, guarded, collected, patch: patch.value }, problems }
}

function judgeBoth(
  request: RangeRequest,
  plan: Plan,
  { tree, guarded, collected, patch, told }: BothCommits & { readonly told: readonly Problem[] },
): Promise<Verdict> {
  const policy = request.names ? plan.policy : withAdditions(plan.policy)
  return judgeCollected(
    { plan: { ...plan, waivers: [], policy }, guarded, patch, problems: told, gates: undefined },
    new Map(collected.map((one) => [one.variant, one])),
    { ...request, source: tree },
  )
}

/** A name that neither commit exports was mistyped, or is gone for good. */
function unknownNames(
  names: Whitelist | undefined,
  guarded: readonly Guarded[],
  collected: readonly Collected[],
  { from, to }: RangeRequest,
): readonly Problem[] {
  if (!names || collected.some(({ kind }) => kind === 'failure')) return []
  const known = new Set([
    ...guarded.flatMap(({ whitelist }) => (whitelist ? [...symbolsOf(whitelist)] : [])),
    ...collected.flatMap((one) =>
      one.kind === 'evidence' ? one.symvers.exports.map(({ symbol }) => symbol) : [],
    ),
  ])
  const unknown = [...symbolsOf(names)].filter((symbol) => !known.has(symbol))
  if (unknown.length === 0) return []
  return [
    {
      kind: 'not-exported',
      message: `${unknown.length} of the names ${unknown.length === 1 ? 'is' : 'are'} exported neither by ${quote(from)} nor by ${quote(to)}.`,
      excerpt: withNearest(unknown, [...known]),
      place: { file: names.file },
      advice: 'Correct or remove these names.',
    },
  ]
}

/** Who compares all exports wants to hear of the new ones too. */
function withAdditions(policy: Policy): Policy {
  const { added } = policy.kinds
  return added === 'ignore' ? { ...policy, kinds: { ...policy.kinds, added: 'warn' } } : policy
}
