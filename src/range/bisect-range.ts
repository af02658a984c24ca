import { join } from 'node:path'
import type { LineCommit } from '../abi/cause.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { sourceOf, type Guarded } from '../baseline/read-guard.ts'
import { readRows } from '../baseline/read-whitelist.ts'
import { planDigest } from '../config/plan-digest.ts'
import type { Plan, VariantPlan } from '../config/plan.ts'
import type { Sought } from '../gate/bisect.ts'
import { collectChanged } from '../gate/collect-changed.ts'
import { judgeCollected } from '../gate/judge-collected.ts'
import { plan as planOf } from '../gate/prepare.ts'
import type { CheckRequest } from '../gate/request.ts'
import { symbolsOf } from '../gate/wanted.ts'
import { describeCommits } from '../git/commits-of-lines.ts'
import { readPatch } from '../git/read-patch.ts'
import { resolveCommit } from '../git/resolve-commit.ts'
import { runGit, type GitSession } from '../git/run-git.ts'
import { withCheckout, type Checkout } from '../git/with-checkout.ts'
import { bisectStep } from '../judge/bisect-step.ts'
import type { Verdict } from '../judge/verdict.ts'
import { collectAll, type Collection } from '../kernel/collect-all.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { variantAt } from '../config/variant-at.ts'
import { breakKey, breaksOf, isSameBreak, silentSymbols, type Break } from '../judge/break.ts'
import { openMemory, type Answer } from './bisection-memory.ts'
import { tellingSymbols } from './fewest-objects.ts'
import { promisedAt, unbuildable } from './promised-at.ts'
import { searchAll, type Question } from './search-all.ts'

/** Between which commits to look for what. */
interface BisectRangeRequest extends Omit<CheckRequest, 'patch' | 'baselineRef' | 'allExports' | 'symbols'> {
  readonly good: string
  /** A commit that comes after the good one. */
  readonly bad: string
  readonly sought: Sought
  /** Look only at the commits that a branch itself made: a merge stands for what it brings. */
  readonly firstParent: boolean
}

/** A break of the bad commit, and the commit that made it. */
export interface FoundBreak {
  /** As it is in the commit that made it, where that is known; otherwise as in the bad one. */
  readonly broken: Break
  /** One; several where those before it cannot be looked at: it is one of these. */
  readonly commits: readonly LineCommit[]
}

/** How a bisection ended. */
export interface BisectedRange {
  readonly breaks: readonly FoundBreak[]
  /** Commits that were looked at for it, now or by a run that was interrupted; without the good one. */
  readonly looked: number
  readonly skipped: readonly { readonly commit: string; readonly why: string }[]
}

/**
 * Finds the commits that broke the kernel ABI between two commits, several breaks in one walk: what was seen of a commit counts for each of
 * them. What the good commit exports counts as promised, of a variant with a whitelist only the symbols on it. Commits are chosen as `git bisect` does, merges too, in a
 * checkout of its own. What was seen is kept in the work folder, so that the same question goes on where it was interrupted.
 *
 * Problems, without a value: those of the plan, of either end's kernel, `usage` for commits that do not follow each other, and whatever
 * keeps every commit from being looked at. Commits that cannot be configured or compiled are skipped.
 */
export async function bisectRange(
  request: BisectRangeRequest,
  collectVariants = collectAll,
): Promise<Read<BisectedRange | undefined>> {
  const planned = await planOf(request)
  if (!planned.value) return { value: undefined, problems: planned.problems }
  const unready = planned.value.variants.flatMap((variant) => unbuildable(variant) ?? [])
  const git = { cwd: request.source, env: scrubbedEnvironment(process.env), signal: request.signal }
  const ends = await bothEnds(git, request)
  const problems = [...unready, ...ends.problems]
  if (!ends.value || problems.length > 0) return { value: undefined, problems }
  const { good, bad } = ends.value
  const plan = planned.value
  const { value, problems: faults } = await withCheckout({ ...request, ref: good }, (checkout) =>
    walk({ ...request, good, bad, plan, checkout, git, collectVariants, named: request.good }),
  )
  return value ?? { value: undefined, problems: faults }
}

interface Ends {
  readonly good: string
  readonly bad: string
}

async function bothEnds(git: GitSession, { good, bad }: Ends): Promise<Read<Ends | undefined>> {
  const names = [await resolveCommit(git, good), await resolveCommit(git, bad)] as const
  const [from, to] = names
  if (typeof from !== 'string' || typeof to !== 'string')
    return { value: undefined, problems: names.filter((one) => typeof one !== 'string') }
  const behind = await runGit(git, ['rev-list', '--max-count=1', `${to}..${from}`])
  if (behind.problems.length > 0) return { value: undefined, problems: behind.problems }
  if (behind.value.length === 0 && from !== to) return { value: { good: from, bad: to }, problems: [] }
  const message = `${quote(bad)} does not come after ${quote(good)}.`
  const advice =
    'Give the good commit first, then one that has it in its history; git merge-base names the last that both have.'
  return { value: undefined, problems: [{ kind: 'usage', message, advice }] }
}

