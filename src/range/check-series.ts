import type { LineCommit } from '../abi/cause.ts'
import type { Collected } from '../abi/evidence.ts'
import { openBase } from '../base/open-base.ts'
import { collectChanged } from '../gate/collect-changed.ts'
import { judgeCollected, withConfiguration } from '../gate/judge-collected.ts'
import { prepare, type Prepared } from '../gate/prepare.ts'
import type { CheckRequest } from '../gate/request.ts'
import { collectionOf } from '../gate/wanted.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { describeCommits } from '../git/commits-of-lines.ts'
import { readPatch } from '../git/read-patch.ts'
import { resolveCommit } from '../git/resolve-commit.ts'
import { runGit, type GitSession } from '../git/run-git.ts'
import { withCheckout, type Checkout } from '../git/with-checkout.ts'
import { bisectStep } from '../judge/bisect-step.ts'
import { breaksOf, silentSymbols, type Seen } from '../judge/break.ts'
import { errorVerdict } from '../judge/decide.ts'
import { withCommits } from '../judge/lines-of-patch.ts'
import { seriesOf, type LookedAt, type Series } from '../judge/series.ts'
import type { Verdict } from '../judge/verdict.ts'
import { collectAll } from '../kernel/collect-all.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { variantAt } from '../config/variant-at.ts'
import { unbuildable } from './promised-at.ts'

/** A series of commits that is checked one by one. */
interface SeriesRequest extends Omit<CheckRequest, 'patch' | 'symbols'> {
  /** The series is what `to` has and this has not; it begins where both part. */
  readonly from: string
  readonly to: string
}

/**
 * Checks the last commit of a series, as `check` does, and each commit before it, to say what each did. All are looked at in one
 * checkout of its own, so that what is the same in two of them is looked at once; the work tree is not touched. Configuration and
 * whitelists are the same for all of them: those of the work tree, or of `baselineRef`.
 *
 * A commit that cannot be configured or compiled is said in the verdict's `series`; whatever else keeps one from being looked at is
 * an error. So are: commits that have no common ancestor, a range without commits, a variant of strategy `prebuilt`.
 */
export async function checkSeries(request: SeriesRequest, collectVariants = collectAll): Promise<Verdict> {
  const { value: base, problems } = await openBase(request)
  if (!base) return errorVerdict(request.tool, problems, request.override)
  try {
    const verdict = await checkOpened(request, base.commit, collectVariants)
    return base.named(withConfiguration(verdict, base.commit, request.origin))
  } finally {
    await base.close()
  }
}

async function checkOpened(
  request: SeriesRequest,
  base: BaseCommit | undefined,
  collectVariants: typeof collectAll,
): Promise<Verdict> {
  const refused = (problems: readonly Problem[]) => errorVerdict(request.tool, problems, request.override)
  const git = { cwd: request.source, env: scrubbedEnvironment(process.env), signal: request.signal }
  const { value: range, problems: unclear } = await rangeOf(git, request)
  if (!range) return refused(unclear)
  const { value: prepared, problems } = await prepare(request, base)
  if (!prepared) return refused(problems)
  const unready = prepared.plan.variants.flatMap((variant) => unbuildable(variant) ?? [])
  if (unready.length > 0) return refused([...problems, ...unready])
  const { value, problems: faults } = await withCheckout({ ...request, ref: range.base }, (checkout) =>
    walk({ ...request, ...range, git, prepared, checkout, collectVariants, notes: problems }),
  )
  return value ?? refused([...problems, ...faults])
}

interface Range {
  /** Where the series begins; whole names of commits. */
  readonly base: string
  readonly commits: readonly { readonly hash: string; readonly parents: readonly string[] }[]
}

async function rangeOf(git: GitSession, { from, to }: SeriesRequest): Promise<Read<Range | undefined>> {
  const first = await resolveCommit(git, from)
  const last = await resolveCommit(git, to)
  if (typeof first !== 'string') return { value: undefined, problems: [first] }
  if (typeof last !== 'string') return { value: undefined, problems: [last] }
  const shared = await runGit(git, ['merge-base', '--all', first, last])
  const listed = await runGit(git, [
    'rev-list',
    '--reverse',
    '--topo-order',
    '--parents',
    `${first}..${last}`,
  ])
  const [base, ...others] = shared.value
  if (base === undefined || others.length > 0)
    return { value: undefined, problems: [noBase(from, to, others)] }
  if (listed.problems.length > 0) return { value: undefined, problems: listed.problems }
  const commits = listed.value.map((line) => {
    const [hash = '', ...parents] = line.split(' ')
    return { hash, parents }
  })
  if (commits.length === 0) return { value: undefined, problems: [noCommits(from, to)] }
  return { value: { base, commits }, problems: [] }
}

function noBase(from: string, to: string, others: readonly string[]): Problem {
  const why = others.length > 0 ? 'part in several places, so' : 'have no common ancestor:'
  return {
    kind: 'usage',
    message: `${quote(from)} and ${quote(to)} ${why} nobody can say where the series begins.`,
    advice:
      'Name the commit before the first one of the series. A shallow checkout may lack it: git fetch --unshallow.',
  }
}

