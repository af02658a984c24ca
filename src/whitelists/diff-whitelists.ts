import { basename } from 'node:path'
import {
  compareWhitelists,
  type RowColumn,
  type VariantDifference,
  type WhitelistsDifference,
} from '../abi/compare-whitelists.ts'
import type { GrantedRequest } from '../abi/baseline.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { findWhitelists, type FoundWhitelists } from '../baseline/find-whitelists.ts'
import { readBaselineOf } from '../baseline/read-baseline.ts'
import { readJoined } from '../baseline/read-whitelist.ts'
import type { VariantExplanation } from '../abi/explain/explainer.ts'
import { mergeExplanations } from '../abi/explain/merge-explanations.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { explainStoredLists } from './explain-stored-lists.ts'
import { openLists } from './open-lists.ts'

interface DiffRequest {
  /** A whitelist or a Module.symvers, or a folder of whitelists in any layout; of a commit as `REF:PATH`. */
  readonly before: string
  readonly after: string
  /** What to compare beside the names. */
  readonly columns: readonly RowColumn[]
  readonly cwd: string
  readonly signal: AbortSignal
}

/**
 * Compares two whitelists of any dialect, or those of every variant in two folders, sorted by variant. Names are joined
 * with the checksums that stand beside them. Where types stand beside both lists, changed checksums are explained.
 *
 * Problems, with no differences: those of opening, finding and reading; `usage` for a folder and a single list. Notes: `not-explained`.
 */
export async function diffWhitelists(request: DiffRequest): Promise<Read<WhitelistsDifference>> {
  const { cwd, signal } = request
  const git = { cwd, env: scrubbedEnvironment(process.env), signal }
  const sides = [await openLists(request.before, git), await openLists(request.after, git)] as const
  const [before, after] = sides.map(({ value }) => value)
  const named = <T>(value: T): T => {
    const ofBefore = before ? before.named(value) : value
    return after ? after.named(ofBefore) : ofBefore
  }
  try {
    if (before && after) return named(await diffOpened(before.path, after.path, request))
    return { value: none, problems: sides.flatMap(({ problems }) => problems) }
  } finally {
    await Promise.all([before?.close(), after?.close()])
  }
}

const none: WhitelistsDifference = { differences: [] }

async function diffOpened(
  old: string,
  now: string,
  request: DiffRequest,
): Promise<Read<WhitelistsDifference>> {
  const [before, after] = await Promise.all([findWhitelists(old), findWhitelists(now)])
  if (!before.value || !after.value)
    return { value: none, problems: [...before.problems, ...after.problems] }
  if (before.value.kind !== after.value.kind) return { value: none, problems: [unlike(request)] }
  const differences: VariantDifference[] = []
  const explanations = new Map<string, VariantExplanation>()
  const problems: Problem[] = []
  for (const { variant, sources } of pairs(before.value, after.value)) {
    const lists = {
      before: sources.before && (await readJoined(sources.before)),
      after: sources.after && (await readJoined(sources.after)),
    }
    const read = [...(lists.before?.problems ?? []), ...(lists.after?.problems ?? [])]
    // What is worth a note about a list is for `whitelist check` to tell.
    problems.push(...read.filter(isError).map((problem) => ({ variant, ...problem })))
    const [one, other] = [lists.before?.value, lists.after?.value]
    const difference = compareWhitelists(one ?? nothing, other ?? nothing, request.columns)
    const granted = await grantedBetween(sources)
    problems.push(...granted.problems.map((problem) => ({ variant, ...problem })))
    differences.push({ variant, before: one, after: other, difference, granted: granted.value })
    const changed = difference.changed.some(({ columns }) => columns.includes('crc'))
    if (!changed || !one || !other || !sources.before || !sources.after) continue
    const why = await explainStoredLists(
      variant,
      { whitelist: one, source: sources.before },
      { whitelist: other, source: sources.after },
    )
    problems.push(...why.problems)
    if (why.value) explanations.set(variant, why.value)
  }
  if (problems.some(isError)) return { value: none, problems }
  const explained = explanations.size === 0 ? undefined : mergeExplanations(explanations)
  return { value: { differences, explained }, problems }
}

/** The requests that the newer list's history has and the older one's has not. */
async function grantedBetween({ before, after }: Pair['sources']): Promise<Read<readonly GrantedRequest[]>> {
  const now = after && (await readBaselineOf(after))
  const old = before && now?.value?.baseline.history ? await readBaselineOf(before) : undefined
  const known = new Set(old?.value?.baseline.history?.map((one) => JSON.stringify(one)))
  return {
    value: now?.value?.baseline.history?.filter((one) => !known.has(JSON.stringify(one))) ?? [],
    problems: [...(now?.problems ?? []), ...(old?.problems ?? [])],
  }
}

const nothing: Whitelist = { file: '', dialect: 'names', rows: [] }

interface Pair {
  readonly variant: string
  readonly sources: {
    readonly before: WhitelistSource | undefined
    readonly after: WhitelistSource | undefined
  }
}

function pairs(before: FoundWhitelists, after: FoundWhitelists): readonly Pair[] {
  if (before.kind === 'one' && after.kind === 'one') {
    const variant = after.variant ?? before.variant ?? basename(after.source.path)
    return [{ variant, sources: { before: before.source, after: after.source } }]
  }
  const [old, now] = [sourcesOf(before), sourcesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((variant) => ({ variant, sources: { before: old.get(variant), after: now.get(variant) } }))
}

function sourcesOf(found: FoundWhitelists): ReadonlyMap<string, WhitelistSource> {
  return new Map(found.kind === 'folder' ? found.whitelists.map(({ variant, source }) => [variant, source]) : [])
}

function unlike({ before, after }: DiffRequest): Problem {
  return {
    kind: 'usage',
    message: `Of ${quote(before)} and ${quote(after)}, one is a single list and one is a folder of lists.`,
    advice: 'Name two lists or two folders.',
  }
}
