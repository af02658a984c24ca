import type { HiddenChange } from '../abi/cause.ts'
import type { Comparison } from '../abi/compare.ts'
import type { Evidence } from '../abi/evidence.ts'
import { objectsBySymbol } from '../abi/objects-by-symbol.ts'
import type { Explained } from '../abi/explain/merge-explanations.ts'
import { isError, type Problem } from '../problem/problem.ts'
import type { Export } from '../abi/export.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'
import { applyLayoutWaivers, applyWaivers, waiverNotes } from './apply-waivers.ts'
import { comparabilityProblems } from './comparability.ts'
import { compilerDoubts } from './compiler-doubts.ts'
import { collectionProblems, columnsNotCompared, uncomparable } from './evidence-problems.ts'
import { driverProblems, judgeDrivers, type DriverCase } from './drivers.ts'
import type { GateEdit } from './gate-edit.ts'
import {
  byWeight,
  countsByVariant,
  fails,
  type Finding,
  type LayoutFinding,
  type SymbolFinding,
} from './finding.ts'
import type { Policy } from './policy.ts'
import { reasonsFor } from './reasons.ts'
import { rulesWithoutRow } from './rules.ts'
import type { Excuse, Override, Result, VariantSummary, Verdict } from './verdict.ts'
import type { StableGuard, VariantCase } from './variant-case.ts'
import type { Waivers } from './waiver.ts'
import { withOrigins, type BaseCase } from './origin.ts'
import { hiddenFindings, layoutFindings, layoutProblems } from './layout-findings.ts'
import { findingMaker, editFindings, type MakeFindings } from './make-findings.ts'

export interface Case {
  readonly tool: Verdict['tool']
  readonly policy: Policy
  readonly variants: readonly VariantCase[]
  readonly override: Override | undefined
  /** Problems of the run as a whole. */
  readonly problems: readonly Problem[]
  /** Why checksums changed, as far as somebody looked. */
  readonly explained?: Explained | undefined
  /** What the patch hides from the checksums, where a patch is known. */
  readonly hidden?: readonly HiddenChange[]
  /** What the patch changes in the gate, where a base commit is known. */
  readonly edits?: readonly GateEdit[]
  /** What the base has of what was found, where somebody asked where findings come from. */
  readonly base?: BaseCase
  /** Reviewed exceptions; none when absent. */
  readonly waivers?: Waivers
  /** As in the verdict. */
  readonly date?: string
  readonly docs?: string
  /** How a break can be excused, where the disable flag would be refused. */
  readonly excuse?: Excuse
}

/**
 * The one place where a run becomes a verdict. Whatever was not looked at properly is an error, and an override
 * excuses a break, never an error.
 */
export function decide(run: Case): Verdict {
  const { tool, policy, variants, override, problems: runProblems } = run
  const madeAlone = findingMaker(policy, run.explained)
  const { waivers } = run
  const findingsOf: MakeFindings = (comparison, variant, where) => {
    const findings = madeAlone(comparison, variant, where)
    return waivers ? applyWaivers(findings, waivers.list, waivers.today) : findings
  }
  const hidden = run.hidden ?? []
  const judged = variants.map((variant) => judgeVariant(variant, policy, findingsOf, hidden))
  const symbols = judged.flatMap((one) => one.findings)
  const moved = judged.flatMap((one) => one.layouts ?? [])
  const layouts = waivers ? applyLayoutWaivers(moved, waivers.list, waivers.today) : moved
  const driverCases = judged.flatMap((one) => one.drivers ?? [])
  const drivers = driverCases.length > 0 ? judgeDrivers(driverCases, symbols, policy.kinds.driver) : undefined
  const made: readonly Finding[] = [
    ...symbols,
    ...layouts,
    ...hiddenFindings(hidden, variants, policy, layouts),
    ...editFindings(run.edits ?? [], policy),
    ...(drivers?.broken ?? []),
  ]
  const traced = run.base ? withOrigins(made, run.base) : made
  const findings = [...traced].sort(byWeight(variants.map(({ name }) => name)))
  const counts = countsByVariant(findings)
  const told = [
    ...runProblems,
    ...nothingGuarded(variants, runProblems),
    ...judged.flatMap((one) => one.problems),
    ...(drivers ? driverProblems(drivers) : []),
  ]
  const problems = [...told, ...(waivers ? notesOn(waivers, findings, told) : [])]
  return {
    schemaVersion: 1,
    tool,
    result: resultOf(problems, findings, override),
    ...(run.date === undefined ? {} : { date: run.date }),
    ...(run.docs === undefined ? {} : { docs: run.docs }),
    reasons: reasonsFor(problems, findings),
    override,
    ...(run.excuse ? { excuse: run.excuse } : {}),
    policy: policy.name,
    variants: judged.map(({ summary }) => counted(summary, counts.get(summary.name))),
    findings,
    ...originsOf(run),
    ...(drivers ? { drivers: { sets: drivers.sets, ranks: drivers.ranks } } : {}),
    ...(run.explained ? { explanation: run.explained.explanation } : {}),
    problems,
    // A list that was not read tells nothing of what a rule is about.
    unusedRules: problems.some(isError) ? [] : rulesWithoutRow(policy.rules, rowsOf(variants, symbols)),
  }
}

