import { nothingRecorded } from '../abi/baseline.ts'
import type { Collected } from '../abi/evidence.ts'
import { formatCrc } from '../abi/export.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { shownOf } from '../abi/shown-of.ts'
import { typesProblems } from '../abi/types/hold-types.ts'
import { checksumsOf } from '../abi/types/recompute.ts'
import type { VariantPlan } from '../config/plan.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { plan } from '../gate/prepare.ts'
import { sourceOf } from '../baseline/read-guard.ts'
import { writeBeside } from '../baseline/whitelist-files.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll } from '../kernel/collect-all.ts'
import { evidenceDescriber } from './evidence-baseline.ts'
import { evidenceContent } from './evidence-content.ts'
import { ignoredLists } from './ignored-lists.ts'
import { typesFor } from '../baseline/types-for.ts'
import { enrichmentOf, listToEnrich, type Enrichment, type ListToEnrich, type TypesOfList } from './list-to-enrich.ts'
import { notBuiltHere, withReleased } from './released-kernel.ts'
import { stableVariants } from './stable-variants.ts'

/** Where the types of released kernels come from. */
export interface EnrichRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** A commit of the tree's repository; or, by variant, files and folders with types. */
  readonly from: string | ReadonlyMap<string, string>
}

/**
 * Gives the whitelists of variants the types behind their checksums, and a baseline where they have none. The lists stay as
 * they are, byte for byte. Nothing at all is written where a checksum does not come out as the list has it.
 *
 * Problems: `other-types` with the symbols of other checksums; those of reading, of collecting and of writing; `no-types`, a note,
 * names rows that have none.
 */
export async function enrichWhitelists(
  request: EnrichRequest,
  collectVariants = collectAll,
): Promise<Read<readonly Enrichment[]>> {
  const { from } = request
  const given = typeof from === 'string' ? undefined : from
  const variants = given ? await namedVariants(request, given) : await stableVariants(request)
  const problems = [...variants.problems]
  const lists: { readonly variant: VariantPlan; readonly list: ListToEnrich }[] = []
  for (const variant of variants.value) {
    const { value: list, problems: faults } = await listOf(variant, given ? 'types' : 'types and layouts')
    problems.push(...faults)
    if (list) lists.push({ variant, list })
  }
  if (problems.some(isError)) return { value: [], problems }
  const drafts =
    typeof from === 'string'
      ? await fromCommit(lists, request, from, collectVariants)
      : await Promise.all(lists.map(({ variant, list }) => fromTypes(list, from.get(variant.name) ?? '', variant.arch)))
  return writeAll([...problems, ...drafts.flatMap((one) => one.problems)], drafts, request)
}

/** One list, without a configuration. */
interface ListRequest {
  readonly path: string
  readonly checksums: string | undefined
  readonly variant: string
  readonly types: string
  readonly source: string
  readonly signal: AbortSignal
}

/** Gives one list the types behind its checksums; see `enrichWhitelists`. */
export async function enrichList({ path, checksums, variant, types, ...request }: ListRequest): Promise<Read<readonly Enrichment[]>> {
  const source = checksums === undefined ? { path } : { path, checksums }
  const { value: list, problems } = await listToEnrich(source, variant, 'types')
  if (!list) return { value: [], problems }
  const draft = await fromTypes(list, types, undefined)
  return writeAll([...problems, ...draft.problems], [draft], request)
}

async function writeAll(
  told: readonly Problem[],
  drafts: readonly Read<Enrichment | undefined>[],
  { source, signal }: { readonly source: string; readonly signal: AbortSignal },
): Promise<Read<readonly Enrichment[]>> {
  const problems = [...told]
  if (problems.some(isError)) return { value: [], problems }
  const written: Enrichment[] = []
  for (const { value } of drafts) {
    if (!value) continue
    const problem = await writeBeside(value.path, value)
    if (problem) problems.push({ ...problem, variant: value.variant })
    else written.push(value)
  }
  const paths = written.map(({ path }) => path)
  return { value: written, problems: [...problems, ...(await ignoredLists(paths, source, signal))] }
}

async function namedVariants(
  request: EnrichRequest,
  types: ReadonlyMap<string, string>,
): Promise<Read<readonly VariantPlan[]>> {
  const { value, problems } = await plan({ ...request, variants: [...types.keys()] })
  return { value: value?.variants ?? [], problems }
}

async function listOf({ name, guard }: VariantPlan, wanted: Parameters<typeof listToEnrich>[2]): Promise<Read<ListToEnrich | undefined>> {
  if (guard.kind === 'none') {
    const message = `Variant ${name} promises nothing, so there is no list to enrich.`
    return { value: undefined, problems: [{ kind: 'usage', variant: name, message }] }
  }
  const found = await sourceOf(guard.whitelist)
  if (!found.value) return { value: undefined, problems: found.problems.map((one) => ({ ...one, variant: name })) }
  return listToEnrich(found.value, name, wanted)
}