interface Walk extends BisectRangeRequest {
  /** The good commit as somebody named it. */
  readonly named: string
  readonly plan: Plan
  readonly checkout: Checkout
  readonly git: GitSession
  readonly collectVariants: typeof collectAll
}

async function walk(about: Walk): Promise<Read<BisectedRange | undefined>> {
  const { checkout, bad, plan, git } = about
  const promised = await promisedByGood(about)
  if (!promised.value) return { value: undefined, problems: promised.problems }
  const { guarded, made } = promised.value
  const unknown = unknownSymbol(about, guarded) ?? (await checkout.moveTo(bad))
  if (unknown) return { value: undefined, problems: [unknown] }
  const verdict = await judgeHere(about, guarded)
  const errors = verdict.problems.filter(isError)
  if (errors.length > 0) return { value: undefined, problems: errors }
  const wanted = breaksOf(verdict).filter((one) => isSought(one, about.sought))
  const key = JSON.stringify([
    ...[about.tool.version, checkout.commit, bad, wanted.map(breakKey).sort(), made],
    plan.variants.map((variant) => planDigest(variant, plan.folder)),
  ])
  const memory = await openMemory(join(checkout.workDir, 'bisection'), key)
  for (const broken of wanted) memory.keep(bad, broken, { kind: 'broken', as: broken })
  const found = await searchAll(wanted, about, memory, (asked) =>
    answersHere(about, guarded, { asked, wanted }),
  )
  if (!found.value) return { value: undefined, problems: found.problems }
  const known = await describeCommits(git, new Set(found.value.flatMap(({ commits }) => commits)))
  const breaks = found.value.map(({ broken, commits }): FoundBreak => {
    const [first = '', ...others] = commits
    const there = others.length === 0 ? memory.of(first, broken) : undefined
    // A commit between was asked by a few of the symbols that it breaks.
    const as = there?.kind === 'broken' ? { ...there.as, symbols: broken.symbols } : broken
    return { broken: as, commits: commits.map((hash) => known.get(hash) ?? { hash, subject: '', date: '' }) }
  })
  return { value: { breaks, ...memory.summary() }, problems: [] }
}

/** The symbols that matter of a variant: that which was asked for, those of its whitelist where it has one, or every export. */
async function namesFor({ guard, name }: VariantPlan, sought: Sought): Promise<Read<Whitelist | undefined>> {
  if (sought.kind === 'symbol') {
    const unknown = { crc: undefined, module: undefined, type: undefined, namespace: undefined }
    const row = { symbol: sought.symbol, ...unknown, section: '', file: '--symbol', line: 1 }
    return { value: { file: '--symbol', dialect: 'names', rows: [row] }, problems: [] }
  }
  if (guard.kind === 'none') return { value: undefined, problems: [] }
  const source = await sourceOf(guard.whitelist)
  const read = source.value ? await readRows(source.value.path) : undefined
  const errors = [...source.problems, ...(read?.problems ?? [])].filter(
    (one) => isError(one) && one.kind !== 'no-whitelist',
  )
  return { value: read?.value, problems: errors.map((one) => ({ variant: name, ...one })) }
}

/** What the good commit exports, and by what: the compiler and the configuration of each variant. */
interface Good {
  readonly guarded: readonly Guarded[]
  readonly made: readonly (readonly (string | undefined)[])[]
}

async function promisedByGood(about: Walk): Promise<Read<Good | undefined>> {
  const { plan, checkout, collectVariants, source, named, sought } = about
  const { tree, workDir } = checkout
  const lists = await Promise.all(plan.variants.map((variant) => namesFor(variant, sought)))
  const faults = lists.flatMap((one) => one.problems)
  if (faults.length > 0) return { value: undefined, problems: faults }
  const collections = plan.variants.map((variant, at): Collection => {
    const names = lists[at]?.value
    return { variant: variantAt(variant, source, tree), wanted: names ? symbolsOf(names) : 'all' }
  })
  const { collected } = await collectChanged(collections, placeOf(about), collectVariants)
  const all = await Promise.all(
    collected.map((one, at) =>
      promisedAt(one, plan.variants[at], lists[at]?.value, { from: named, workDir }),
    ),
  )
  const problems = all.flatMap((one) => one.problems)
  if (problems.some(isError)) return { value: undefined, problems }
  const made = collected.flatMap((one) =>
    one.kind === 'evidence' ? [[one.how.compiler, one.how.configDigest]] : [],
  )
  return { value: { guarded: all.flatMap(({ value }) => value ?? []), made }, problems: [] }
}

