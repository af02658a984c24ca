import { relative, resolve } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import { exactCommit } from '../git/tree-identity.ts'
import type { Reach } from '../judge/verdict.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll, type Collection } from '../kernel/collect-all.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { earlierEvidence, keepEvidence, type CarryRequest, type Earlier } from './carry-over.ts'
import { reachOf } from './reach.ts'
import type { CheckRequest } from './request.ts'

/** What was collected, and what the changed files can reach where somebody asked. */
interface CollectedChanges {
  /** In the order of the collections. */
  readonly collected: readonly Collected[]
  readonly reach?: readonly Reach[]
}

type ChangesRequest = CollectOptions &
  Pick<CarryRequest, 'tool' | 'digestOf' | 'bySymbols'> &
  Pick<CheckRequest, 'noCarryOver' | 'why'> & {
    readonly source: string
    /** The commit that the tree is known to hold, and nothing else; absent: git is asked. */
    readonly commit?: string | undefined
    /** A folder in the tree that is no part of it. */
    readonly output?: string
  }

/**
 * Collects the variants of which no evidence of an earlier commit holds, and takes that for the others. Only the top of a git
 * checkout in which nothing was changed is a commit; of any other tree all is collected.
 */
export async function collectChanged(
  collections: readonly Collection[],
  request: ChangesRequest,
  collectVariants = collectAll,
): Promise<CollectedChanges> {
  const looksAtSource = collections.some(({ variant }) => variant.strategy === 'exports')
  const before = looksAtSource ? await commitOf(request) : undefined
  const about = before === undefined ? undefined : { ...request, commit: before }
  const earlier =
    about && !request.noCarryOver ? await earlierEvidence(about, collections) : new Map<string, Earlier>()
  const held = collections.map(({ variant }) => earlier.get(variant.name)?.evidence)
  const left = collections.filter((_, at) => !held[at])
  for (const { variant } of collections.filter((_, at) => held[at]))
    request.onProgress({ variant: variant.name, phase: 'finished', done: 1, total: 1 })
  const fresh = left.length > 0 ? [...(await collectVariants(left, request))] : []
  if (
    about &&
    fresh.some((one) => one.kind === 'evidence' && one.basis) &&
    (await commitOf(request)) === before
  )
    await keepEvidence(about, left, fresh)
  const collected = held.map((one) => one ?? fresh.shift())
  const reach = request.why ? { reach: await reachOf(collections, earlier) } : {}
  return { collected: collected.filter((one) => one !== undefined), ...reach }
}

function commitOf({ source, signal, commit, output }: ChangesRequest): Promise<string | undefined> {
  if (commit !== undefined) return Promise.resolve(commit)
  const inside = output === undefined ? '' : relative(source, resolve(output))
  const without = inside === '' || inside.startsWith('..') ? undefined : inside
  return exactCommit(source, scrubbedEnvironment(process.env), signal, without)
}
