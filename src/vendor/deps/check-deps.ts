import { open } from 'node:fs/promises'
import type { JoinedTables } from '../../abi/join-tables.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { decompress } from '../../io/decompress.ts'
import { readBytes } from '../../io/read-bytes.ts'
import { withoutLinks } from '../../io/without-links.ts'
import type { DriverDisk } from '../disk/driver-disk.ts'
import { withDriverDisk } from '../disk/open-disk.ts'
import { openElf } from '../../module/elf.ts'
import { parseModule } from '../../module/parse-module.ts'
import { readRpm } from '../../module/rpm/read-rpm.ts'
import { isRpm, type RpmPackage } from '../../module/rpm/rpm-package.ts'
import {
  checkAgainst,
  checkPackage,
  offerOf,
  type CheckedModule,
  type ModuleCheck,
  type PackageCheck,
} from './check-package.ts'
import { exportChecksums } from './export-checksums.ts'

interface DepsQuestion {
  /** Packages, images of driver disks, and folders of such disks. */
  readonly paths: readonly string[]
  readonly tables: Pick<JoinedTables, 'kernel' | 'beside'>
  /** The lines of the kernel's groups, where it has some. */
  readonly groups: readonly string[] | undefined
  /** The folder below `rpms/` of a driver disk. */
  readonly arch: string | undefined
}

/** What was found out about one of the paths. */
export interface TargetCheck {
  readonly file: string
  /** Of a driver disk. */
  readonly disk: { readonly description: string; readonly arch: string | undefined } | undefined
  readonly packages: readonly PackageCheck[]
  /** Modules outside of packages. */
  readonly modules: readonly ModuleCheck[]
}

interface Opened {
  readonly file: string
  readonly disk: TargetCheck['disk']
  readonly packages: readonly OpenedPackage[]
  readonly modules: readonly CheckedModule[]
}

interface OpenedPackage {
  readonly file: string
  readonly package: RpmPackage
  readonly modules: readonly CheckedModule[]
}

const largestModule = 256 * 1024 * 1024

/**
 * Tells whether packages, and what is on driver disks, would install and load on a kernel, all of them together: what
 * one provides another may need. A link to another of the paths counts for nothing.
 *
 * Problems: `unreadable` and `unversioned-module` for what could not be read, `usage` for a disk of several
 * architectures when none was named.
 */
export async function checkDeps(question: DepsQuestion): Promise<Read<readonly TargetCheck[]>> {
  const opened: Opened[] = []
  const problems: Problem[] = []
  const { kept } = await withoutLinks(question.paths, (path) => path)
  for (const path of kept) {
    const read = await openTarget(path, question.arch)
    problems.push(...read.problems)
    if (read.value) opened.push(read.value)
  }
  const packages = opened.flatMap((one) => one.packages)
  const modules = [...packages, ...opened].flatMap((one) => one.modules)
  const offer = offerOf(
    question.tables,
    question.groups,
    packages.map((one) => one.package),
    modules,
  )
  const value = opened.map((target): TargetCheck => ({
    file: target.file,
    disk: target.disk,
    packages: target.packages.map((one) => checkPackage(one.file, one.package, one.modules, offer)),
    modules: target.modules.map((one) => checkAgainst(one, offer)),
  }))
  return { value, problems }
}

async function openTarget(path: string, arch: string | undefined): Promise<Read<Opened | undefined>> {
  // The first bytes tell a package from an image, which may be too large to be read as a whole.
  if (await beginsAsRpm(path)) {
    const bytes = await readBytes(path)
    if (bytes.problems.length > 0) return { value: undefined, problems: bytes.problems }
    const read = await openPackage(bytes.value, path)
    if (!read.value) return { value: undefined, problems: read.problems }
    return {
      value: { file: path, disk: undefined, packages: [read.value], modules: [] },
      problems: read.problems,
    }
  }
  return withDriverDisk(path, (disk) => openDisk(disk, path, arch))
}

async function beginsAsRpm(path: string): Promise<boolean> {
  try {
    const handle = await open(path)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
      return isRpm(buffer.subarray(0, bytesRead))
    } finally {
      await handle.close()
    }
  } catch {
    // Reading it as a disk says why.
    return false
  }
}

async function openDisk(disk: DriverDisk, file: string, asked: string | undefined): Promise<Read<Opened>> {
  const problems: Problem[] = []
  const arch = asked ?? (disk.arches.length === 1 ? disk.arches[0] : undefined)
  if (disk.arches.length > 0 && (arch === undefined || !disk.arches.includes(arch))) {
    problems.push(whichArch(file, disk.arches, asked))
  }
  const packages: OpenedPackage[] = []
  for (const one of disk.packages.filter((each) => each.arch === arch)) {
    const read = await openPackage(await one.read(), `${file}/${one.path}`)
    problems.push(...read.problems)
    if (read.value) packages.push({ ...read.value, file: one.path })
  }
  const modules: CheckedModule[] = []
  for (const { path, read } of disk.modules) {
    const inside = `${file}/${path}`
    const unpacked = await decompress(await read(), largestModule)
    if (unpacked.kind === 'failed') {
      problems.push(unreadable(inside, unpacked.reason))
      continue
    }
    const checked = openModule(unpacked.bytes, path, inside)
    problems.push(...checked.problems)
    if (checked.value) modules.push(checked.value)
  }
  const { description } = disk
  return { value: { file, disk: { description, arch }, packages, modules }, problems }
}

async function openPackage(bytes: Uint8Array, file: string): Promise<Read<OpenedPackage | undefined>> {
  const { value: rpm, problems: failed } = await readRpm(bytes, file)
  if (!rpm) return { value: undefined, problems: failed }
  const modules: CheckedModule[] = []
  const problems: Problem[] = []
  for (const { path, bytes: content } of rpm.modules) {
    const read = openModule(content, path, `${file}/${path}`)
    problems.push(...read.problems)
    if (read.value) modules.push(read.value)
  }
  return { value: { file, package: rpm.package, modules }, problems }
}

function openModule(bytes: Uint8Array, path: string, file: string): Read<CheckedModule | undefined> {
  const { value: module, problems } = parseModule(bytes, file)
  if (!module) return { value: undefined, problems }
  const elf = openElf(bytes)
  const exports = elf.kind === 'fault' ? elf : exportChecksums(elf)
  if ('kind' in exports) return { value: undefined, problems: [unreadable(file, exports.reason)] }
  return { value: { path, module, exports }, problems }
}

function unreadable(file: string, reason: string): Problem {
  return { kind: 'unreadable', message: `${quote(file)} ${reason}.`, place: { file } }
}

function whichArch(file: string, arches: readonly string[], asked: string | undefined): Problem {
  const has = `${quote(file)} has packages for ${arches.map(quote).join(', ')}`
  return {
    kind: 'usage',
    message: asked === undefined ? `${has}.` : `${has}, not for ${quote(asked)}.`,
    place: { file },
    advice: 'Name the architecture of the kernel behind the symvers with --arch.',
  }
}
