import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { decompress } from '../io/decompress.ts'
import { readBytes } from '../io/read-bytes.ts'
import { arMembers, isAr } from './archive/ar.ts'
import { isModuleFile, type ArchiveFault, type PackedFile } from './archive/packed-file.ts'
import { tarFiles } from './archive/tar.ts'
import { modulesInRpm } from './rpm/read-rpm.ts'

/** Most bytes of a package, of what it unpacks to, and of its modules together. */
const maxBytes = 1024 * 1024 * 1024

/** The modules of an archive, unpacked. */
type Reader = (bytes: Uint8Array, file: string) => Promise<Read<readonly PackedFile[]>>

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
 * Reads the kernel modules in a package or an archive, unpacked. What else is in it is passed over.
 *
 * Problems, all `unreadable` and without modules: cut off, damaged, unpacks to too much, packed with something else than
 * gzip, xz or zstd.
 */
export async function readArchive(path: string): Promise<Read<readonly PackedFile[]>> {
  const reader = readers.find(({ name }) => name.test(path))
  // A tar archive inside of its compression is unpacked here.
  const { value, problems } = await readBytes(path, { maxBytes })
  if (!reader || problems.length > 0) return { value: [], problems }
  return reader.read(value, path)
}

async function modulesInDeb(bytes: Uint8Array, file: string): Promise<Read<readonly PackedFile[]>> {
  const members = isAr(bytes) ? arMembers(bytes) : []
  if ('kind' in members) return failed(file, members.reason)
  const data = members.find(({ path }) => /^data\.tar(?:\.\w+)?$/.test(path))
  if (!data) return failed(file, 'is no Debian package: it has no data')
  if (!/^data\.tar(?:\.(?:gz|xz|zst))?$/.test(data.path)) {
    return failed(file, `is packed as ${quote(data.path)}, which cannot be read here: gzip, xz and zstd can`)
  }
  const unpacked = await decompress(data.bytes, maxBytes)
  return unpacked.kind === 'failed' ? failed(file, unpacked.reason) : modulesInTar(unpacked.bytes, file)
}

async function modulesInTar(bytes: Uint8Array, file: string): Promise<Read<readonly PackedFile[]>> {
  const files: readonly PackedFile[] | ArchiveFault = tarFiles(bytes)
  if ('kind' in files) return failed(file, files.reason)
  const modules: PackedFile[] = []
  let left = maxBytes
  for (const { path, bytes: packed } of files) {
    if (!isModuleFile(path)) continue
    const unpacked = await decompress(packed, left)
    if (unpacked.kind === 'failed') return failed(file, `holds ${quote(path)}, which ${unpacked.reason}`)
    left -= unpacked.bytes.length
    if (left < 0) return failed(file, `unpacks to more than ${maxBytes} bytes`)
    modules.push({ path, bytes: unpacked.bytes })
  }
  return { value: modules, problems: [] }
}

function failed(file: string, reason: string): Read<readonly PackedFile[]> {
  const problem: Problem = { kind: 'unreadable', message: `${quote(file)} ${reason}.`, place: { file } }
  return { value: [], problems: [problem] }
}
