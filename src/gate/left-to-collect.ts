import type { Carried } from '../abi/evidence.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import type { Plan } from '../config/plan.ts'
import { isError, type Read } from '../problem/problem.ts'
import { readCollected } from './judge.ts'
import { prepare } from './prepare.ts'
import { openBase, type Base } from '../base/open-base.ts'

/** What evidence at hand is good for. */
export interface LeftToCollect {
  /** Without the variants whose evidence is at hand. */
  readonly plan: Plan
  /** The variants whose evidence is at hand; `carried` where it is that of an earlier commit. */
  readonly held: readonly { readonly variant: string; readonly carried?: Carried }[]
  /** The variants that have to be collected, and why: absent where there is no evidence of any commit. */
  readonly left: readonly { readonly variant: string; readonly why?: string }[]
}

interface LeftRequest
  extends
    PlanRequest,
    Pick<Parameters<typeof readCollected>[0], 'tool' | 'evidence' | 'expectCommit' | 'signal'> {
  /** The commit whose configuration counts; absent: that of the work tree. */
  readonly baselineRef?: string | undefined
}

/**
 * Says which variants have to be collected for a commit, when there is evidence of earlier ones. Nobody has to believe it: `judge`
 * proves it again. Problems: those of the plan and of the whitelists.
 */
export async function leftToCollect(request: LeftRequest): Promise<Read<LeftToCollect | undefined>> {
  const { value: base, problems } = await openBase(request)
  if (!base) return { value: undefined, problems }
  try {
    return base.named(await leftWith(request, base))
  } finally {
    await base.close()
  }
}

async function leftWith(request: LeftRequest, { commit }: Base): Promise<Read<LeftToCollect | undefined>> {
  const asked = { ...request, collects: false, kernelOnly: true }
  const { value: prepared, problems } = await prepare(asked, commit)
  if (!prepared) return { value: undefined, problems }
  const { value: collected } = await readCollected(
    // Who judges looks through the types.
    { ...request, noCarryOver: false, acceptedBefore: true },
    prepared,
  )
  const stable = prepared.plan.variants.filter(({ guard }) => guard.kind === 'stable')
  const held: LeftToCollect['held'][number][] = []
  const left: LeftToCollect['left'][number][] = []
  for (const { name: variant } of stable) {
    const one = collected.get(variant)
    if (one?.kind === 'evidence') held.push({ variant, ...(one.carried ? { carried: one.carried } : {}) })
    else {
      const why = one?.problems.find(isError)?.message
      left.push({ variant, ...(why === undefined ? {} : { why }) })
    }
  }
  const there = new Set(held.map(({ variant }) => variant))
  const variants = prepared.plan.variants.filter(({ name }) => !there.has(name))
  return { value: { plan: { ...prepared.plan, variants }, held, left }, problems }
}
