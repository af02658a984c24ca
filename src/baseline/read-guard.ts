import type { BaselineFile } from '../abi/baseline.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { promisedIn } from '../abi/promised-in.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import { readDrivers } from '../module/read-drivers.ts'
import { missingForCollect } from '../config/missing-for-collect.ts'
import type { VariantPlan, WhitelistLookup, WhitelistSource } from '../config/plan.ts'
import { findWhitelist } from './find-whitelist.ts'
import { readWhitelist } from './read-whitelist.ts'
import { inspectWhitelist } from './inspect-whitelist.ts'

/** A variant of a plan, and what is promised about it. */
export interface Guarded {
  readonly variant: VariantPlan
  /** Absent when the variant promises nothing, or when its whitelist could not be found. */
  readonly whitelist?: Whitelist
  readonly baseline?: BaselineFile
  /** How the compiler of the release laid out the types behind the list; absent where that is not stored. */
  readonly layouts?: Layouts
  /** A file with the types of the release; those beside the whitelist when absent. */
  readonly types?: string
  /** The object that exported each symbol, where it is known already. */
  readonly objects?: ReadonlyMap<string, string>
  /** The whitelist is what another build exports. */
  readonly isBuild?: true
  /** The drivers that have to keep loading; absent when the variant names none. */
  readonly drivers?: readonly KernelModule[]
  readonly problems: readonly Problem[]
}

/**
 * Reads the whitelist of a variant, what is recorded about it, and the drivers that it names.
 * @param collects whether the variant is to be collected, for which it must have all that its strategy needs
 */
export async function readGuard(variant: VariantPlan, { collects } = { collects: true }): Promise<Guarded> {
  const { guard, name } = variant
  if (guard.kind === 'none') return { variant, problems: [] }
  const source = await sourceOf(guard.whitelist)
  const read = source.value ? await readSource(source.value, variant) : { problems: [] }
  const missing = collects ? missingForCollect(variant) : undefined
  const drivers = variant.drivers ? await readDrivers(variant.drivers) : undefined
  const problems = [
    ...source.problems,
    ...read.problems,
    ...(drivers?.problems ?? []),
    ...(missing ? [missing] : []),
  ]
  const known = drivers ? { drivers: drivers.value } : {}
  return { variant, ...read, ...known, problems: problems.map((problem) => ({ variant: name, ...problem })) }
}

/** The files that a configuration names, or those that are found where it says. */
export async function sourceOf(lookup: WhitelistLookup): Promise<Read<WhitelistSource | undefined>> {
  return lookup.kind === 'files' ? { value: lookup.files, problems: [] } : findWhitelist(lookup)
}

/** Reads the whitelist that a configuration names, or that is found where it says. */
export async function readLookup(lookup: WhitelistLookup): Promise<Read<Whitelist | undefined>> {
  const { value: source, problems } = await sourceOf(lookup)
  if (!source) return { value: undefined, problems }
  const whitelist = await readWhitelist(source)
  return { value: whitelist.value, problems: [...problems, ...whitelist.problems] }
}

async function readSource(
  source: WhitelistSource,
  { name, release }: VariantPlan,
): Promise<Omit<Guarded, 'variant'>> {
  const { value, problems } = await inspectWhitelist(source, name)
  const { whitelist: all, baseline, layouts } = value
  const promised = problems.some(isError) ? { value: all, problems: [] } : promisedIn(all, release)
  return {
    whitelist: promised.value,
    ...(baseline ? { baseline } : {}),
    ...(layouts ? { layouts } : {}),
    problems: [...problems, ...promised.problems],
  }
}
