import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { unpackRpm } from '../rpm/unpack-rpm.ts'
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
  const members = isAr(bytes) ? arMembers(bytes) : []
  if ('kind' in members) return failed(file, members.reason)
  const data = members.find(({ path }) => /^data\.tar(?:\.\w+)?$/.test(path))
  if (!data) return failed(file, 'is no Debian package: it has no data')
  if (!/^data\.tar(?:\.(?:gz|xz|zst))?$/.test(data.path)) {
    return failed(file, `is packed as ${quote(data.path)}, which cannot be read here: gzip, xz and zstd can`)
  }
  const unpacked = await unpacking.decompress(data.bytes, archiveBytes)
  return unpacked.kind === 'failed'
    ? failed(file, unpacked.reason)
    : modulesInTar(unpacked.bytes, file, unpacking)
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
