import type { Release } from '../abi/promised-in.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { readLookup } from '../baseline/read-guard.ts'
import { kernelFolder, machineNamed, machineOfArch } from '../config/machines.ts'
import type { VariantPlan } from '../config/plan.ts'
import { plan } from '../gate/prepare.ts'
import { checkModules, type ModulesCheck } from '../module/check-modules.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import { layoutSymbols } from '../module/load-obstacles.ts'
import { readModules } from '../module/read-modules.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { promised } from './check-against.ts'
import { unguarded } from './unguarded.ts'

/** Which variants of a configuration modules are held against. Paths are absolute. */
interface VariantsRequest {
  /** Absent: the configuration that is found in `source`. */
  readonly config: string | undefined
  readonly source: string
  /** Empty: those that fit each module. */
  readonly variants: readonly string[]
  /** Which release of the distribution this is, for lists that say how long a symbol is promised. */
  readonly distribution: Release | undefined
}

/** The modules that a variant's list fits, and what came of it. */
interface VariantCheck {
  readonly variant: string
  readonly whitelist: Whitelist
  readonly check: ModulesCheck
  /** What the distribution wants to be said with every answer. */
  readonly notes: readonly string[]
}

/** A variant with its list. */
interface Listed {
  readonly variant: VariantPlan
  readonly whitelist: Whitelist
}

/**
 * Checks modules against the whitelists of a configuration, each module against those that fit: of its machine and, where no variant was
 * named and some list has the `module_layout` that it was built with, of that build. So a module for a flavour is not held against others.
 *
 * Problems: those of `readModules`, `plan` and `readLookup`; `no-whitelist` for a module that fits no list; `usage` for a variant that was
 * named and promises nothing. The value is undefined when there is an error.
 */
export async function checkVariants(
  files: readonly string[],
  request: VariantsRequest,
): Promise<Read<readonly VariantCheck[] | undefined>> {
  const { config, source, variants, distribution } = request
  const modules = await readModules(files)
  const planned = await plan({ config, source, variants, strategy: undefined, symvers: [], cwd: source })
  const problems: Problem[] = [...modules.problems, ...planned.problems]
  const lists: Listed[] = []
  for (const variant of planned.value?.variants ?? []) {
    const { guard } = variant
    if (guard.kind === 'none' && variants.length > 0) problems.push(unguarded(variant.name))
    if (guard.kind === 'none' || !modules.value.some((module) => isFor(module, variant))) continue
    const list = promised(await readLookup(guard.whitelist), distribution ?? variant.release)
    problems.push(...list.problems.map((problem) => ({ variant: variant.name, ...problem })))
    if (list.value) lists.push({ variant, whitelist: list.value })
  }
  if (problems.some(isError)) return { value: undefined, problems }
  const fitting = modules.value.map((module) => ({
    module,
    lists: listsFor(module, lists, variants.length > 0),
  }))
  const names = (planned.value?.variants ?? []).map(({ name }) => name)
  for (const { module, lists: found } of fitting)
    if (found.length === 0) problems.push(fitsNone(module, names))
  if (problems.some(isError)) return { value: undefined, problems }
  const notes = planned.value?.notes ?? []
  return { value: lists.flatMap((list) => checkOf(list, fitting, notes)), problems }
}

interface Fitting {
  readonly module: KernelModule
  readonly lists: readonly Listed[]
}

function checkOf(
  list: Listed,
  fitting: readonly Fitting[],
  notes: readonly string[],
): readonly VariantCheck[] {
  const modules = fitting.filter(({ lists }) => lists.includes(list)).map(({ module }) => module)
  const { variant, whitelist } = list
  return modules.length === 0
    ? []
    : [{ variant: variant.name, whitelist, check: checkModules({ modules, whitelist }), notes }]
}

/** A machine that has no name here fits a variant whose architecture has none either. */
function isFor({ arch }: KernelModule, variant: VariantPlan): boolean {
  const machine = machineNamed(arch)
  return machine
    ? [machine.arch, kernelFolder(machine)].includes(variant.arch)
    : machineOfArch(variant.arch) === undefined
}

function listsFor(module: KernelModule, lists: readonly Listed[], named: boolean): readonly Listed[] {
  const own = lists.filter(({ variant }) => isFor(module, variant))
  const built = named ? [] : own.filter(({ whitelist }) => hasLayoutOf(module, whitelist))
  return built.length > 0 ? built : own
}

/** True for a list of the very build: `struct module` differs from one configuration to the next. */
function hasLayoutOf({ imports }: KernelModule, { rows }: Whitelist): boolean {
  const layout = imports.find(({ symbol }) => layoutSymbols.has(symbol))
  return (
    layout?.crc !== undefined &&
    rows.some(({ symbol, crc }) => symbol === layout.symbol && crc === layout.crc)
  )
}

function fitsNone({ file, arch, info }: KernelModule, names: readonly string[]): Problem {
  const built = [arch, ...(info.vermagic === undefined ? [] : [info.vermagic.trim()])].join(', ')
  return {
    kind: 'no-whitelist',
    message: `${quote(file)} was built for ${quote(built)}: none of the whitelists asked is for that.`,
    place: { file },
    excerpt: names.map((name) => `variant ${name}`),
    advice: 'Give the module for another architecture, or name its list with --whitelist.',
  }
}
