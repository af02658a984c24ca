import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { filesInRpm, unpackRpm } from '../rpm/unpack-rpm.ts'
import { arMembers, isAr } from './ar.ts'
import { isModuleFile, type ArchiveFault, type PackedFile } from './packed-file.ts'
import { tarFiles } from './tar.ts'
import type { Unpacking } from './unpacking.ts'

/** Most bytes of an archive, of what it unpacks to, and of its modules together. */
export const archiveBytes = 1024 * 1024 * 1024

/** The modules of an archive, unpacked. */
type Reader = (bytes: Uint8Array, file: string, unpacking: Unpacking) => Promise<Read<readonly PackedFile[]>>

/** How each kind of archive is read, by the end of its name: the one place that knows kinds. */
const readers: readonly { readonly name: RegExp; readonly read: Reader }[] = [
  { name: /\.deb$/, read: modulesInDeb },
  { name: /\.(?:tar(?:\.(?:gz|xz|zst))?|tgz|txz)$/, read: modulesInTar },
  { name: /\.rpm$/, read: modulesInRpm },
]

/** True for a file that is an archive of modules by its name. */
export function isArchive(path: string): boolean {
  return readers.some(({ name }) => name.test(path))
}

/**
 * Lists the kernel modules in a package or an archive, unpacked. What else is in it is passed over.
 *
 * Problems, all `unreadable` and without modules: cut off, damaged, unpacks to too much, packed with something else than
 * gzip, xz or zstd.
 * @param bytes of a tar archive: out of its compression
 * @param file its name, which tells what it is
 */
export async function modulesInArchive(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
): Promise<Read<readonly PackedFile[]>> {
  const reader = readers.find(({ name }) => name.test(file))
  return reader ? reader.read(bytes, file, unpacking) : { value: [], problems: [] }
}

async function modulesInRpm(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
): Promise<Read<readonly PackedFile[]>> {
  const { value, problems } = await unpackRpm(bytes, file, unpacking)
  return { value: value?.modules ?? [], problems }
}

async function modulesInDeb(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
): Promise<Read<readonly PackedFile[]>> {
  const tar = await debMember(bytes, file, 'data', unpacking)
  return tar.value ? modulesInTar(tar.value, file, unpacking) : { value: [], problems: tar.problems }
}

/** What is in a package, and for which machine it is, as the package names it. */
export interface PackageFiles {
  readonly arch: string | undefined
  /** Each as it was packed into the package: a file of it may be compressed. */
  readonly files: readonly PackedFile[]
}

/** True for a file that is a package by its name. */
export function isPackage(path: string): boolean {
  return /\.(?:deb|rpm)$/.test(path)
}

/**
 * Lists the files in a package, `.deb` or `.rpm`.
 *
 * Problems, all `unreadable`, with an undefined value: as for `modulesInArchive`.
 */
export async function filesInPackage(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
): Promise<Read<PackageFiles | undefined>> {
  if (file.endsWith('.deb')) return filesInDeb(bytes, file, unpacking)
  const { value: rpm, problems } = await filesInRpm(bytes, file, unpacking, archiveBytes)
  return { value: rpm && { arch: rpm.package.arch, files: rpm.files }, problems }
}

async function filesInDeb(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
): Promise<Read<PackageFiles | undefined>> {
  const lists: (readonly PackedFile[])[] = []
  for (const member of ['control', 'data'] as const) {
    const tar = await debMember(bytes, file, member, unpacking)
    if (!tar.value) return { value: undefined, problems: tar.problems }
    const files: readonly PackedFile[] | ArchiveFault = tarFiles(tar.value)
    if ('kind' in files) return { value: undefined, problems: failed(file, files.reason).problems }
    lists.push(files)
  }
  const [about = [], files = []] = lists
  const control = about.find(({ path }) => path === 'control')
  const arch = /^Architecture: *(\S+) *$/m.exec(new TextDecoder().decode(control?.bytes))?.[1]
  return { value: { arch, files }, problems: [] }
}

/** One of the two archives that a Debian package is made of (deb(5)), unpacked. */
async function debMember(
  bytes: Uint8Array,
  file: string,
  name: 'control' | 'data',
  unpacking: Unpacking,
): Promise<Read<Uint8Array | undefined>> {
  const fail = (reason: string) => ({ value: undefined, problems: failed(file, reason).problems })
  const members = isAr(bytes) ? arMembers(bytes) : []
  if ('kind' in members) return fail(members.reason)
  const member = members.find(({ path }) => path.startsWith(`${name}.tar`))
  if (!member) return fail(`is no Debian package: it has no ${name}`)
  if (!/^\w+\.tar(?:\.(?:gz|xz|zst))?$/.test(member.path)) {
    return fail(`is packed as ${quote(member.path)}, which cannot be read here: gzip, xz and zstd can`)
  }
  const unpacked = await unpacking.decompress(member.bytes, archiveBytes)
  return unpacked.kind === 'failed' ? fail(unpacked.reason) : { value: unpacked.bytes, problems: [] }
}

async function modulesInTar(
  bytes: Uint8Array,
  file: string,
  { decompress }: Unpacking,
): Promise<Read<readonly PackedFile[]>> {
  const files: readonly PackedFile[] | ArchiveFault = tarFiles(bytes)
  if ('kind' in files) return failed(file, files.reason)
  const modules: PackedFile[] = []
  let left = archiveBytes
  for (const { path, bytes: packed } of files) {
    if (!isModuleFile(path)) continue
    const unpacked = await decompress(packed, left)
    if (unpacked.kind === 'failed') return failed(file, `holds ${quote(path)}, which ${unpacked.reason}`)
    left -= unpacked.bytes.length
    if (left < 0) return failed(file, `unpacks to more than ${archiveBytes} bytes`)
    modules.push({ path, bytes: unpacked.bytes })
  }
  return { value: modules, problems: [] }
}

function failed(file: string, reason: string): Read<readonly PackedFile[]> {
  const problem: Problem = { kind: 'unreadable', message: `${quote(file)} ${reason}.`, place: { file } }
  return { value: [], problems: [problem] }
}
