import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { decompress } from '../../io/decompress.ts'
import { readBytes } from '../../io/read-bytes.ts'
import type { DriverDisk } from '../disk/driver-disk.ts'
import { withDriverDisk } from '../disk/open-disk.ts'
import { openElf } from '../../module/elf.ts'
import { parseModule } from '../../module/parse-module.ts'
import { readRpm } from '../../module/rpm/read-rpm.ts'
import { isRpm, type RpmPackage } from '../../module/rpm/rpm-package.ts'
import type { CheckedModule } from './check-package.ts'
import { exportChecksums } from './export-checksums.ts'

/** What was read of a package, or of a driver disk. */
export interface Opened {
  readonly file: string
  readonly disk: { readonly description: string; readonly arch: string | undefined } | undefined
  readonly packages: readonly OpenedPackage[]
  /** Modules outside of packages. */
  readonly modules: readonly CheckedModule[]
}

/** A package with what its modules need and export. */
export interface OpenedPackage {
  /** Its path; from the top of the disk if it is on one. */
  readonly file: string
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string
  readonly package: RpmPackage
  readonly modules: readonly CheckedModule[]
}

const largestModule = 256 * 1024 * 1024

/**
 * Reads a package, or the packages and modules on a driver disk, which is an image or a folder.
 *
 * Problems: `unreadable` and `unversioned-module` for what could not be read, `usage` for a disk of several
 * architectures when none was named.
 */
export async function openTarget(path: string, arch: string | undefined): Promise<Read<Opened | undefined>> {
  // The first bytes tell a package from an image, which may be too large to be read as a whole.
  if (await beginsAsRpm(path)) {
    const read = await openPackageFile(path)
    if (!read.value) return { value: undefined, problems: read.problems }
    return {
      value: { file: path, disk: undefined, packages: [read.value], modules: [] },
      problems: read.problems,
    }
  }
  return withDriverDisk(path, (disk) => openDisk(disk, path, arch))
}

/** Reads a package and nothing else; problems as with `openTarget`. */
export async function openPackageFile(path: string): Promise<Read<OpenedPackage | undefined>> {
  const { value: bytes, problems } = await readBytes(path)
  return problems.length > 0 ? { value: undefined, problems } : openPackage(bytes, path)
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

/** Reads the packages for one architecture, and the modules outside of packages, of an open driver disk; problems as with `openTarget`. */
export async function openDisk(
  disk: Pick<DriverDisk, 'description' | 'arches' | 'packages' | 'modules'>,
  file: string,
  asked: string | undefined,
): Promise<Read<Opened>> {
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
  const digest = createHash('sha256').update(bytes).digest('hex')
  return { value: { file, digest, package: rpm.package, modules }, problems }
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
