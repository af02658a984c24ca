import { join } from 'node:path'
import type { LineCommit } from '../abi/cause.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { sourceOf, type Guarded } from '../baseline/read-guard.ts'
import { readRows } from '../baseline/read-whitelist.ts'
import { planDigest } from '../config/plan-digest.ts'
import type { Plan, VariantPlan } from '../config/plan.ts'
import type { Sought } from '../gate/bisect.ts'
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
import { collectAll } from '../kernel/collect-all.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { variantAt } from '../whitelists/released-kernel.ts'
import { breaksOf, isSameBreak, silentSymbols, type Break, type Seen } from '../judge/break.ts'
import { firstBad } from './first-bad.ts'
import { openMemory, type Memory } from './bisection-memory.ts'
import { promisedAt, unbuildable } from './promised-at.ts'

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
  const symbols = new Set(wanted.flatMap((one) => one.symbols))
  const narrowed = guarded.map((one) => narrowTo(one, symbols))
  const key = JSON.stringify([
    ...[about.tool.version, checkout.commit, bad, [...symbols].sort(), made],
    plan.variants.map((variant) => planDigest(variant, plan.folder)),
  ])
  const memory = await openMemory(join(checkout.workDir, 'bisection'), key)
  memory.keep(bad, { kind: 'seen', breaks: wanted, silent: silentSymbols(verdict) })
  const breaks: FoundBreak[] = []
  for (const broken of wanted) {
    const found = await firstBad(broken, about, (commit) => look(commit, about, narrowed, memory))
    if ('problem' in found) return { value: undefined, problems: [found.problem] }
    const known = await describeCommits(git, new Set(found.commits))
    const [first = ''] = found.commits
    const there = found.commits.length === 1 ? memory.of(first) : undefined
    const same = there?.kind === 'seen' ? there.breaks.find((one) => isSameBreak(one, broken)) : undefined
    breaks.push({
      broken: same ?? broken,
      commits: found.commits.map((hash) => known.get(hash) ?? { hash, subject: '', date: '' }),
    })
  }
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
  const collected = await collectVariants(
    plan.variants.map((variant, at) => {
      const names = lists[at]?.value
      return { variant: variantAt(variant, source, tree), wanted: names ? symbolsOf(names) : 'all' }
    }),
    { ...about, source: tree, workDir },
  )
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

/** Holds what is checked out against what is promised. */
async function judgeHere(about: Walk, guarded: readonly Guarded[]): Promise<Verdict> {
  const { plan, checkout, collectVariants, source, signal } = about
  const { tree, workDir, commit } = checkout
  const collected = await collectVariants(
    guarded.map(({ variant, whitelist }) => ({
      variant: variantAt(variant, source, tree),
      wanted: new Set((whitelist?.rows ?? []).map(({ symbol }) => symbol)),
    })),
    { ...about, source: tree, workDir },
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

function narrowTo(guarded: Guarded, symbols: ReadonlySet<string>): Guarded {
  const { whitelist } = guarded
  if (!whitelist) return guarded
  return {
    ...guarded,
    whitelist: { ...whitelist, rows: whitelist.rows.filter(({ symbol }) => symbols.has(symbol)) },
  }
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

async function look(
  commit: string,
  about: Walk,
  guarded: readonly Guarded[],
  memory: Memory,
): Promise<Seen | { readonly problem: Problem }> {
  const known = memory.of(commit)
  if (known) return known
  const stuck = await about.checkout.moveTo(commit)
  if (stuck) return { problem: stuck }
  const verdict = await judgeHere(about, guarded)
  const step = bisectStep(verdict, { kind: 'any' })
  if (step.kind === 'stopped') return { problem: step.problem }
  const seen: Seen =
    step.kind === 'skipped'
      ? { kind: 'skipped', why: step.problem.message }
      : { kind: 'seen', breaks: breaksOf(verdict), silent: silentSymbols(verdict) }
  memory.keep(commit, seen)
  const unsaved = await memory.save()
  return unsaved ? { problem: unsaved } : seen
}
