import type { Collected } from '../abi/evidence.ts'
import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { collect, type CollectOptions, type Sought } from './collect.ts'
import { endLeftovers } from '../processes/leftovers.ts'
import { removeWritten, withRemoved } from './written-into-source.ts'
import { mapConcurrently } from '../processes/map-concurrently.ts'

/** A variant, and the symbols of it that matter. */
export interface Collection extends Sought {
  readonly variant: VariantPlan
}

/**
 * Collects several variants, side by side as far as there are jobs for them: much of what make does for one variant
 * keeps one processor busy. They share nothing, so one that fails stops no other. What the builds left running is ended before
 * anybody looks at what they made.
 * @param options `jobs` are those of all variants together
 * @returns in the order of the collections
 */
export async function collectAll(
  collections: readonly Collection[],
  options: CollectOptions,
): Promise<readonly Collected[]> {
  const sideBySide = Math.min(collections.length, options.jobs)
  const jobs = Math.ceil(options.jobs / sideBySide)
  let finished = 0
  const all = await mapConcurrently(collections, sideBySide, async ({ variant, ...sought }) => {
    const collected = await collect(variant, { ...options, jobs }, sought)
    const phase = collected.kind === 'evidence' ? 'finished' : 'failed'
    options.onProgress({ variant: variant.name, phase, done: ++finished, total: collections.length })
    return collected
  })
  if (!(await endLeftovers())) {
    return all.map(({ variant }) => ({ kind: 'failure', variant, problems: [left(variant)] }))
  }
  const built = new Set(
    collections.flatMap(({ variant }, at) =>
      variant.strategy === 'prebuilt' || isBusy(all[at]) ? [] : [variant.name],
    ),
  )
  // Not before: a build beside this one may be reading them, as may that of another process.
  const { source } = options
  const removed = source !== undefined && built.size > 0 && (await removeWritten(source))
  return removed ? all.map((one) => (built.has(one.variant) ? withRemoved(one) : one)) : all
}

function isBusy(one: Collected | undefined): boolean {
  return one?.kind === 'failure' && one.problems.some(({ kind }) => kind === 'busy')
}

function left(variant: string): Problem {
  return {
    kind: 'build-failed',
    variant,
    message: 'the build left something running that could not be ended',
    advice: 'Look for processes with KABI_GATE_RUN in their environment, and end them.',
    speaksOf: 'setup',
  }
}