function originsOf({ base }: Case): Pick<Verdict, 'origins'> {
  return base ? { origins: { base: base.commit, preExisting: base.preExisting } } : {}
}

/** All that a rule can be about: what is promised, and what a build adds where the policy looks at it. */
function* rowsOf(
  variants: readonly VariantCase[],
  findings: readonly SymbolFinding[],
): Generator<WhitelistRow | Export> {
  for (const { guard } of variants) if (guard.kind === 'stable') yield* guard.whitelist.rows
  for (const { kind, current } of findings) if (kind === 'added') yield current
}

/** Where something was not compared, nobody knows which waivers have their finding there. */
function notesOn(waivers: Waivers, findings: readonly Finding[], problems: readonly Problem[]): Problem[] {
  return waiverNotes({ ...waivers, complete: waivers.complete && !problems.some(isError) }, findings)
}

/** The verdict of a run that ended before there was anything to judge. */
export function errorVerdict(
  tool: Verdict['tool'],
  problems: readonly Problem[],
  override: Override | undefined,
): Verdict {
  return {
    schemaVersion: 1,
    tool,
    result: 'error',
    reasons: reasonsFor(problems, []),
    override,
    policy: 'none',
    variants: [],
    findings: [],
    problems,
    unusedRules: [],
  }
}

/** A variant's summary with what was found in it, of every kind. */
function counted(summary: VariantSummary, findings = summary.findings): VariantSummary {
  return summary.result === 'pass' && findings.fail > 0
    ? { ...summary, findings, result: 'break' }
    : { ...summary, findings }
}

function nothingGuarded(variants: readonly VariantCase[], known: readonly Problem[]): Problem[] {
  if (variants.some(({ guard }) => guard.kind === 'stable') || known.some(isError)) return []
  return [
    {
      kind: 'config',
      message: 'no variant promises a stable ABI, so there is nothing to check',
      advice: 'Name at least one variant with a whitelist.',
    },
  ]
}

interface JudgedVariant {
  readonly summary: VariantSummary
  readonly findings: readonly SymbolFinding[]
  readonly layouts?: readonly LayoutFinding[]
  readonly problems: readonly Problem[]
  /** Absent for a variant without drivers, and where nothing could be compared. */
  readonly drivers?: DriverCase
}

/**
 * What keeps a variant from being compared, and what is noteworthy beside it. A file that was only partly understood would
 * show its lost rows as removed symbols; a build that is not comparable differs in more checksums than anybody can read.
 */
export function problemsBeforeComparison(
  { name, guard, problems }: VariantCase,
  policy: Policy,
): readonly Problem[] {
  if (guard.kind === 'none') return problems
  const { baseline, collected, located } = guard
  const evidence = collected?.kind === 'evidence' ? collected : undefined
  return [
    ...problems,
    ...collectionProblems(collected, name),
    ...(baseline && evidence
      ? comparabilityProblems(baseline, evidence, policy.comparability, located?.options)
      : []),
  ]
}