/** Takes types that a build made. */
async function fromTypes(list: ListToEnrich, path: string, arch: string | undefined): Promise<Read<Enrichment | undefined>> {
  const { variant, checksums } = list
  const { value: found, problems } = await typesFor(path, checksums)
  const told = problems.map((problem) => ({ variant, ...problem }))
  if (!found) return { value: undefined, problems: told }
  const { different, missing, bytes } = found
  const others = [...different].map(([symbol, { crc }]) => ({ symbol, crc }))
  const refused =
    found.proven.size === 0
      ? typesProblems(found, checksums, { file: path, beside: 'of the list' })
      : otherChecksums(list, others, quote(path))
  if (refused.length > 0) return { value: undefined, problems: [...told, ...refused.map((one) => ({ ...one, variant }))] }
  const baseline = { ...nothingRecorded, variant, arch }
  const enriched = enrichmentOf(list, { types: bytes, untyped: missing, baseline })
  return { value: enriched.value, problems: [...told, ...enriched.problems] }
}

/** Collects the released kernels for their types. */
async function fromCommit(
  lists: readonly { readonly variant: VariantPlan; readonly list: ListToEnrich }[],
  request: EnrichRequest,
  ref: string,
  collectVariants: typeof collectAll,
): Promise<readonly Read<Enrichment | undefined>[]> {
  const prebuilt = lists.filter(({ variant }) => variant.strategy === 'prebuilt')
  if (prebuilt.length > 0)
    return prebuilt.map(({ variant: { name } }) => ({ value: undefined, problems: [notBuiltHere(name, `Give the types of that build with --types ${name}=PATH.`)] }))
  const collections = lists.map(({ variant, list }) => ({
    ...{ variant, layouts: 'all' as const },
    wanted: new Set(list.checksums.keys()),
  }))
  const use = async (all: readonly Collected[]) => {
    const describe = evidenceDescriber(request.signal)
    const drafts: Read<Enrichment | undefined>[] = []
    for (const [at, collected] of all.entries()) {
      const list = lists[at]?.list
      if (list) drafts.push(await fromEvidence(list, collected, ref, describe))
    }
    return drafts
  }
  const { value, problems } = await withReleased({ ...request, ref }, collections, use, collectVariants)
  return value ?? [{ value: undefined, problems }]
}

async function fromEvidence(
  list: ListToEnrich,
  collected: Collected,
  ref: string,
  describe: ReturnType<typeof evidenceDescriber>,
): Promise<Read<Enrichment | undefined>> {
  if (collected.kind === 'failure') return { value: undefined, problems: collected.problems }
  const { variant, whitelist, checksums } = list
  const built = checksumsOf(collected.symvers.exports)
  const others = [...checksums].flatMap(([symbol, crc]) =>
    built.get(symbol) === crc ? [] : [{ symbol, crc: built.get(symbol) }],
  )
  const refused = otherChecksums(list, others, `the kernel of ${quote(ref)}`)
  if (refused.length > 0)
    return { value: undefined, problems: [...collected.notes, ...refused.map((one) => ({ ...one, variant }))] }
  const { value, problems } = await evidenceContent(collected, whitelist.rows, describe)
  const told = [...collected.notes, ...problems]
  if (told.some(isError) || !value.types || !value.baseline) return { value: undefined, problems: told }
  const found: TypesOfList = {
    types: value.types,
    untyped: value.untyped,
    layouts: value.layouts,
    baseline: value.baseline,
  }
  const enriched = enrichmentOf(list, found)
  return { value: enriched.value, problems: [...told, ...enriched.problems] }
}

function otherChecksums(
  { checksums, source }: ListToEnrich,
  others: readonly { readonly symbol: string; readonly crc: number | undefined }[],
  whose: string,
): readonly Problem[] {
  if (others.length === 0) return []
  const lines = others.map(({ symbol, crc }) => {
    const found = crc === undefined ? 'not exported' : formatCrc(crc)
    return `${symbol}: ${formatCrc(checksums.get(symbol) ?? 0)} in the list, ${found} there`
  })
  return [
    {
      kind: 'other-types',
      message: `${others.length} of the ${checksums.size} checksums of the list are others in ${whose}; nothing was written.`,
      place: { file: source.path },
      excerpt: shownOf(lines),
      advice:
        'Take the types of the very release, with its configuration and compiler; of a list that has grown, of the newest release that kept it.',
    },
  ]
}
