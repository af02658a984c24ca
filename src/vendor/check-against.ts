import { release as runningRelease } from 'node:os'
import { promisedIn, type Release } from '../abi/promised-in.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import type { Symvers } from '../abi/export.ts'
import { allRows } from '../abi/join-tables.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { plan } from '../gate/prepare.ts'
import { findWhitelists } from '../baseline/find-whitelists.ts'
import { readJoined, readTables } from '../baseline/read-whitelist.ts'
import { checkModules, type ModulesCheck } from '../module/check-modules.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import { readModules } from '../module/read-modules.ts'
import { readLookup } from '../baseline/read-guard.ts'
import { unguarded } from './unguarded.ts'
import { findInstalledKernel, noInstalledWhitelist, type KernelSearch } from './installed-kernel.ts'

/** What modules are held against: a whitelist, and the kernel that has it as far as it is known. */
export interface Target {
  readonly whitelist: Whitelist
  /** The kernel as a report names it; undefined when only a list was named. */
  readonly kernel: string | undefined
  readonly symvers: Symvers | undefined
  readonly vermagic: string | undefined
  /** What the distribution says beside a result; none where no configuration was asked. */
  readonly notes: readonly string[]
}

/** How somebody names a target. Paths are absolute. */
export interface TargetRequest {
  /** As `uname -r` says it. */
  readonly release: string | undefined
  /** Which release of the distribution this is, for lists that say how long a symbol is promised. */
  readonly distribution?: Release | undefined
  /** The file of a whitelist. */
  readonly whitelist: string | undefined
  /** A variant of `config`. */
  readonly variant: string | undefined
  readonly config: string | undefined
  /** Where kabi.yml is looked for when `config` names none. */
  readonly source: string
  /** The Module.symvers of the kernel, and of what is installed beside it; empty: that of the installed kernel. */
  readonly symvers: readonly string[]
  /** The folder in which kernels are looked for instead of `/`. */
  readonly root: string
}

/** Modules, what they are held against, and what came of it. */
interface CheckedAgainst {
  readonly modules: readonly KernelModule[]
  readonly target: Target
  readonly check: ModulesCheck
}

/**
 * Reads modules and what to hold them against, and checks them. Without a release, a whitelist and a variant it is the
 * kernel that runs. The value is undefined when anything was not readable.
 */
export async function checkAgainst(
  files: readonly string[],
  request: TargetRequest,
): Promise<Read<CheckedAgainst | undefined>> {
  const modules = await readModules(files)
  const target = modules.problems.some(isError)
    ? { value: undefined, problems: [] }
    : await readTarget(request, modules.value[0]?.arch ?? '')
  const problems = [...modules.problems, ...target.problems]
  if (!target.value || problems.some(isError)) return { value: undefined, problems }
  const { whitelist } = target.value
  const check = checkModules({ modules: modules.value, whitelist, kernel: target.value })
  return { value: { modules: modules.value, target: target.value, check }, problems }
}

/**
 * Reads what modules are to be held against.
 * @param arch the machine of the modules, for the places that are named after it
 */
async function readTarget(request: TargetRequest, arch: string): Promise<Read<Target | undefined>> {
  const { release, whitelist, variant, symvers: symversFiles } = request
  const installed =
    release !== undefined || (whitelist === undefined && variant === undefined)
      ? await readInstalled({ root: request.root, release: release ?? runningRelease(), arch })
      : undefined
  const list = await listOf(request, installed)
  const known = installed?.symvers === undefined ? [] : [installed.symvers]
  const tables = symversFiles.length > 0 ? symversFiles : known
  const symvers = tables.length === 0 ? undefined : await readTables(tables)
  const own = installed?.module === undefined ? undefined : await readModules([installed.module])
  const problems = [installed, list, symvers, own].flatMap((one) => one?.problems ?? [])
  if (!list.value || problems.some(isError)) return { value: undefined, problems }
  const value = {
    whitelist: list.value,
    kernel: installed?.release ?? (variant === undefined ? undefined : `variant ${variant}`),
    symvers: symvers && { file: symvers.value.file, exports: allRows(symvers.value) },
    vermagic: own?.value[0]?.info.vermagic,
    notes: list.notes ?? [],
  }
  return { value, problems }
}

interface Installed extends KernelSearch {
  readonly list: Read<Whitelist | undefined>
  readonly symvers: string | undefined
  readonly module: string | undefined
  readonly problems: readonly Problem[]
}

async function readInstalled(search: KernelSearch): Promise<Installed> {
  const { value: found, problems } = await findInstalledKernel(search)
  const list = found.whitelist
    ? await readJoined(found.whitelist)
    : { value: undefined, problems: [await noInstalledWhitelist(search)] }
  return { ...search, list, symvers: found.symvers, module: found.module, problems }
}

async function listOf(
  { whitelist, variant, config, source, distribution }: TargetRequest,
  installed: Installed | undefined,
): Promise<Read<Whitelist | undefined> & { readonly notes?: readonly string[] | undefined }> {
  if (whitelist !== undefined) return promised(await readNamed(whitelist), distribution)
  if (variant === undefined)
    return promised(installed?.list ?? { value: undefined, problems: [] }, distribution)
  const request = { config, source, variants: [variant], strategy: undefined, symvers: [], cwd: source }
  const { value: planned, problems } = await plan(request)
  const guard = planned?.variants[0]?.guard
  if (!guard) return { value: undefined, problems }
  if (guard.kind === 'none') return { value: undefined, problems: [...problems, unguarded(variant)] }
  const list = promised(await readLookup(guard.whitelist), distribution ?? planned.variants[0]?.release)
  return { value: list.value, problems: [...problems, ...list.problems], notes: planned.notes }
}

/** What of a list is promised in a release. Problems: those of the list and of `promisedIn`. */
export function promised(
  { value, problems }: Read<Whitelist | undefined>,
  release: Release | undefined,
): Read<Whitelist | undefined> {
  if (!value || problems.some(isError)) return { value, problems }
  const list = promisedIn(value, release)
  return { value: list.value, problems: [...problems, ...list.problems] }
}

async function readNamed(path: string): Promise<Read<Whitelist | undefined>> {
  const { value: found, problems } = await findWhitelists(path)
  if (!found) return { value: undefined, problems }
  if (found.kind === 'one') return readJoined(found.source)
  const problem: Problem = {
    kind: 'usage',
    message: 'This folder holds the whitelists of several variants.',
    place: { file: path },
    excerpt: found.whitelists.map(({ variant, source }) => `${variant}: ${source.path}`),
    advice: 'Name one of them.',
  }
  return { value: undefined, problems: [problem] }
}
