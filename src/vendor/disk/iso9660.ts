import type { ByteSource } from './byte-source.ts'
import { readRockRidge, type RockRidge } from './rock-ridge.ts'

/** A regular file of an image. */
interface IsoFile {
  /** `rpms/x86_64/kmod-e1000e-3.8.4-1.el9.x86_64.rpm`. */
  readonly path: string
  readonly offset: number
  readonly size: number
}

/** Why bytes are no image, worded to follow the file's name: "is cut off". */
export interface DiskFault {
  readonly kind: 'fault'
  readonly reason: string
}

interface Directory {
  readonly path: string
  readonly depth: number
  readonly block: number
  readonly size: number
}

interface DirectoryRecord {
  readonly block: number
  readonly size: number
  readonly flags: number
  readonly name: Uint8Array
  readonly systemUse: Uint8Array
}

const sector = 2048
const firstDescriptor = 16
const mostDescriptors = 64
/** Of all directories together: room for a hundred bytes a file and more. */
const mostDirectoryBytes = 64 * 1024 * 1024
const mostEntries = 100_000
const deepest = 32
const mostContinuations = 4
const flagDirectory = 2
const flagMoreExtents = 0x80

/** Whether a source begins as an ISO 9660 image. */
export async function isIso9660({ size, read }: ByteSource): Promise<boolean> {
  if (size < (firstDescriptor + 1) * sector) return false
  return textAt(await read(firstDescriptor * sector, 6), 1, 5) === 'CD001'
}

/** The volume identifier of an image, by which installers find it: `OEMDRV`; undefined where there is none. Source: ECMA-119, 8.4.7. */
export async function isoLabel(source: ByteSource): Promise<string | undefined> {
  const descriptor = await primaryDescriptor(source)
  return 'kind' in descriptor ? undefined : textAt(descriptor, 40, 32).replace(/[ \0]+$/, '') || undefined
}

/**
 * Lists the regular files of an ISO 9660 image with their Rock Ridge names; without these, names are in lower case and
 * without version, as Linux shows them. Symbolic links are left out. Every directory is read once, whatever points
 * there, and nothing outside of the image is looked at.
 * Sources of the format: ECMA-119, chapters 8 and 9; IEEE P1281 and P1282.
 */
