import { checkTypes } from '../abi/check-types.ts'
import { completeTypes } from '../abi/complete-types.ts'
import type { Baseline } from '../abi/baseline.ts'
import type { Evidence } from '../abi/evidence.ts'
import { formatLayouts } from '../abi/layouts/format-layouts.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Layouts, VmlinuxForm } from '../abi/layouts/layout.ts'
import { typesProblems } from '../abi/types/hold-types.ts'
import { checksumsOf } from '../abi/types/recompute.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'
import { readProtectedTypes } from '../baseline/read-protected-types.ts'
import { typesFor } from '../baseline/types-for.ts'
import { vmlinuxLayouts } from '../kernel/layouts/vmlinux-layouts.ts'
import type { DescribeEvidence } from './evidence-baseline.ts'

/** What a vmlinux told of types and symbols. */
export interface LayoutsFrom {
  readonly vmlinux: VmlinuxForm
  readonly types: number
  readonly symbols: number
  /** Types and symbols that it did not tell of. */
  readonly unknown: number
}

interface StoredLayouts {
  readonly bytes: Uint8Array
  readonly from?: LayoutsFrom
}

/** What an evidence gives a whitelist beside its rows; what it does not know is undefined. */
export interface EvidenceContent {
  readonly types: Uint8Array | undefined
  /** Of these symbols of the rows there are none, though there are of others. */
  readonly untyped: readonly string[]
  /** How the types lie in memory. */
  readonly layouts: Uint8Array | undefined
  /** What of them a vmlinux told; undefined where it did not. */
  readonly layoutsFrom: LayoutsFrom | undefined
  readonly baseline: Baseline | undefined
}

/**
 * Gathers what stands beside the list of some rows: their types, from which every checksum must come out again before
 * they are worth keeping, and how the rows came about.
 * @param layoutsFrom a vmlinux, or its BTF, that tells how the types lie in memory; absent: the evidence does
 */
export async function evidenceContent(
  evidence: Evidence,
  rows: readonly WhitelistRow[],
  describe: DescribeEvidence,
  layoutsFrom?: string,
): Promise<Read<EvidenceContent>> {
  const symbols = new Set(rows.map(({ symbol }) => symbol))
  const types = await provenTypes(evidence, rows, symbols)
  const baseline = await describe(evidence, symbols)
  const { variant } = evidence
  const layouts =
    layoutsFrom === undefined
      ? { value: evidence.layouts && storedLayouts(evidence.layouts), problems: [] }
      : await layoutsOfVmlinux(layoutsFrom, types.value.types, symbols)
  return {
    value: {
      ...types.value,
      layouts: layouts.value?.bytes,
      layoutsFrom: layouts.value?.from,
      baseline: baseline.value,
    },
    problems: [...types.problems, ...layouts.problems, ...baseline.problems].map((problem) => ({ variant, ...problem })),
  }
}

function storedLayouts(layouts: Layouts): StoredLayouts {
  const { vmlinux, types, symbols, unknown } = layouts
  const bytes = new TextEncoder().encode(formatLayouts(layouts))
  return vmlinux
    ? { bytes, from: { vmlinux, types: types.size, symbols: symbols.size, unknown: unknown.size } }
    : { bytes }
}

/**
 * Takes from a vmlinux, or its BTF, the layouts of the types that protected symbols reach.
 *
 * Problems, without a value: those of `vmlinuxLayouts`; `no-types` where nothing says which types these are.
 * @param types in the consolidated form
 */
export async function layoutsOfVmlinux(
  file: string,
  types: Uint8Array | undefined,
  symbols: ReadonlySet<string>,
): Promise<Read<StoredLayouts | undefined>> {
  if (!types) return { value: undefined, problems: [{ ...unreached, place: { file } }] }
  const { value, problems } = await vmlinuxLayouts(file, { types: completeTypes(types), symbols })
  if (!value) return { value: undefined, problems }
  return { value: storedLayouts(value), problems: [] }
}

const unreached: Problem = {
  kind: 'no-types',
  message: 'Layouts go by the types behind the list, and there are none: the vmlinux was not looked into.',
}


async function provenTypes(
  { build, how, types: made }: Evidence,
  rows: readonly WhitelistRow[],
  symbols: ReadonlySet<string>,
): Promise<Read<Pick<EvidenceContent, 'types' | 'untyped'>>> {
  if (made?.kind === 'path') return madeTypes(made.path, rows)
  if (!build?.objects) return { value: none, problems: [withoutTypes(how.strategy)] }
  const typed = new Map([...build.objects].filter(([, { types }]) => types !== undefined))
  const untyped = [...build.objects.values()]
    .filter(({ types }) => types === undefined)
    .flatMap(({ exports }) => exports.filter((symbol) => symbols.has(symbol)))
  const { value: bytes, problems } = await readProtectedTypes(typed, symbols)
  if (problems.some(isError)) return { value: none, problems }
  if (!bytes || bytes.length === 0) return { value: none, problems: [...problems, gendwarfksyms] }
  const { problems: faults } = checkTypes(rows, { bytes, file: 'symtypes.gz', exact: true, untyped })
  return {
    value: { types: bytes, untyped },
    problems: [...problems, ...faults.map((fault) => ({ ...fault, advice }))],
  }
}

/** Types that the build made itself; what they do not give is left without. */
async function madeTypes(
  path: string,
  rows: readonly WhitelistRow[],
): Promise<Read<Pick<EvidenceContent, 'types' | 'untyped'>>> {
  const checksums = checksumsOf(rows)
  const { value, problems } = await typesFor(path, checksums)
  if (!value) return { value: none, problems }
  const about = { file: path, beside: 'of the build' }
  const faults = typesProblems(value, checksums, about)
  if (faults.some(isError)) return { value: none, problems: [...problems, ...faults] }
  const untyped = [...value.different.keys(), ...value.missing]
  return { value: { types: value.bytes, untyped }, problems: [...problems, ...faults] }
}

const none = { types: undefined, untyped: [] } as const

const advice = 'The kernel’s genksyms and its own type dumps disagree; please report it with the kernel version.'

function withoutTypes(strategy: Evidence['how']['strategy']): Problem {
  return { kind: 'no-types', message: `Strategy ${strategy} has no type definitions to store beside the whitelist.` }
}

const gendwarfksyms: Problem = {
  kind: 'no-types',
  message: 'The checksums of this kernel come from gendwarfksyms, whose type definitions are not stored.',
  advice: 'Nothing has to be done. The checksums cannot be recomputed without the kernel.',
}
