import type { Collected } from '../abi/evidence.ts'
import { variantAt } from '../config/variant-at.ts'
import { withCheckout } from '../git/with-checkout.ts'
import { collectAll, type Collection } from '../kernel/collect-all.ts'
import { earlierEvidence, type CarryRequest } from './carry-over.ts'
import type { CheckRequest } from './request.ts'

/**
 * Finds out of a commit what is to be known of its variants, each by its name. A variant of which nothing can be said is a failure with
 * the problems that say why.
 * @param commit its whole name
 * @param asked the variants, and of each the symbols in question
 */
export type LookAtBase = (
  commit: string,
  asked: readonly Collection[],
) => Promise<ReadonlyMap<string, Collected>>

type LookRequest = Pick<CheckRequest, 'source' | 'workDir' | 'jobs' | 'signal' | 'onProgress'>

/** Collects the variants in a checkout of its own, as `check` does in the work tree, which is not touched. */
async function lookAtBase(
  request: LookRequest,
  commit: string,
  asked: readonly Collection[],
): Promise<ReadonlyMap<string, Collected>> {
  const { value, problems } = await withCheckout({ ...request, ref: commit }, ({ tree, workDir }) => {
    const there = asked.map((one) => ({ ...one, variant: variantAt(one.variant, request.source, tree) }))
    return collectAll(there, { ...request, source: tree, workDir })
  })
  const collected =
    value ?? asked.map(({ variant: { name } }) => ({ kind: 'failure', variant: name, problems }) as const)
  return new Map(collected.map((one) => [one.variant, one]))
}

/**
 * Makes what takes kept evidence of the base where there is some that holds for it, and looks at the other variants.
 * @param whole the variants with all that a check asks of them, as kept evidence knows it
 */
export function keptOrLook(
  request: LookRequest & Pick<CarryRequest, 'tool' | 'digestOf'> & Pick<CheckRequest, 'noCarryOver'>,
  whole: readonly Collection[],
): LookAtBase {
  return async (commit, asked) => {
    const names = new Set(asked.map(({ variant }) => variant.name))
    const those = whole.filter(({ variant }) => names.has(variant.name))
    const about = { ...request, commit }
    const earlier = request.noCarryOver ? new Map<string, never>() : await earlierEvidence(about, those)
    const held = new Map<string, Collected>()
    for (const [name, { evidence }] of earlier) if (evidence) held.set(name, evidence)
    const left = asked.filter(({ variant }) => !held.has(variant.name))
    return left.length === 0 ? held : new Map([...held, ...(await lookAtBase(request, commit, left))])
  }
}
