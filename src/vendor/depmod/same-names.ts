import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isError, type Problem, type Read } from '../../problem/problem.ts'
import { errorCode, fileProblem } from '../../io/file-problem.ts'
import { readText } from '../../io/read-text.ts'
import { realPath } from '../../io/real-path.ts'
import { isModuleFile } from '../../module/archive/packed-file.ts'
import type { KernelModule } from '../../module/kernel-module.ts'
import type { InstalledPlace } from '../kernels/kernel-place.ts'
import { loadedName, parseDepmodConf, whichWins, type DepmodRules } from './depmod-conf.ts'

/** Where packages put modules beside those of the kernel: Debian's DKMS and driver disks, kmod packages, weak-modules. */
const driverFolders = ['updates', 'extra', 'weak-updates'] as const

/** A driver whose name a kernel has already. */
export interface SameName {
  /** The driver, by its index among the modules. */
  readonly module: number
  /** Modules of that name that are installed for the kernel, from its folder; the driver itself is not among them. */
  readonly installed: readonly string[]
  /** True when it is built into the kernel: then no module of that name is loaded. */
  readonly builtIn: boolean
  /** For each folder where the driver may be, or for the one where it is: which files depmod would take. */
  readonly placed: readonly { readonly path: string; readonly wins: readonly string[] }[]
  /** The `search` that decides. */
  readonly search: readonly string[]
}

/**
 * Tells which of some drivers have the name of a module that is installed for a kernel, and which of the two depmod would take, by the
 * files of depmod.d below the kernel's root.
 *
 * Problems: those of `parseDepmodConf`; `unreadable` for a folder or file that cannot be looked at.
 */
export async function findSameNames(
  place: InstalledPlace,
  modules: readonly KernelModule[],
): Promise<Read<readonly SameName[]>> {
  try {
    const rules = await readRules(place)
    const builtIn = await builtInNames(place.file)
    const problems = [...rules.problems, ...builtIn.problems]
    if (problems.some(isError)) return { value: [], problems }
    const names = new Map(modules.map(({ name }) => [loadedName(name), [] as string[]]))
    await listModules(place.file, '', rules.value, names)
    const found: SameName[] = []
    for (const [index, module] of modules.entries()) {
      const known = names.get(loadedName(module.name)) ?? []
      const own = await pathOf(module, place.file, known)
      const installed = known.filter((path) => path !== own)
      const isBuiltIn = builtIn.value.has(loadedName(module.name))
      if (installed.length === 0 && !isBuiltIn) continue
      const paths =
        own === undefined ? driverFolders.map((folder) => `${folder}/${basename(module.file)}`) : [own]
      const placed = paths.map((path) => ({ path, wins: whichWins([...installed, path], rules.value) }))
      found.push({ module: index, installed, builtIn: isBuiltIn, placed, search: rules.value.search })
    }
    return { value: found, problems: [] }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return { value: [], problems: [fileProblem('unreadable', place.file, error)] }
  }
}

/** The folders of depmod.d(5); of two files of one name, the one in the folder before counts. */
const ruleFolders = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib'].map((folder) => `${folder}/depmod.d`)

async function readRules({ root, release }: InstalledPlace): Promise<Read<DepmodRules>> {
  const files = new Map<string, string>()
  for (const folder of ruleFolders)
    for (const name of await namesIn(join(root, folder)))
      if (/^[^.].*\.conf$/.test(name) && !files.has(name)) files.set(name, join(root, folder, name))
  const texts: { file: string; text: string }[] = []
  const problems: Problem[] = []
  for (const [, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const read = await readText(file, { maxBytes: 1024 * 1024 })
    problems.push(...read.problems)
    texts.push({ file, text: read.value })
  }
  const rules = parseDepmodConf(texts, release)
  return { value: rules.value, problems: [...problems, ...rules.problems] }
}

const deepest = 16

/** Gathers the paths of modules whose names are asked for. Links are followed, as depmod does. */
async function listModules(
  folder: string,
  below: string,
  rules: DepmodRules,
  names: ReadonlyMap<string, string[]>,
): Promise<void> {
  if (below.split('/').length > deepest) return
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.name === 'build' || entry.name === 'source' || rules.excluded.includes(entry.name)) continue
    if (isModuleFile(entry.name)) names.get(loadedName(nameOf(entry.name)))?.push(path)
    else if (await isFolder(join(folder, path), entry)) await listModules(folder, path, rules, names)
  }
}

function nameOf(file: string): string {
  return file.replace(/\.ko(?:\.\w+)?$/, '')
}

async function isFolder(
  path: string,
  entry: { readonly isDirectory: () => boolean; readonly isSymbolicLink: () => boolean },
): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** Of `modules.builtin`, where it is: a path a line. */
async function builtInNames(folder: string): Promise<Read<ReadonlySet<string>>> {
  const names = await namesIn(folder)
  if (!names.includes('modules.builtin')) return { value: new Set(), problems: [] }
  const { value, problems } = await readText(join(folder, 'modules.builtin'))
  return { value: new Set(value.split('\n').map((line) => loadedName(nameOf(basename(line))))), problems }
}

/** Where a driver stands itself among modules of its name; a link in weak-updates counts, too. */
async function pathOf(
  { file }: KernelModule,
  folder: string,
  known: readonly string[],
): Promise<string | undefined> {
  const real = await realPath(file)
  for (const path of known) if ((await realPath(join(folder, path))) === real) return path
  return undefined
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw error
  }
}
