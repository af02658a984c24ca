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
import { findStoredTypes } from '../baseline/find-stored-types.ts'
import { readBytes } from '../io/read-bytes.ts'
import { sourceOf } from '../baseline/read-guard.ts'
import { writeBeside } from '../baseline/whitelist-files.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { collectAll } from '../kernel/collect-all.ts'
import { mapConcurrently } from '../processes/map-concurrently.ts'
import { evidenceDescriber } from './evidence-baseline.ts'
import { evidenceContent, layoutsOfVmlinux } from './evidence-content.ts'
import { ignoredLists } from './ignored-lists.ts'
import { typesFor } from '../baseline/types-for.ts'
import { enrichmentOf, listToEnrich, type Enrichment, type ListToEnrich, type TypesOfList } from './list-to-enrich.ts'
import { notBuiltHere, withReleased } from './released-kernel.ts'
import { stableVariants } from './stable-variants.ts'
import { vmlinuxByVariant } from './vmlinux-by-variant.ts'

/** Where the types of released kernels come from. */
export interface EnrichRequest extends PlanRequest, CollectOptions {
  readonly source: string
  /** A commit of the tree's repository; or, by variant, files and folders with types; absent: the lists have types. */
  readonly from?: string | ReadonlyMap<string, string> | undefined
  /** By variant, the vmlinux, or its BTF, that tells how types lie in memory; by an empty name, that of the one variant. */
  readonly layoutsFrom?: ReadonlyMap<string, string> | undefined
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
  const { from, layoutsFrom = new Map<string, string>() } = request
  const variants =
    typeof from === 'string'
      ? await stableVariants(request)
      : await namedVariants(request, from ?? layoutsFrom)
  const vmlinux = vmlinuxByVariant(layoutsFrom, variants.value)
  const problems = [...variants.problems, ...vmlinux.problems]
  const lists: { readonly variant: VariantPlan; readonly list: ListToEnrich }[] = []
  for (const variant of variants.value) {
    const hasLayouts = typeof from === 'string' || vmlinux.value.has(variant.name)
    const wanted = from === undefined ? 'layouts' : hasLayouts ? 'types and layouts' : 'types'
    const { value: list, problems: faults } = await listOf(variant, wanted)
    problems.push(...faults)
    if (list) lists.push({ variant, list })
  }
  if (problems.some(isError)) return { value: [], problems }
  const drafts =
    typeof from === 'string'
      ? await fromCommit(lists, { ...request, ref: from, vmlinux: vmlinux.value }, collectVariants)
      : // A vmlinux takes much memory.
        await mapConcurrently(lists, 1, ({ variant: { name, arch }, list }) => {
          const place = from?.get(name)
          const file = vmlinux.value.get(name)
          return place === undefined ? fromStored(list, file ?? '', arch) : fromTypes(list, place, arch, file)
        })
  return writeAll([...problems, ...drafts.flatMap((one) => one.problems)], drafts, request)
}

/** One list, without a configuration. */
interface ListRequest {
  readonly path: string
  readonly checksums: string | undefined
  readonly variant: string
  /** Absent: the list has types. */
  readonly types: string | undefined
  /** A vmlinux, or its BTF, that tells how the types lie in memory. */
  readonly layoutsFrom: string | undefined
  readonly source: string
  readonly signal: AbortSignal
}

