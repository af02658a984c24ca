import { basename } from 'node:path'
import { compareWhitelists, type RowColumn, type VariantDifference } from '../abi/compare-whitelists.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { findWhitelists, type FoundWhitelists } from '../baseline/find-whitelists.ts'
import { readJoined } from '../baseline/read-whitelist.ts'

interface DiffRequest {
  /** A whitelist or a Module.symvers, or a folder of whitelists in any layout. */
  readonly before: string
  readonly after: string
  /** What to compare beside the names. */
  readonly columns: readonly RowColumn[]
}

/**
 * Compares two whitelists of any dialect, or those of every variant in two folders, sorted by variant. Names are joined
 * with the checksums that stand beside them.
 *
 * Problems, with an empty value: those of finding and reading; `usage` for a folder and a single list.
 */
export async function diffWhitelists(request: DiffRequest): Promise<Read<readonly VariantDifference[]>> {
  const [before, after] = await Promise.all([findWhitelists(request.before), findWhitelists(request.after)])
  if (!before.value || !after.value) return { value: [], problems: [...before.problems, ...after.problems] }
  if (before.value.kind !== after.value.kind) return { value: [], problems: [unlike(request)] }
  const differences: VariantDifference[] = []
  const problems: Problem[] = []
  for (const { variant, sources } of pairs(before.value, after.value)) {
    const old = sources.before && (await readJoined(sources.before))
    const now = sources.after && (await readJoined(sources.after))
    const read = [...(old?.problems ?? []), ...(now?.problems ?? [])]
    problems.push(...read.map((problem) => ({ ...problem, variant })))
    const difference = compareWhitelists(old?.value ?? nothing, now?.value ?? nothing, request.columns)
    differences.push({ variant, before: old?.value, after: now?.value, difference })
  }
  return { value: problems.some(isError) ? [] : differences, problems }
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