function noCommits(from: string, to: string): Problem {
  return {
    kind: 'usage',
    message: `${quote(to)} has no commit that ${quote(from)} has not.`,
    advice: 'Give the older commit first: --per-commit origin/main..HEAD.',
  }
}

interface Walk extends SeriesRequest, Range {
  readonly git: GitSession
  readonly prepared: Prepared
  readonly checkout: Checkout
  readonly collectVariants: typeof collectAll
  /** What is known before anything is looked at. */
  readonly notes: readonly Problem[]
}

async function walk(about: Walk): Promise<Verdict> {
  const { base, commits, git, checkout, tool, override, notes } = about
  const refused = (problem: Problem) => errorVerdict(tool, [...notes, problem], override)
  const known = await describeCommits(git, new Set([base, ...commits.map(({ hash }) => hash)]))
  const looked = new Map<string, LookedAt>()
  let last: ReadonlyMap<string, Collected> = new Map()
  for (const { hash, parents } of [{ hash: base, parents: [] }, ...commits]) {
    const stuck = await checkout.moveTo(hash)
    if (stuck) return refused(stuck)
    last = await collectHere(about, hash)
    const step = { ...about, override: undefined, kernelOnly: true }
    const seen = seenIn(await judgeHere(step, last, lastSeen(parents, looked) ?? base, []))
    if ('problem' in seen) return refused(at(hash, seen.problem))
    looked.set(hash, { commit: known.get(hash) ?? { hash, subject: '', date: '' }, parents, seen })
  }
  const [start, ...rest] = looked.values()
  if (!start) throw new Error('the base was not looked at')
  const series = seriesOf(start, rest)
  return { ...naming(await judgeHere(about, last, base, notes), series), series }
}

function at(hash: string, problem: Problem): Problem {
  return { ...problem, message: `${hash.slice(0, 12)}: ${problem.message}` }
}

/** The nearest commit on the line of first parents that was looked at. */
function lastSeen([parent]: readonly string[], looked: ReadonlyMap<string, LookedAt>): string | undefined {
  const there = parent === undefined ? undefined : looked.get(parent)
  return there?.seen.kind === 'skipped' ? lastSeen(there.parents, looked) : parent
}

function seenIn(verdict: Verdict): Seen | { readonly problem: Problem } {
  const step = bisectStep(verdict, { kind: 'any' })
  if (step.kind === 'stopped') return { problem: step.problem }
  if (step.kind === 'skipped') return { kind: 'skipped', why: step.problem.message }
  return { kind: 'seen', breaks: breaksOf(verdict), silent: silentSymbols(verdict) }
}

async function collectHere(about: Walk, commit: string): Promise<ReadonlyMap<string, Collected>> {
  const { prepared, checkout, collectVariants, source, allExports } = about
  const { tree, workDir } = checkout
  const collections = prepared.guarded.flatMap((guarded) => {
    const variant = variantAt(guarded.variant, source, tree)
    return variant.guard.kind === 'none' ? [] : [collectionOf(prepared, { ...guarded, variant }, allExports)]
  })
  const { digestOf } = prepared
  const there = { ...about, source: tree, workDir, commit, digestOf }
  const { collected } = await collectChanged(await Promise.all(collections), there, collectVariants)
  return new Map(
    collected.map((one) => [one.variant, one.kind === 'evidence' ? { ...one, tree: { commit } } : one]),
  )
}

/**
 * Holds what is checked out against what is promised.
 * @param since the commit at which the patch starts, its whole name
 */
async function judgeHere(
  about: Walk,
  collected: ReadonlyMap<string, Collected>,
  since: string,
  notes: readonly Problem[],
): Promise<Verdict> {
  const { prepared, signal } = about
  const { tree } = about.checkout
  const env = scrubbedEnvironment(process.env)
  const patch = await readPatch(tree, { ref: since, commit: since }, { env, signal })
  const problems = [...notes, ...patch.problems]
  return judgeCollected({ ...prepared, patch: patch.value, problems }, collected, { ...about, source: tree })
}

/** Names the commit of a definition's lines where git is not sure of one, and one commit alone changed it. */
function naming(verdict: Verdict, { commits }: Series): Verdict {
  const makers = new Map<string, LineCommit[]>()
  for (const { commit, doubtful, introduced, changed } of commits)
    for (const one of [...introduced, ...changed])
      makers.set(one.name, [...(makers.get(one.name) ?? []), commit, ...doubtful])
  const causes = verdict.explanation?.causes ?? []
  const named = causes.flatMap(({ name, patch = [] }) => {
    const [maker, ...others] = makers.get(name) ?? []
    if (!maker || others.length > 0) return []
    return patch.flatMap((line) => (line.commit ? [] : [[line, maker] as const]))
  })
  return withCommits(verdict, new Map(named))
}
