import { emptyWhitelist } from '../abi/empty-whitelist.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { planUpdate, type UpdateOutcome, type VariantUpdate } from '../abi/plan-update.ts'
import { isError, type Problem, type Read } from '../abi/problem.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { PlanRequest } from '../gate.ts'
import { updateWhitelist, type WhitelistContent } from '../io/whitelist-files.ts'
import { collect, type Collect, type CollectOptions } from '../kernel/collect.ts'
import { evidenceDescriber, type DescribeEvidence } from '../kernel/evidence-baseline.ts'
import type { Evidence } from '../abi/evidence.ts'
import { acceptedProblems } from './accepted-problems.ts'
import { evidenceContent } from './evidence-content.ts'
import { namesProblems } from './names-problems.ts'
import { readOwnList, type OwnList } from './read-own-list.ts'
import { renewBeside } from './renew-beside.ts'
import { stableVariants } from './stable-variants.ts'

export interface UpdateRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** Symbols to protect beside those that are protected already. */
  readonly names: Whitelist | undefined
  /** Whether a name that no variant exports is left out instead of refused. */
  readonly allowAbsent: boolean
  /** Symbols whose rows may change or go. */
  readonly accepted: ReadonlySet<string>
  /** Works everything out and writes nothing. */
  readonly dryRun: boolean
}

interface Draft extends VariantUpdate, OwnList {
  readonly evidence: Evidence
}

/**
 * Brings the whitelist of each variant up to date with the kernel as it is now: adds rows for new names, changes or
 * removes rows of symbols that were accepted, and renews what stands beside the list. When any other protected row
 * differs in any variant, or there is a problem, nothing at all is written.
 */
export async function updateWhitelists(
  request: UpdateRequest,
  collectVariant: Collect = collect,
): Promise<UpdateOutcome> {
  const { names, accepted, dryRun, signal } = request
  const { value: drafts, problems: unready } = await draftUpdates(request, collectVariant)
  const plans = drafts.map(({ plan }) => plan)
  const problems = [...unready]
  if (!problems.some(isError)) {
    problems.push(...namesProblems(names, plans, request), ...acceptedProblems(accepted, drafts))
    problems.push(...drafts.flatMap(emptied))
  }
  if (problems.some(isError)) return { result: 'error', updates: [], problems }
  if (plans.some(({ refused }) => refused.length > 0)) return { result: 'refused', updates: drafts, problems }
  const describe = evidenceDescriber(signal)
  const contents: { readonly draft: Draft; readonly content: WhitelistContent }[] = []
  for (const draft of drafts) {
    const { value, problems: faults } = await contentOf(draft, describe)
    problems.push(...faults)
    contents.push({ draft, content: value })
  }
  if (problems.some(isError)) return { result: 'error', updates: [], problems }
  if (dryRun) return { result: 'planned', updates: drafts, problems }
  const updates: VariantUpdate[] = []
  for (const { draft, content } of contents) {
    const problem = await updateWhitelist(draft.path, content)
    if (problem) problems.push({ ...problem, variant: draft.variant })
    else updates.push(draft)
  }
  return { result: problems.some(isError) ? 'error' : 'updated', updates, problems }
}

function emptied({ plan, path, variant }: Draft): readonly Problem[] {
  if (plan.rows.length > 0) return []
  return [{ ...emptyWhitelist(path, 'The update would remove the last row.'), variant }]
}

async function draftUpdates(request: UpdateRequest, collectVariant: Collect): Promise<Read<readonly Draft[]>> {
  const { names, accepted } = request
  const { value: variants, problems: planProblems } = await stableVariants(request)
  const problems: Problem[] = [...planProblems]
  const lists: OwnList[] = []
  for (const { name, promise } of variants) {
    const { value: list, problems: faults } = await readOwnList(promise.whitelist)
    problems.push(...faults.map((fault) => ({ variant: name, ...fault })))
    if (list) lists.push(list)
  }
  if (problems.some(isError)) return { value: [], problems }
  const drafts: Draft[] = []
  for (const [index, variant] of variants.entries()) {
    const list = lists[index]
    if (!list) throw new Error(`the whitelist of ${variant.name} was neither read nor refused`)
    const { whitelist } = list
    const wanted = new Set([...whitelist.rows, ...(names?.rows ?? [])].map(({ symbol }) => symbol))
    const collected = await collectVariant(variant, request, wanted)
    problems.push(...(collected.kind === 'failure' ? collected.problems : collected.notes))
    if (collected.kind === 'failure') return { value: [], problems }
    const plan = planUpdate({ whitelist, symvers: collected.symvers, names, accepted })
    drafts.push({ ...list, variant: variant.name, plan, evidence: collected })
  }
  return { value: drafts, problems }
}

async function contentOf(draft: Draft, describe: DescribeEvidence): Promise<Read<WhitelistContent>> {
  const { path, whitelist, comments, plan, evidence, variant } = draft
  const gathered = await evidenceContent(evidence, plan.rows, describe)
  const { value: beside, problems } = await renewBeside(path, plan, gathered.value)
  const list = formatWhitelist({ ...whitelist, rows: plan.rows }, comments)
  return {
    value: { list, ...beside },
    problems: [...gathered.problems, ...problems.map((problem) => ({ variant, ...problem }))],
  }
}
