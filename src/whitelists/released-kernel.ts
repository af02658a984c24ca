import type { Collected } from '../abi/evidence.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { variantAt } from '../config/variant-at.ts'
import { withCheckout } from '../git/with-checkout.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll, type Collection } from '../kernel/collect-all.ts'

/** Where a released kernel is in git, and how to collect it. */
interface ReleasedRequest extends CollectOptions {
  /** The kernel tree in whose repository the commit is. */
  readonly source: string
  readonly ref: string
}

/**
 * Collects the kernels of a commit and does something with them while the checkout is there. Kernel configurations that lie
 * in the tree are those of the commit, where it has them. Problems, without a value: those of `withCheckout`.
 */
export async function withReleased<T>(
  request: ReleasedRequest,
  collections: readonly Collection[],
  use: (collected: readonly Collected[]) => Promise<T>,
  collectVariants = collectAll,
): Promise<Read<T | undefined>> {
  return withCheckout(request, async ({ tree, workDir }) => {
    const there = collections.map(({ variant, ...rest }) => ({
      ...rest,
      variant: variantAt(variant, request.source, tree),
    }))
    return use(await collectVariants(there, { ...request, source: tree, workDir }))
  })
}

/** The problem of a variant of which a commit has no kernel. */
export function notBuiltHere(variant: string, advice: string): Problem {
  return {
    kind: 'usage',
    variant,
    message: `Variant ${variant} is read from a finished build, so there is nothing to collect from a commit.`,
    advice,
  }
}