function judgeVariant(
  variant: VariantCase,
  policy: Policy,
  findingsOf: MakeFindings,
  hidden: readonly HiddenChange[],
): JudgedVariant {
  const { name, arch, guard } = variant
  if (guard.kind === 'none') {
    const summary = {
      ...emptySummary(name, arch),
      result: 'no-promise',
      noPromiseReason: guard.reason,
    } as const
    return { summary, findings: [], problems: named(variant.problems, name) }
  }
  const { whitelist, collected } = guard
  const evidence = collected?.kind === 'evidence' ? collected : undefined
  let problems = [...problemsBeforeComparison(variant, policy)]
  const comparison = problems.some(isError) ? undefined : guard.comparison
  if (evidence && comparison) {
    problems.push(
      ...uncomparable(whitelist, evidence, comparison),
      ...columnsNotCompared(whitelist, comparison),
    )
  }
  const findings = comparison
    ? findingsOf(comparison, name, { located: guard.located, objectOf: objectsOf(guard, evidence) })
    : []
  const layouts = comparison ? layoutFindings(name, guard, policy) : []
  if (evidence) problems.push(...compilerDoubts(guard, evidence, findings))
  if (comparison) problems.push(...layoutProblems(guard, hidden))
  // A configuration that the patch changed and that broke nothing is not the one that was promised: nobody looked at that.
  if (evidence && guard.baseline && ![...findings, ...layouts].some(fails)) {
    const alone = comparabilityProblems(guard.baseline, evidence, policy.comparability).filter(isError)
    if (alone.length > 0 && !problems.some(isError))
      problems = [...problems.filter(({ kind }) => kind !== 'patch-configures'), ...alone]
  }
  const summary: VariantSummary = {
    ...emptySummary(name, arch),
    result: problems.some(isError) ? 'error' : 'pass',
    protected: comparison?.protected ?? new Set(whitelist.rows.map(({ symbol }) => symbol)).size,
    compared: comparison?.compared ?? 0,
    added: additionsOf(comparison, evidence, policy),
    exports: evidence ? evidence.symvers.exports.length + (evidence.symvers.others?.count ?? 0) : 0,
    whitelist: whitelist.file,
    ...(whitelist.digest === undefined ? {} : { whitelistDigest: whitelist.digest }),
    ...(evidence?.tree ? { tree: evidence.tree } : {}),
    ...(evidence?.build?.kernel === undefined ? {} : { kernel: evidence.build.kernel }),
    how: evidence?.how,
    ...(evidence?.carried ? { carried: evidence.carried } : {}),
  }
  const judged = { summary, findings, layouts, problems: named(problems, name) }
  if (!evidence || !comparison || !guard.drivers) return judged
  const { symvers } = evidence
  return { ...judged, drivers: { variant: name, drivers: guard.drivers, whitelist, symvers } }
}

function objectsOf({ objects: released }: StableGuard, evidence: Evidence | undefined) {
  const built = objectsBySymbol(evidence?.build)
  return (symbol: string): string | undefined => built.get(symbol) ?? released?.get(symbol)
}

/** Strategy `exports` computes only what somebody asks for: where the policy ignores additions, none says that nobody looked. */
function additionsOf(
  comparison: Comparison | undefined,
  evidence: Evidence | undefined,
  { kinds }: Policy,
): number | undefined {
  const additions = comparison?.additions ?? 0
  const unasked = evidence?.how.strategy === 'exports' && kinds.added === 'ignore'
  return unasked && additions === 0 ? undefined : additions
}

function emptySummary(name: string, arch: string | undefined): Omit<VariantSummary, 'result'> {
  return {
    name,
    arch,
    protected: 0,
    compared: 0,
    added: 0,
    exports: 0,
    findings: { fail: 0, warn: 0, ignore: 0 },
    whitelist: undefined,
    how: undefined,
  }
}

function named(problems: readonly Problem[], variant: string): Problem[] {
  return problems.map((problem) => ({ variant, ...problem }))
}

function resultOf(
  problems: readonly Problem[],
  findings: readonly Finding[],
  override: Override | undefined,
): Result {
  if (problems.some(isError)) return 'error'
  if (!findings.some(fails)) return 'pass'
  return override ? 'overridden' : 'break'
}
