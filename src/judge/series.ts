import type { LineCommit } from '../abi/cause.ts'
import { breakKey, type Break, type Seen } from './break.ts'

/** What each commit of a series, such as those of a pull request, did to what is promised. */
export interface Series {
  readonly base: LineCommit
  /** Why the base could not be looked at; absent: it was. */
  readonly baseSkipped?: string
  /** What was broken already. */
  readonly before: readonly Break[]
  /** Parents before their children. */
  readonly commits: readonly SeriesCommit[]
}

/** One commit, and what it did. */
export interface SeriesCommit {
  readonly commit: LineCommit
  /** Why it could not be looked at; absent: it was. */
  readonly skipped?: string
  /**
   * Commits before it that could not be looked at: what is said of this one may have been done by one of them, the base among
   * them.
   */
  readonly doubtful: readonly LineCommit[]
  readonly introduced: readonly Break[]
  /** Definitions that were changed already and that it changed once more. */
  readonly changed: readonly Break[]
  /** As they were before it. */
  readonly repaired: readonly Break[]
}

/** A commit that was looked at, or not. */
export interface LookedAt {
  readonly commit: LineCommit
  /** Whole names. */
  readonly parents: readonly string[]
  readonly seen: Seen
}

type Breaks = ReadonlyMap<string, Break>

/** How things are at a commit. */
interface State {
  readonly broken: Breaks
  /** Whatever was broken here or in a commit before it. */
  readonly ever: ReadonlySet<string>
  /** Commits up to here, without one that was looked at between. */
  readonly doubtful: readonly LineCommit[]
}

/**
 * Says what each commit did that its parents had not done. A merge made only what neither side had, and repaired only what no side had
 * repaired. Where a commit does not tell, because every symbol that could is gone, things are as before it. What is merged from
 * outside of the series counts as the base.
 * @param commits parents before their children
 */
export function seriesOf(base: LookedAt, commits: readonly LookedAt[]): Series {
  const start = stateAfter(base, [])
  const states = new Map<string, State>()
  const found = commits.map((one): SeriesCommit => {
    const parents = one.parents.map((hash) => states.get(hash) ?? start)
    const state = stateAfter(one, parents)
    states.set(one.commit.hash, state)
    return { commit: one.commit, ...deeds(one.seen, state, parents) }
  })
  return {
    base: base.commit,
    ...(base.seen.kind === 'skipped' ? { baseSkipped: base.seen.why } : {}),
    before: [...start.broken.values()],
    commits: found,
  }
}

function stateAfter({ commit, seen }: LookedAt, parents: readonly State[]): State {
  const before: Breaks = new Map(parents.flatMap(({ broken }) => [...broken]))
  const ever = parents.flatMap((one) => [...one.ever])
  if (seen.kind === 'skipped') {
    const doubtful = [...new Set([...parents.flatMap((one) => one.doubtful), commit])]
    return { broken: before, ever: new Set(ever), doubtful }
  }
  const silent = new Set(seen.silent)
  const hidden = [...before].filter(([, { symbols }]) => symbols.every((symbol) => silent.has(symbol)))
  const own = seen.breaks.map((one) => [breakKey(one), one] as const)
  const broken: Breaks = new Map([...hidden, ...own])
  return { broken, ever: new Set([...ever, ...broken.keys()]), doubtful: [] }
}

function deeds(seen: Seen, { broken }: State, parents: readonly State[]): Omit<SeriesCommit, 'commit'> {
  if (seen.kind === 'skipped')
    return { skipped: seen.why, doubtful: [], introduced: [], changed: [], repaired: [] }
  const introduced: Break[] = []
  const changed: Break[] = []
  for (const [key, one] of broken) {
    const known = parents.flatMap((parent) => parent.broken.get(key) ?? [])
    const [only] = known
    if (!only) introduced.push(one)
    else if (known.length === 1 && formOf(only) !== formOf(one)) changed.push(one)
  }
  const repaired = new Map<string, Break>()
  for (const [key, one] of parents.flatMap((parent) => [...parent.broken])) {
    const elsewhere = parents.some((parent) => parent.ever.has(key) && !parent.broken.has(key))
    if (!broken.has(key) && !elsewhere) repaired.set(key, one)
  }
  const doubtful = [...new Set(parents.flatMap((one) => one.doubtful))]
  return { doubtful, introduced, changed, repaired: [...repaired.values()] }
}

function formOf(one: Break): string {
  return one.kind === 'type' ? one.after : ''
}
