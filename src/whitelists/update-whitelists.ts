import { definitionTitle } from '../abi/explain/definition-title.ts'
import type { Explained } from '../abi/explain/merge-explanations.ts'
import { symbolsOfCauses } from '../config/symbols-of-cause.ts'
import { explainEvidences } from '../explain/explain-cases.ts'
import { emptyWhitelist } from '../abi/empty-whitelist.ts'
import type { GrantedRequest } from '../abi/baseline.ts'
import type { Evidence } from '../abi/evidence.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { planUpdate, type UpdateOutcome, type UpdatePlan, type VariantUpdate } from '../abi/plan-update.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { mayExist, updateWhitelist, whitelistFiles, type WhitelistContent } from '../baseline/whitelist-files.ts'
import { comparabilityProblems, foreignBaseline } from '../judge/comparability.ts'
import { stableGuard, type StableGuard } from '../judge/variant-case.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll } from '../kernel/collect-all.ts'
import { evidenceDescriber, type DescribeEvidence } from './evidence-baseline.ts'
import { acceptedProblems } from './accepted-problems.ts'
import { evidenceContent } from './evidence-content.ts'
import { ignoredLists } from './ignored-lists.ts'
import { lostRows } from './lost-rows.ts'
import { movedLayouts } from './moved-layouts.ts'
import { exportedBy, namesProblems, unknownNames } from './names-problems.ts'
import { readOwnList, type OwnList } from './read-own-list.ts'
import { renewBeside } from './renew-beside.ts'
import { stableVariants } from './stable-variants.ts'

export interface UpdateRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** Symbols to protect beside those that are protected already. */
  readonly names: Whitelist | undefined
  /** Of whose request the names are; absent: of nobody's. */
  readonly grant?: Grant | undefined
  /** Whether a name that no variant exports is left out instead of refused. */
  readonly allowAbsent: boolean
  /** Symbols whose rows may change or go. */
  readonly accepted: ReadonlySet<string>
  /** Types, in C or as genksyms writes them, that excuse the symbols which changed through them alone. */
  readonly causes?: readonly string[]
  /** Works everything out and writes nothing. */
  readonly dryRun: boolean
}

/** Who agreed to a request for symbols, as `history` of `baseline.yml` keeps it. */
type Grant = Omit<GrantedRequest, 'symbols'>

interface Draft extends VariantUpdate {
  readonly list: OwnList
  readonly evidence: Evidence
}

interface Drafts {
  readonly drafts: readonly Draft[]
  /** Symbols that were accepted, by name or by cause. */
  readonly accepted: ReadonlySet<string>
  readonly explained: Explained | undefined
}

/**
 * Brings the whitelist of each variant up to date with the kernel as it is now: adds rows for new names, changes or
 * removes rows of symbols that were accepted, and renews what stands beside the list. When any other protected row
 * differs in any variant, or there is a problem, nothing at all is written.
 */
export async function updateWhitelists(
  request: UpdateRequest,
  collectVariants = collectAll,
): Promise<UpdateOutcome> {
  const { names, dryRun, signal } = request
  const { value, problems: unready } = await draftUpdates(request, collectVariants)
  const { drafts, accepted, explained } = value
  const plans = drafts.map(({ plan }) => plan)
  const problems = [...unready]
  if (!problems.some(isError)) {
    problems.push(...namesProblems(names, plans, request, exportedBy(drafts)), ...acceptedProblems(accepted, drafts))
    problems.push(...drafts.flatMap(emptied))
  }
  if (problems.some(isError)) return { result: 'error', updates: [], problems }
  if (plans.some(({ refused }) => refused.length > 0)) return { result: 'refused', updates: drafts, explained, problems }
  const describe = evidenceDescriber(signal)
  const contents: { readonly draft: Draft; readonly content: WhitelistContent }[] = []
  for (const draft of drafts) {
    const { value, problems: faults } = await contentOf(draft, describe)
    problems.push(...faults)
    contents.push({ draft, content: value })
  }
  if (problems.some(isError)) return { result: 'error', updates: [], problems }
  if (dryRun) return { result: 'planned', updates: drafts, explained, problems }
  const updates: VariantUpdate[] = []
  for (const { draft, content } of contents) {
    const problem = await updateWhitelist(draft.path, content)
    if (problem) problems.push({ ...problem, variant: draft.variant })
    else updates.push(draft)
  }
  problems.push(
    ...(await ignoredLists(
      updates.map(({ path }) => path),
      request.source,
      signal,
    )),
  )
  return { result: problems.some(isError) ? 'error' : 'updated', updates, explained, problems }
}

function emptied({ plan, path, variant }: Draft): readonly Problem[] {
  if (plan.rows.length > 0) return []
  return [{ ...emptyWhitelist(path, 'The update would remove the last row.'), variant }]
}

