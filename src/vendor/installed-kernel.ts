import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { withChecksums } from '../baseline/find-whitelist.ts'
import { mayExist } from '../baseline/whitelist-files.ts'

/** Which kernel to look for, and where. */
export interface KernelSearch {
  /** The folder that stands for `/`. */
  readonly root: string
  /** As `uname -r` says it. */
  readonly release: string
  /** The machine, as RPM names it; used where the release does not end in its name. */
  readonly arch: string
  /** The folder of its modules, where that is another one than `lib/modules/RELEASE` of the root. */
  readonly folder?: string
}

/** What packages of a kernel left on a machine. */
interface InstalledKernel {
  readonly whitelist: WhitelistSource | undefined
  /** Its Module.symvers. */
  readonly symvers: string | undefined
  /** One of its own modules. */
  readonly module: string | undefined
}

/** The machine that a release of RHEL 6 or later ends with; undefined where it names none. */
export function archOfRelease(release: string): string | undefined {
  return archAtEnd.exec(release)?.[1]
}

/** `.x86_64` at the end of a release, as RHEL 6 and later have it. */
const archAtEnd = /\.(x86_64|i[3-6]86|aarch64|ppc64le|ppc64|s390x|riscv64)$/

/**
 * Looks for the whitelist of a kernel where kernel-devel (RHEL 5: `kabi_whitelist` in the folder of a kernel's headers)
 * and the packages kernel-abi-whitelists and kernel-abi-stablelists (`/lib/modules/kabi-current`, else the newest
 * `/lib/modules/kabi-*`) install it, and for the kernel's Module.symvers and modules.
 *
 * Problems: `unreadable` for a folder that could not be looked at. Use `noInstalledWhitelist` when there is no list.
 */
export async function findInstalledKernel(search: KernelSearch): Promise<Read<InstalledKernel>> {
  try {
    const whitelist = await firstOf(await whitelistPlaces(search))
    const arch = archOfSearch(search)
    const beside = whitelist?.replace(/[^/]+$/, `Module.kabi_${arch}`)
    const value = {
      whitelist: whitelist === undefined ? undefined : await withChecksums(whitelist, beside),
      symvers: await firstOf(symversPlaces(search)),
      module: await firstModule(join(search.root, 'lib/modules', search.release, 'kernel')),
    }
    return { value, problems: [] }
  } catch (error) {
    const value = { whitelist: undefined, symvers: undefined, module: undefined }
    return { value, problems: [fileProblem('unreadable', search.root, error)] }
  }
}

/**
 * Looks for a module of a kernel's own in its folder below `lib/modules`: any one tells the flags that it was built with.
 *
 * Problems: `unreadable` for a folder that could not be looked at.
 */
export async function findOwnModule(folder: string): Promise<Read<string | undefined>> {
  try {
    return { value: await firstModule(join(folder, 'kernel')), problems: [] }
  } catch (error) {
    return { value: undefined, problems: [fileProblem('unreadable', folder, error)] }
  }
}

/** The problem of a kernel without a whitelist; lists every place tried. */
export async function noInstalledWhitelist(search: KernelSearch): Promise<Problem> {
  return {
    kind: 'no-whitelist',
    message: `No whitelist is installed for the kernel ${quote(search.release)}.`,
    excerpt: (await whitelistPlaces(search)).map((place) => 'tried ' + place),
    advice:
      'Install kernel-devel or kernel-abi-stablelists, or name the list with --whitelist or the variant with --variant.',
  }
}

/**
 * Looks for the Module.symvers of a kernel where its packages install it.
 *
 * Problems: `no-symvers` with every place tried; `unreadable` for a folder that could not be looked at.
 */
export async function findInstalledSymvers(search: KernelSearch): Promise<Read<string | undefined>> {
  const places = symversPlaces(search)
  try {
    const value = await firstOf(places)
    return { value, problems: value === undefined ? [noInstalledSymvers(search.release, places)] : [] }
  } catch (error) {
    return { value: undefined, problems: [fileProblem('unreadable', search.root, error)] }
  }
}

function noInstalledSymvers(release: string, places: readonly string[]): Problem {
  return {
    kind: 'no-symvers',
    message: `None is installed for the kernel ${quote(release)}.`,
    excerpt: places.map((place) => 'tried ' + place),
    advice: 'Install the kernel-devel of that kernel, or name the file with --symvers.',
  }
}

async function whitelistPlaces(search: KernelSearch): Promise<readonly string[]> {
  const { root, release } = search
  const arch = archOfSearch(search)
  const headers = [`${release}-${arch}`, release, `${release}.${arch}`]
  const modules = join(root, 'lib/modules')
  const folders = ['kabi-current', 'kabi', ...(await kabiFolders(modules))]
  return [
    ...headers.map((folder) => join(root, 'usr/src/kernels', folder, 'kabi_whitelist')),
    ...folders.flatMap((folder) =>
      ['stable', 'white', 'locked'].map((kind) => join(modules, folder, `kabi_${kind}list_${arch}`)),
    ),
  ]
}

/** `kabi-rhel86`, `kabi-rhel80`, …: the newest release first. */
async function kabiFolders(modules: string): Promise<readonly string[]> {
  const names = await namesIn(modules)
  const newestFirst = (a: string, b: string) => b.localeCompare(a, 'en', { numeric: true })
  return names.filter((name) => name.startsWith('kabi-') && name !== 'kabi-current').sort(newestFirst)
}

function symversPlaces(search: KernelSearch): readonly string[] {
  const { root, release, folder = join(root, 'lib/modules', release) } = search
  const packed = ['', '.gz', '.xz', '.zst']
  const beside = [
    ...packed.map((suffix) => `boot/symvers-${release}${suffix}`),
    `usr/src/kernels/${release}/Module.symvers`,
    `usr/src/kernels/${release}-${archOfSearch(search)}/Module.symvers`,
    `usr/src/linux-headers-${release}/Module.symvers`,
  ]
  return [
    ...packed.map((suffix) => join(folder, `symvers${suffix}`)),
    ...beside.map((place) => join(root, place)),
    join(folder, 'build/Module.symvers'),
  ]
}

function archOfSearch({ release, arch }: KernelSearch): string {
  return archOfRelease(release) ?? arch
}

async function firstOf(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) if (await mayExist(place)) return place
  return undefined
}

/** The first module in a folder and those below it, by name: any one does. */
async function firstModule(folder: string, depth = 8): Promise<string | undefined> {
  const names = await namesIn(folder)
  const found = names.find((name) => /\.ko(?:\.(?:gz|xz|zst))?$/.test(name))
  if (found !== undefined) return join(folder, found)
  for (const name of depth > 0 ? names : []) {
    const below = await firstModule(join(folder, name), depth - 1)
    if (below !== undefined) return below
  }
  return undefined
}

/** Sorted; none of what is not there, or is no folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw error
  }
}