/** Where a commit is looked at, and which it is. */
function placeOf(about: Walk) {
  const { plan, checkout } = about
  const { tree, workDir, here } = checkout
  const digestOf = (variant: VariantPlan): string => planDigest(variant, plan.folder)
  return { ...about, source: tree, workDir, commit: here(), digestOf }
}

/** Holds what is checked out against what is promised. */
async function judgeHere(about: Walk, guarded: readonly Guarded[]): Promise<Verdict> {
  const { plan, checkout, collectVariants, source, signal } = about
  const { tree, commit } = checkout
  const collections = guarded.map(({ variant, whitelist }) => ({
    variant: variantAt(variant, source, tree),
    wanted: whitelist ? symbolsOf(whitelist) : new Set<string>(),
  }))
  const { collected } = await collectChanged(
    collections,
    { ...placeOf(about), bySymbols: true },
    collectVariants,
  )
  const patch = await readPatch(tree, { ref: commit }, { env: scrubbedEnvironment(process.env), signal })
  return judgeCollected(
    {
      plan: { ...plan, waivers: [] },
      guarded,
      patch: patch.value,
      problems: patch.problems,
      gates: undefined,
    },
    new Map(collected.map((one) => [one.variant, one])),
    { ...about, source: tree, kernelOnly: true },
  )
}

function isSought(broken: Break, sought: Sought): boolean {
  switch (sought.kind) {
    case 'any':
      return true
    case 'symbol':
      return broken.symbols.includes(sought.symbol)
    case 'type':
      return broken.kind === 'type' && sought.names.includes(broken.name)
  }
}

function unknownSymbol({ sought, named }: Walk, promised: readonly Guarded[]): Problem | undefined {
  if (sought.kind !== 'symbol') return undefined
  const { symbol } = sought
  if (promised.some(({ whitelist }) => whitelist?.rows.some((row) => row.symbol === symbol))) return undefined
  return {
    kind: 'usage',
    message: `${quote(symbol)} is not exported at ${quote(named)}.`,
    advice: 'Name a symbol that the good commit exports.',
  }
}

/**
 * Whether breaks are there in what is checked out: asked by few symbols at first, and by all where these do not tell. What the same
 * symbols tell of other breaks is told, too. A problem keeps every commit from being looked at.
 */
async function answersHere(
  about: Walk,
  guarded: readonly Guarded[],
  { asked, wanted }: Question,
): Promise<Read<ReadonlyMap<Break, Answer> | undefined>> {
  const narrowed = guarded.map((one) => narrowTo(one, tellingSymbols(asked, one.objects ?? new Map())))
  const few = await ask(about, narrowed, { asked, wanted })
  const unsure = asked.filter((one) => few.value?.get(one)?.kind === 'silent')
  if (!few.value || unsure.length === 0) return few
  const symbols = unsure.flatMap((one) => one.symbols)
  const others = guarded.map((one, at) => {
    const known = new Set(narrowed[at]?.whitelist?.rows.map(({ symbol }) => symbol))
    return narrowTo(one, new Set(symbols.filter((symbol) => !known.has(symbol))))
  })
  const more = await ask(about, others, { asked: unsure, wanted: unsure })
  return more.value ? { value: new Map([...few.value, ...more.value]), problems: [] } : more
}

async function ask(
  about: Walk,
  guarded: readonly Guarded[],
  { asked, wanted }: Question,
): Promise<Read<ReadonlyMap<Break, Answer> | undefined>> {
  const some = guarded.filter(({ whitelist }) => whitelist && whitelist.rows.length > 0)
  if (some.length === 0) return { value: new Map(), problems: [] }
  const verdict = await judgeHere(about, some)
  const step = bisectStep(verdict, { kind: 'any' })
  if (step.kind === 'stopped') return { value: undefined, problems: [step.problem] }
  const seen = breaksOf(verdict)
  const telling = new Set(some.flatMap(({ whitelist }) => (whitelist ? [...symbolsOf(whitelist)] : [])))
  for (const symbol of silentSymbols(verdict)) telling.delete(symbol)
  const answers = wanted.flatMap((broken): readonly (readonly [Break, Answer])[] => {
    if (step.kind === 'skipped')
      return asked.includes(broken) ? [[broken, { kind: 'skipped', why: step.problem.message }]] : []
    const as = seen.find((one) => isSameBreak(one, broken))
    if (as) return [[broken, { kind: 'broken', as }]]
    if (broken.symbols.some((symbol) => telling.has(symbol))) return [[broken, { kind: 'intact' }]]
    return asked.includes(broken) ? [[broken, { kind: 'silent' }]] : []
  })
  return { value: new Map(answers), problems: [] }
}

function narrowTo(guarded: Guarded, symbols: ReadonlySet<string>): Guarded {
  const { whitelist } = guarded
  if (!whitelist) return guarded
  return {
    ...guarded,
    whitelist: { ...whitelist, rows: whitelist.rows.filter(({ symbol }) => symbols.has(symbol)) },
  }
}