export async function isoFiles(source: ByteSource): Promise<readonly IsoFile[] | DiskFault> {
  const descriptor = await primaryDescriptor(source)
  if ('kind' in descriptor) return descriptor
  const view = viewOf(descriptor)
  const blockSize = view.getUint16(128, true)
  if (![512, 1024, 2048].includes(blockSize)) return fault('is damaged: it has blocks of an unknown size')
  const root = recordAt(descriptor.subarray(0, 190), 156)
  if (!root) return fault('is damaged: it has no root directory')
  const files: IsoFile[] = []
  const seen = new Set<number>()
  const left: Directory[] = [{ path: '', depth: 0, block: root.block, size: root.size }]
  let entries = 0
  let bytes = 0
  for (let directory = left.pop(); directory; directory = left.pop()) {
    if (seen.has(directory.block)) continue
    seen.add(directory.block)
    bytes += directory.size
    if (bytes > mostDirectoryBytes) return fault('has too large folders')
    const records = await directoryRecords(source, directory, blockSize)
    if ('kind' in records) return records
    // The pieces of a file that has several are records of one name; the last one lacks the flag.
    let inPieces = false
    for (const record of records) {
      if (++entries > mostEntries) return fault('has too many files')
      const rest = await rockRidgeOf(source, record, blockSize)
      const name = nameOf(record, rest)
      const path = directory.path + name
      const more = (record.flags & flagMoreExtents) !== 0
      const piece = inPieces
      inPieces = more
      if (rest.elsewhere) continue
      if (rest.child !== undefined || (record.flags & flagDirectory) !== 0) {
        if (directory.depth >= deepest) return fault('has folders that are too deep')
        const block = rest.child ?? record.block
        const size = rest.child === undefined ? record.size : await sizeOfDirectory(source, block, blockSize)
        if (size === undefined) return fault(`is cut off: the folder ${path} is not in it`)
        left.push({ path: path + '/', depth: directory.depth + 1, block, size })
        continue
      }
      if (piece || more) return fault(`has a file in several pieces, ${path}, which cannot be read here`)
      const offset = record.block * blockSize
      if (offset + record.size > source.size) return fault(`is cut off: ${path} ends beyond the end of it`)
      files.push({ path, offset, size: record.size })
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function primaryDescriptor({ size, read }: ByteSource): Promise<Uint8Array | DiskFault> {
  for (let index = firstDescriptor; index < firstDescriptor + mostDescriptors; index++) {
    if ((index + 1) * sector > size) break
    const descriptor = await read(index * sector, sector)
    if (textAt(descriptor, 1, 5) !== 'CD001') break
    if (descriptor[0] === 1) return descriptor
    if (descriptor[0] === 255) break
  }
  return fault('is no ISO 9660 image, or is cut off in its descriptors')
}

async function directoryRecords(
  { size: end, read }: ByteSource,
  { path, block, size }: Directory,
  blockSize: number,
): Promise<readonly DirectoryRecord[] | DiskFault> {
  const name = path === '' ? 'its root directory' : `the folder ${path}`
  if (block * blockSize + size > end) return fault(`is cut off: ${name} ends beyond the end of it`)
  const bytes = await read(block * blockSize, size)
  const records: DirectoryRecord[] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0
    if (length === 0) {
      // Records do not cross sectors: what is left of this one is empty.
      at = (Math.floor(at / sector) + 1) * sector
      continue
    }
    const record = recordAt(bytes, at)
    if (!record) return fault(`is damaged: ${name} has an entry that does not fit`)
    at += length
    const [first = 0] = record.name
    const own = record.name.length === 1 && first < 2
    if (!own) records.push(record)
  }
  return records
}

/** The record at an offset; undefined when it does not fit. */
function recordAt(bytes: Uint8Array, at: number): DirectoryRecord | undefined {
  const length = bytes[at] ?? 0
  const nameLength = bytes[at + 32] ?? 0
  // A name of even length is followed by one byte, so that what comes then begins evenly.
  const systemUse = 33 + nameLength + (nameLength % 2 === 0 ? 1 : 0)
  if (length < 34 || nameLength === 0 || 33 + nameLength > length || at + length > bytes.length)
    return undefined
  const view = viewOf(bytes)
  return {
    block: view.getUint32(at + 2, true),
    size: view.getUint32(at + 10, true),
    flags: bytes[at + 25] ?? 0,
    name: bytes.subarray(at + 33, at + 33 + nameLength),
    systemUse: bytes.subarray(at + Math.min(systemUse, length), at + length),
  }
}

async function rockRidgeOf(
  { size, read }: ByteSource,
  { systemUse }: DirectoryRecord,
  blockSize: number,
): Promise<RockRidge> {
  let found = readRockRidge(systemUse)
  for (let part = 0; found.next && part < mostContinuations; part++) {
    const { block, offset, length } = found.next
    const at = block * blockSize + offset
    if (length > sector || at + length > size) break
    found = readRockRidge(await read(at, length), found)
  }
  return found
}

/** What the directory's record of itself says. */
async function sizeOfDirectory(
  { size, read }: ByteSource,
  block: number,
  blockSize: number,
): Promise<number | undefined> {
  const at = block * blockSize
  if (at + sector > size) return undefined
  return recordAt(await read(at, sector), 0)?.size
}

function nameOf({ name }: DirectoryRecord, { name: longName }: RockRidge): string {
  const text = longName ?? plainName(new TextDecoder('latin1').decode(name))
  // A slash inside of a name would be another folder.
  return text.replaceAll('/', '_')
}

/** `KMOD_E10.RPM;1` is `kmod_e10.rpm`, `RHDD3.;1` is `rhdd3`. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/;\d+$/, '').replace(/\.$/, '')
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function fault(reason: string): DiskFault {
  return { kind: 'fault', reason }
}
