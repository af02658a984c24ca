import { join } from 'node:path'
import { emptyWhitelist } from '../abi/empty-whitelist.ts'
import type { Evidence } from '../abi/evidence.ts'
import { formatBaseline } from '../abi/format-baseline.ts'
import { formatWhitelist } from '../abi/format-whitelist.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { selectRows, type SelectedRows } from '../abi/select-rows.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { createWhitelistFiles, existingWhitelist, isUnfinishedSet, type WhitelistContent } from '../baseline/whitelist-files.ts'
import type { CollectOptions, Wanted } from '../kernel/collect.ts'
import { collectAll } from '../kernel/collect-all.ts'
import { evidenceDescriber } from './evidence-baseline.ts'
import { evidenceContent, type LayoutsFrom } from './evidence-content.ts'
import { ignoredLists } from './ignored-lists.ts'
import { listRecords } from '../baseline/list-records.ts'
import { exportedBy, namesProblems, unknownNames } from './names-problems.ts'
import { stableVariants, type StableVariant } from './stable-variants.ts'
import { vmlinuxByVariant } from './vmlinux-by-variant.ts'

export interface CreateRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** The symbols to protect; absent: every export of the kernel. */
  readonly names: Whitelist | undefined
  /** Whether a name that no variant exports is left out instead of refused. */
  readonly allowAbsent: boolean
  /** By variant, the vmlinux, or its BTF, that tells how types lie in memory; by an empty name, that of the one variant. */
  readonly layoutsFrom?: ReadonlyMap<string, string> | undefined
}

/** A whitelist that was made. */
export interface CreatedWhitelist {
  readonly variant: string
  readonly path: string
  readonly symbols: number
  /** Names asked for that this variant does not export. */
  readonly absent: readonly string[]
  /** What of the layouts a vmlinux told. */
  readonly layoutsFrom: LayoutsFrom | undefined
}

interface Draft extends SelectedRows {
  readonly variant: string
  readonly path: string
  readonly evidence: Evidence
  readonly vmlinux: string | undefined
}

/**
 * Makes the first whitelist of each variant from the kernel as it is now, with the types behind it where the strategy
 * knows them. Nothing is overwritten, and nothing is written when a variant cannot be collected, has a whitelist already
 * or exports none of the names, or when a name is exported by no variant at all.
 * @param collectVariants how to find out what the kernels export
 */
export async function createWhitelists(
  request: CreateRequest,
  collectVariants = collectAll,
): Promise<Read<readonly CreatedWhitelist[]>> {
  const { names, signal } = request
  const { value: drafts, problems: unready } = await draftWhitelists(request, collectVariants)
  const problems = [...unready]
  if (!problems.some(isError)) {
    problems.push(...namesProblems(names, drafts, request, exportedBy(drafts)), ...drafts.flatMap(emptyDraft))
  }
  if (problems.some(isError)) return { value: [], problems }
  const describe = evidenceDescriber(signal)
  const contents = new Map<string, WhitelistContent>()
  const told = new Map<string, LayoutsFrom>()
  for (const { path, rows, evidence, vmlinux } of drafts) {
    const { value, problems: faults } = await evidenceContent(evidence, rows, describe, vmlinux)
    if (value.layoutsFrom) told.set(path, value.layoutsFrom)
    const { types, layouts, baseline } = value
    const list = formatWhitelist({ file: path, dialect: 'canonical', rows })
    problems.push(...faults)
    const records = listRecords(rows, types, value.untyped, layouts)
    contents.set(path, { list, types, layouts, baseline: baseline && formatBaseline({ ...baseline, records }) })
  }
  if (problems.some(isError)) return { value: [], problems }
  const failed = await createWhitelistFiles(contents)
  if (failed) return { value: [], problems: [...problems, failed] }
  problems.push(...(await ignoredLists([...contents.keys()], request.source, signal)))
  const created = drafts.map(({ variant, path, rows, absent }) => ({
    variant,
    path,
    symbols: symbolsOf(rows).size,
    absent,
    layoutsFrom: told.get(path),
  }))
  return { value: created, problems }
}

async function draftWhitelists(
  request: CreateRequest,
  collectVariants: typeof collectAll,
): Promise<Read<readonly Draft[]>> {
  const { names } = request
  const { value: variants, problems: planProblems } = await stableVariants(request)
  const vmlinux = vmlinuxByVariant(request.layoutsFrom, variants)
  const problems = [...planProblems, ...vmlinux.problems]
  const paths = new Map(variants.map((variant) => [variant.name, pathFor(variant)]))
  // Which of a set that was not finished may stay is known once it was made again.
  const asked = (await isUnfinishedSet([...paths.values()])) ? [] : [...paths]
  for (const [variant, path] of asked) {
    const problem = await existingWhitelist(path)
    if (problem) problems.push({ ...problem, variant })
  }
  if (!problems.some(isError)) problems.push(...(await unknownNames(names, new Set(), variants, request)))
  if (problems.some(isError)) return { value: [], problems }
  const wanted: Wanted = names ? symbolsOf(names.rows) : 'all'
  const collections = variants.map((variant) => ({
    ...{ variant, wanted },
    ...(vmlinux.value.has(variant.name) ? {} : { layouts: 'all' as const }),
  }))
  const drafts: Draft[] = []
  for (const collected of await collectVariants(collections, request)) {
    const { variant } = collected
    const path = paths.get(variant)
    problems.push(...(collected.kind === 'failure' ? collected.problems : collected.notes))
    if (collected.kind === 'failure' || path === undefined) continue
    const rows = selectRows(collected.symvers, names)
    drafts.push({ ...rows, variant, path, evidence: collected, vmlinux: vmlinux.value.get(variant) })
  }
  return { value: drafts, problems }
}

function emptyDraft({ rows, path, variant }: Draft): readonly Problem[] {
  if (rows.length > 0) return []
  return [{ ...emptyWhitelist(path, 'The variant exports none of the names.'), variant }]
}

function symbolsOf(rows: readonly WhitelistRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ symbol }) => symbol))
}

/** Where `check` will look first. */
function pathFor({ name, guard: { whitelist } }: StableVariant): string {
  return whitelist.kind === 'files' ? whitelist.files.path : join(whitelist.folder, name, 'kabi_whitelist')
}
