import { join } from 'node:path'
import { detectDialect } from '../../abi/detect-dialect.ts'
import type { Export } from '../../abi/export.ts'
import { parseSymvers } from '../../abi/parse-symvers.ts'
import { promisedIn, type Release } from '../../abi/promised-in.ts'
import { textLines } from '../../abi/text-lines.ts'
import type { WhitelistRow } from '../../abi/whitelist.ts'
import { isError, type Problem, type Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { variantOfFile } from '../../baseline/find-whitelists.ts'
import { withChecksums } from '../../baseline/find-whitelist.ts'
import { readBaselineOf } from '../../baseline/read-baseline.ts'
import { readSymvers, readWhitelist, symversBytes } from '../../baseline/read-whitelist.ts'
import { machineNamed, machineOfArch } from '../../config/machines.ts'
import type { WhitelistSource } from '../../config/plan.ts'
import { decompress } from '../../io/decompress.ts'
import { readText } from '../../io/read-text.ts'
import { isModuleFile, type PackedFile } from '../../module/archive/packed-file.ts'
import type { KernelModule } from '../../module/kernel-module.ts'
import { rowsBySymbol } from '../../module/load-obstacles.ts'
import { parseModule } from '../../module/parse-module.ts'
import type { PackageFiles } from '../../module/archive/modules-in-archive.ts'
import { readPackage } from '../../module/read-archive.ts'
import { readModules } from '../../module/read-modules.ts'
import type { SourcedList } from '../../whitelists/explain-stored-lists.ts'
import { findInstalledSymvers, findOwnModule } from '../installed-kernel.ts'
import { vermagicOfConfig } from './vermagic-of-config.ts'
import type { InstalledPlace, KernelPlace } from './kernel-place.ts'
import {
  configOf,
  releaseHeader,
  releaseInHeader,
  releaseOfPath,
  symversInPackage,
} from './release-of-path.ts'

/** What is known of one kernel, as far as the loader asks. */
export interface Kernel extends KernelNames {
  readonly table: KernelTable
}

/** A kernel as a report names it. */
export interface KernelNames {
  /** Where it was found. */
  readonly file: string
  /** As `uname -r` says it; undefined where nothing tells. */
  readonly release: string | undefined
  /** The machine, as RPM names it; undefined where nothing tells. */
  readonly arch: string | undefined
  /** The vermagic of its own modules, by one of these or by its configuration; undefined where neither tells. */
  readonly vermagic: string | undefined
  /** What of it is known: every export, or what a whitelist promises. */
  readonly knows: 'exports' | 'promises'
  /** How many symbols that are. */
  readonly symbols: number
}

/** What a reader of kernels has to know beside their places. */
interface Asked {
  /** The machine of the modules, for the places that are named after it. */
  readonly arch: string
  /** Which release of the distribution this is, for lists that say how long a symbol is promised. */
  readonly distribution: Release | undefined
}

/** The symbols of one kernel: all it exports, or only those that a whitelist promises. */
export type KernelTable =
  | { readonly kind: 'exports'; readonly rows: ReadonlyMap<string, readonly Export[]> }
  | {
      readonly kind: 'promises'
      readonly rows: ReadonlyMap<string, WhitelistRow>
      /** With all that ever was promised: types may stand beside it. */
      readonly list: SourcedList
    }

/**
 * Reads the symbols of a kernel, its release, machine and flags, as far as these are there.
 *
 * Problems, with an undefined value: those of `readSymvers`, `readWhitelist` and `readPackage`; `no-symvers` for a kernel or package
 * without a Module.symvers, and for a package with those of several kernels.
 */
export async function readKernel(place: KernelPlace, asked: Asked): Promise<Read<Kernel | undefined>> {
  const read = await readPlace(place, asked)
  return read.problems.some(isError) ? { value: undefined, problems: read.problems } : read
}

function readPlace(place: KernelPlace, { arch, distribution }: Asked): Promise<Read<Kernel | undefined>> {
  switch (place.kind) {
    case 'installed':
      return readInstalled(place, arch)
    case 'package':
      return readKernelPackage(place.file)
    case 'table':
      return readTable(place.file, distribution)
    case 'whitelist':
      return readList(place.source, distribution)
  }
}

async function readInstalled(place: InstalledPlace, arch: string): Promise<Read<Kernel | undefined>> {
  const { file, release, root } = place
  const found = await findInstalledSymvers({ root, release, arch, folder: file })
  if (found.value === undefined) return { value: undefined, problems: found.problems }
  const table = await readSymvers(found.value)
  const own = await findOwnModule(file)
  const modules = own.value === undefined ? undefined : await readModules([own.value])
  const problems = [table, own, modules].flatMap((one) => one?.problems ?? [])
  return {
    value: exportsOf(table.value.exports, { file, release, module: modules?.value[0] }),
    problems,
  }
}

interface Found {
  readonly file: string
  readonly release: string | undefined
  /** One of its own. */
  readonly module?: KernelModule | undefined
  readonly arch?: string | undefined
  /** The text of its configuration. */
  readonly config?: string | undefined
}

function exportsOf(exports: readonly Export[], { file, release, module, arch, config }: Found): Kernel {
  return {
    file,
    release,
    arch: module?.arch ?? arch ?? archAtEnd(release),
    vermagic: module?.info.vermagic ?? vermagicOfConfig(config ?? '', release),
    knows: 'exports',
    symbols: exports.length,
    table: { kind: 'exports', rows: rowsBySymbol(exports) },
  }
}

/** The machine at the end of a release, as RHEL 6 and later have it. */
function archAtEnd(release: string | undefined): string | undefined {
  return machineNamed(release?.split('.').at(-1) ?? '')?.names[0]
}

async function readKernelPackage(file: string): Promise<Read<Kernel | undefined>> {
  const { value: content, problems } = await readPackage(file)
  if (!content) return { value: undefined, problems }
  const found = symversInPackage(content.files)
  if (found.kind === 'none') return { value: undefined, problems: [withoutSymvers(file, found.releases)] }
  const unpacked = await decompress(found.file.bytes, symversBytes)
  const name = `${file}!/${found.file.path}`
  if (unpacked.kind === 'failed') return { value: undefined, problems: [unreadable(name, unpacked.reason)] }
  const table = parseSymvers(new TextDecoder().decode(unpacked.bytes), name)
  const own = await ownModule(content, file)
  return {
    value: exportsOf(table.value.exports, {
      file,
      release: found.release,
      module: own.value,
      arch: machineNamed(content.arch ?? '')?.names[0],
      config: configOf(found.file, content.files),
    }),
    problems: [...table.problems, ...own.problems],
  }
}

const largestModule = 256 * 1024 * 1024

/** The first module that a package has of the kernel itself. */
async function ownModule({ files }: PackageFiles, file: string): Promise<Read<KernelModule | undefined>> {
  const own = ({ path }: PackedFile) =>
    /(?:^|\/)lib\/modules\/[^/]+\/kernel\//.test(path) && isModuleFile(path)
  const module = files.find(own)
  if (!module) return { value: undefined, problems: [] }
  const name = `${file}!/${module.path}`
  const unpacked = await decompress(module.bytes, largestModule)
  if (unpacked.kind === 'failed') return { value: undefined, problems: [unreadable(name, unpacked.reason)] }
  return parseModule(unpacked.bytes, name)
}

async function readTable(file: string, distribution: Release | undefined): Promise<Read<Kernel | undefined>> {
  const text = await readText(file, { maxBytes: symversBytes })
  if (text.problems.length > 0) return { value: undefined, problems: text.problems }
  const detected = detectDialect(textLines(text.value))
  const isTable = detected.kind !== 'dialect' || detected.dialect === 'symvers'
  const variant = /(?:^|\/)symvers-[^/]+$/.test(file) ? undefined : variantOfFile(file)
  if (!isTable || variant !== undefined) {
    const beside = variant === undefined ? undefined : join(file, '..', `Module.kabi_${variant}`)
    return readList(await withChecksums(file, beside), distribution)
  }
  const table = parseSymvers(text.value, file)
  return {
    value: exportsOf(table.value.exports, {
      file,
      release: await releaseBeside(file),
      config: await configBeside(file),
    }),
    problems: table.problems,
  }
}

/** The configuration beside a Module.symvers, as headers have it; empty where there is none. */
async function configBeside(file: string): Promise<string> {
  return (await readText(join(file, '../.config'), { maxBytes: 4 * 1024 * 1024 })).value
}

/** What the build of a kernel wrote beside its Module.symvers, otherwise what the path says. */
async function releaseBeside(file: string): Promise<string | undefined> {
  const { value } = await readText(join(file, '..', releaseHeader), { maxBytes: 4096 })
  return releaseInHeader(value) ?? releaseOfPath(file)
}

async function readList(
  source: WhitelistSource,
  distribution: Release | undefined,
): Promise<Read<Kernel | undefined>> {
  const { value: all, problems: unread } = await readWhitelist(source)
  const { value: list, problems } = promisedIn(all, distribution)
  const { value: baseline, problems: damage } = await readBaselineOf(source)
  const arch = baseline?.baseline.arch
  const value: Kernel = {
    file: source.path,
    release: undefined,
    arch: machineOfArch(arch ?? '')?.names[0],
    vermagic: undefined,
    knows: 'promises',
    symbols: list.rows.length,
    table: {
      kind: 'promises',
      rows: new Map(list.rows.map((row) => [row.symbol, row])),
      list: { whitelist: all, source },
    },
  }
  return { value, problems: [...unread, ...problems, ...damage] }
}

function withoutSymvers(file: string, releases: readonly string[]): Problem {
  return {
    kind: 'no-symvers',
    message:
      releases.length === 0
        ? `${quote(file)} has none.`
        : `${quote(file)} has those of several kernels: ${releases.map(quote).join(', ')}.`,
    place: { file },
    advice:
      releases.length === 0
        ? 'Give the package that has it: linux-headers on Debian, kernel-devel or kernel-core elsewhere.'
        : 'Unpack it, and name their Module.symvers.',
  }
}

function unreadable(file: string, reason: string): Problem {
  return { kind: 'unreadable', message: `${quote(file)} ${reason}.`, place: { file } }
}