async function draftUpdates(request: UpdateRequest, collectVariants: typeof collectAll): Promise<Read<Drafts>> {
  const { names } = request
  const none: Drafts = { drafts: [], accepted: request.accepted, explained: undefined }
  const { value: variants, problems: planProblems } = await stableVariants(request)
  const problems: Problem[] = [...planProblems]
  const lists = new Map<string, OwnList>()
  for (const { name, guard } of variants) {
    const { value: list, problems: faults } = await readOwnList(guard.whitelist)
    const foreign = list?.baseline && foreignBaseline(list.baseline, name)
    problems.push(...[...faults, ...(foreign ? [foreign] : [])].map((fault) => ({ variant: name, ...fault })))
    if (list) lists.set(name, list)
  }
  const known = [...lists.values()].flatMap(({ whitelist: { rows } }) => rows.map(({ symbol }) => symbol))
  if (!problems.some(isError)) problems.push(...(await unknownNames(names, new Set(known), variants, request)))
  if (problems.some(isError)) return { value: none, problems }
  const wanted = ({ rows }: Whitelist): ReadonlySet<string> =>
    new Set([...rows, ...(names?.rows ?? [])].map(({ symbol }) => symbol))
  const laidOut = await withLayouts(lists)
  const collections = variants.flatMap((variant) => {
    const list = lists.get(variant.name)
    const layouts = laidOut.has(variant.name) ? ({ layouts: 'all' } as const) : {}
    return list ? [{ variant, wanted: wanted(list.whitelist), ...layouts }] : []
  })
  const builds: Build[] = []
  for (const collected of await collectVariants(collections, request)) {
    const list = lists.get(collected.variant)
    problems.push(...(collected.kind === 'failure' ? collected.problems : collected.notes))
    if (collected.kind === 'failure' || !list) continue
    const { whitelist, baseline } = list
    const guard = stableGuard({ whitelist, collected, ...(baseline ? { baseline } : {}) })
    builds.push({ list, evidence: collected, guard })
  }
  const { value: explained, problems: unexplained } = await explainEvidences(builds, {
    source: request.source,
    patch: undefined,
    signal: request.signal,
  })
  const caused = symbolsOfCauses(
    builds.flatMap((build) => differencesOf(build, explained)),
    (explained?.explanation.causes ?? []).map(({ id, name }) => ({ id, name, title: definitionTitle(name) })),
    problems.some(isError) ? [] : (request.causes ?? []),
  )
  problems.push(...unexplained, ...caused.problems)
  const accepted = new Set([...request.accepted, ...caused.value])
  const drafts: Draft[] = []
  for (const { list, evidence } of builds) {
    const { variant, symvers } = evidence
    // An update is how a list comes to terms with another way to build: the differences are worth a note.
    const doubts = list.baseline ? comparabilityProblems(list.baseline, evidence, 'warn') : []
    const plan = planUpdate({ whitelist: list.whitelist, symvers, names, accepted })
    const lost = await lostRows(list, plan, accepted)
    const moved = await movedLayouts(list.path, evidence)
    problems.push(...[...doubts, ...lost, ...moved].map((problem) => ({ variant, ...problem })))
    drafts.push({ variant, path: list.path, plan, granted: grantedOf(plan, request.grant), list, evidence })
  }
  return { value: { drafts, accepted, explained }, problems }
}

/** What of a request a list gets; a symbol that it does not get in this variant is none of its history. */
function grantedOf({ added }: UpdatePlan, grant: Grant | undefined): GrantedRequest | undefined {
  const symbols = [...new Set(added.map(({ symbol }) => symbol))]
  return grant && symbols.length > 0 ? { ...grant, symbols } : undefined
}

/** The variants whose lists have layouts. */
async function withLayouts(lists: ReadonlyMap<string, OwnList>): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (const [name, { path }] of lists) if (await mayExist(whitelistFiles(path).layouts)) names.add(name)
  return names
}

type Build = Pick<Draft, 'list' | 'evidence'> & { readonly guard: StableGuard }

function differencesOf({ guard, evidence }: Build, explained: Explained | undefined) {
  const needs = explained?.causesOf.get(evidence.variant)
  return (guard.comparison?.differences ?? []).map(({ kind, symbol }) => ({
    symbol,
    causes: kind === 'changed' ? (needs?.get(symbol) ?? []) : [],
  }))
}

async function contentOf(
  { list, plan, granted, evidence, variant }: Draft,
  describe: DescribeEvidence,
): Promise<Read<WhitelistContent>> {
  const gathered = await evidenceContent(evidence, plan.rows, describe)
  const { value: beside, problems } = await renewBeside(list, variant, plan, gathered.value, granted)
  const text = formatWhitelist({ ...list.whitelist, rows: plan.rows }, list.comments)
  return {
    value: { list: text, ...beside },
    problems: [...gathered.problems, ...problems.map((problem) => ({ variant, ...problem }))],
  }
}