/** Gives one list the types behind its checksums, or their layouts; see `enrichWhitelists`. */
export async function enrichList({
  path,
  checksums,
  variant,
  types,
  layoutsFrom,
  ...request
}: ListRequest): Promise<Read<readonly Enrichment[]>> {
  const source = checksums === undefined ? { path } : { path, checksums }
  const wanted = types === undefined ? 'layouts' : layoutsFrom === undefined ? 'types' : 'types and layouts'
  const { value: list, problems } = await listToEnrich(source, variant, wanted)
  if (!list) return { value: [], problems }
  const draft =
    types === undefined
      ? await fromStored(list, layoutsFrom ?? '', undefined)
      : await fromTypes(list, types, undefined, layoutsFrom)
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
  const names = [...types.keys()].filter((name) => name !== '')
  const { value, problems } = await plan(names.length > 0 ? { ...request, variants: names } : request)
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

/** Takes layouts alone, of the types that stand beside the list. */
async function fromStored(
  list: ListToEnrich,
  vmlinux: string,
  arch: string | undefined,
): Promise<Read<Enrichment | undefined>> {
  const { source, variant } = list
  const stored = await findStoredTypes(source.path)
  if (!stored) return { value: undefined, problems: [withoutTypes(variant, source.path)] }
  if (!stored.exact) return fromTypes(list, stored.file, arch, vmlinux)
  const { value: types, problems } = await readBytes(stored.file)
  if (problems.length > 0) return { value: undefined, problems: problems.map((one) => ({ variant, ...one })) }
  const untyped = list.baseline?.records?.untyped ?? []
  return withVmlinux(list, { types, untyped, baseline: { ...nothingRecorded, variant, arch } }, vmlinux)
}

function withoutTypes(variant: string, file: string): Problem {
  return {
    kind: 'usage',
    variant,
    message: 'Layouts go by the types behind a list, and this list has none.',
    place: { file },
    advice: 'Say with --types or --from where the types come from; layouts are taken together with them.',
  }
}

/** Adds layouts, where a vmlinux is to tell them. */
async function withVmlinux(
  list: ListToEnrich,
  found: TypesOfList,
  vmlinux: string | undefined,
): Promise<Read<Enrichment | undefined>> {
  if (vmlinux === undefined) return enrichmentOf(list, found)
  const symbols = new Set(list.checksums.keys())
  const { value, problems } = await layoutsOfVmlinux(vmlinux, found.types, symbols)
  if (!value) return { value: undefined, problems: problems.map((one) => ({ variant: list.variant, ...one })) }
  return enrichmentOf(list, { ...found, layouts: value.bytes, layoutsFrom: value.from })
}

/** Takes types that a build made. */
async function fromTypes(
  list: ListToEnrich,
  path: string,
  arch: string | undefined,
  vmlinux: string | undefined,
): Promise<Read<Enrichment | undefined>> {
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
  const enriched = await withVmlinux(list, { types: bytes, untyped: missing, baseline }, vmlinux)
  return { value: enriched.value, problems: [...told, ...enriched.problems] }
}

/** Collects the released kernels for their types. */
async function fromCommit(
  lists: readonly { readonly variant: VariantPlan; readonly list: ListToEnrich }[],
  request: EnrichRequest & { readonly ref: string; readonly vmlinux: ReadonlyMap<string, string> },
  collectVariants: typeof collectAll,
): Promise<readonly Read<Enrichment | undefined>[]> {
  const { ref, vmlinux } = request
  const prebuilt = lists.filter(({ variant }) => variant.strategy === 'prebuilt')
  if (prebuilt.length > 0)
    return prebuilt.map(({ variant: { name } }) => ({ value: undefined, problems: [notBuiltHere(name, `Give the types of that build with --types ${name}=PATH.`)] }))
  const collections = lists.map(({ variant, list }) => ({
    variant,
    ...(vmlinux.has(variant.name) ? {} : { layouts: 'all' as const }),
    wanted: new Set(list.checksums.keys()),
  }))
  const use = async (all: readonly Collected[]) => {
    const describe = evidenceDescriber(request.signal)
    const drafts: Read<Enrichment | undefined>[] = []
    for (const [at, collected] of all.entries()) {
      const list = lists[at]?.list
      if (list) drafts.push(await fromEvidence(list, collected, { ref, describe, vmlinux: vmlinux.get(list.variant) }))
    }
    return drafts
  }
  const { value, problems } = await withReleased(request, collections, use, collectVariants)
  return value ?? [{ value: undefined, problems }]
}

async function fromEvidence(
  list: ListToEnrich,
  collected: Collected,
  { ref, describe, vmlinux }: {
    readonly ref: string
    readonly describe: ReturnType<typeof evidenceDescriber>
    readonly vmlinux: string | undefined
  },
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
  const { value, problems } = await evidenceContent(collected, whitelist.rows, describe, vmlinux)
  const told = [...collected.notes, ...problems]
  if (told.some(isError) || !value.types || !value.baseline) return { value: undefined, problems: told }
  const found: TypesOfList = {
    types: value.types,
    untyped: value.untyped,
    layouts: value.layouts,
    layoutsFrom: value.layoutsFrom,
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
