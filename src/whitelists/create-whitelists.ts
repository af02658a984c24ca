import { join } from 'node:path'
import { emptyWhitelist } from '../abi/empty-whitelist.ts'
import type { Evidence } from '../abi/evidence.ts'
import { formatBaseline } from '../abi/format-baseline.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { isError, type Problem, type Read } from '../abi/problem.ts'
import { selectRows, type SelectedRows } from '../abi/select-rows.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import type { PlanRequest } from '../gate.ts'
import { createWhitelist, existingWhitelist } from '../io/whitelist-files.ts'
import { collect, type Collect, type CollectOptions } from '../kernel/collect.ts'
import { evidenceDescriber } from '../kernel/evidence-baseline.ts'
import { evidenceContent } from './evidence-content.ts'
import { namesProblems } from './names-problems.ts'
import { stableVariants, type StableVariant } from './stable-variants.ts'

export interface CreateRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** The symbols to protect; absent: every export of the kernel. */
  readonly names: Whitelist | undefined
  /** Whether a name that no variant exports is left out instead of refused. */
  readonly allowAbsent: boolean
}

/** A whitelist that was made. */
export interface CreatedWhitelist {
  readonly variant: string
  readonly path: string
  readonly symbols: number
  /** Names asked for that this variant does not export. */
  readonly absent: readonly string[]
}

interface Draft extends SelectedRows {
  readonly path: string
  readonly evidence: Evidence
}

/**
 * Makes the first whitelist of each variant from the kernel as it is now, with the types behind it where the strategy
 * knows them. Nothing is overwritten, and nothing is written when a variant cannot be collected, has a whitelist already
 * or exports none of the names, or when a name is exported by no variant at all.
 */
export async function createWhitelists(
  request: CreateRequest,
  collectVariant: Collect = collect,
): Promise<Read<readonly CreatedWhitelist[]>> {
  const { names, signal } = request
  const { value: variants, problems: planProblems } = await stableVariants(request)
  const problems = [...planProblems]
  for (const variant of variants) {
    const problem = await existingWhitelist(pathFor(variant))
    if (problem) problems.push({ ...problem, variant: variant.name })
  }
  if (problems.some(isError)) return { value: [], problems }
  const drafts: Draft[] = []
  for (const variant of variants) {
    const collected = await collectVariant(variant, request, names ? symbolsOf(names.rows) : 'all')
    problems.push(...(collected.kind === 'failure' ? collected.problems : collected.notes))
    if (collected.kind === 'failure') return { value: [], problems }
    const selected = selectRows(collected.symvers, names)
    drafts.push({ ...selected, path: pathFor(variant), evidence: collected })
  }
  problems.push(...namesProblems(names, drafts, request), ...drafts.flatMap(emptyDraft))
  if (problems.some(isError)) return { value: [], problems }
  const describe = evidenceDescriber(signal)
  const contents = []
  for (const draft of drafts) {
    const { value, problems: faults } = await evidenceContent(draft.evidence, draft.rows, describe)
    problems.push(...faults)
    contents.push({ draft, ...value })
  }
  if (problems.some(isError)) return { value: [], problems }
  const created: CreatedWhitelist[] = []
  for (const { draft, types, baseline } of contents) {
    const { path, rows, absent, evidence } = draft
    const { variant } = evidence
    const list = formatWhitelist({ file: path, dialect: 'canonical', rows })
    const content = { list, types, baseline: baseline && formatBaseline(baseline) }
    const problem = await createWhitelist(path, content)
    if (problem) problems.push({ ...problem, variant })
    else created.push({ variant, path, symbols: symbolsOf(rows).size, absent })
  }
  return { value: created, problems }
}

function emptyDraft({ rows, path, evidence: { variant } }: Draft): readonly Problem[] {
  if (rows.length > 0) return []
  return [{ ...emptyWhitelist(path, 'The variant exports none of the names.'), variant }]
}

function symbolsOf(rows: readonly WhitelistRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ symbol }) => symbol))
}

/** Where `check` will look first. */
function pathFor({ name, promise: { whitelist } }: StableVariant): string {
  return whitelist.kind === 'files' ? whitelist.files.path : join(whitelist.folder, name, 'kabi_whitelist')
}
