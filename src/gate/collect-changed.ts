import { relative, resolve } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import { exactCommit } from '../git/tree-identity.ts'
import type { Reach } from '../judge/verdict.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll, type Collection } from '../kernel/collect-all.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { earlierEvidence, keepEvidence, narrowed, type CarryRequest, type Earlier } from './carry-over.ts'
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
  const left = collections.flatMap((one, at) =>
    held[at] ? [] : [withKnown(one, earlier.get(one.variant.name), before, request)],
  )
  for (const { variant } of collections.filter((_, at) => held[at]))
    request.onProgress({ variant: variant.name, phase: 'finished', done: 1, total: 1 })
  const fresh = left.length > 0 ? await collectVariants(left, request) : []
  if (
    about &&
    fresh.some((one) => one.kind === 'evidence' && one.basis) &&
    (await commitOf(request)) === before
  )
    await keepEvidence(about, left, fresh)
  const byVariant = new Map(fresh.map((one) => [one.variant, one]))
  const collected = collections.map(({ variant, wanted }, at) => {
    const one = held[at] ?? byVariant.get(variant.name)
    // Who asked for some symbols wants to hear of no others.
    return one?.kind === 'evidence' && request.bySymbols ? (narrowed(one, wanted) ?? one) : one
  })
  const reach = request.why ? { reach: await reachOf(collections, earlier) } : {}
  return { collected: collected.filter((one) => one !== undefined), ...reach }
}

/** Asks again for what is known of the commit, too, so that no later question has to be asked twice. */
function withKnown(
  collection: Collection,
  earlier: Earlier | undefined,
  commit: string | undefined,
  { bySymbols }: ChangesRequest,
): Collection {
  const { wanted } = collection
  const known = earlier?.from === commit ? earlier?.known : undefined
  if (!known || !bySymbols || wanted === 'all') return collection
  return {
    ...collection,
    wanted: new Set([...wanted, ...known.symvers.exports.map(({ symbol }) => symbol)]),
  }
}

function commitOf({ source, signal, commit, output }: ChangesRequest): Promise<string | undefined> {
  if (commit !== undefined) return Promise.resolve(commit)
  const without = output === undefined ? undefined : insideOf(source, output)
  return exactCommit(source, scrubbedEnvironment(process.env), signal, without)
}

/** The path of a folder below another; undefined when it lies elsewhere. */
export function insideOf(tree: string, folder: string): string | undefined {
  const path = relative(tree, resolve(folder))
  return path === '' || path.startsWith('..') ? undefined : path
}
