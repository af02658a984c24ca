import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import type { Unpacking } from '../archive/unpacking.ts'
import { isModuleFile } from '../archive/packed-file.ts'
import { cpioFiles, type CpioFile } from './cpio.ts'
import { readRpmPackage, type RpmPackage } from './rpm-package.ts'

/** A package and the kernel modules in it. */
export interface ReadRpm {
  readonly file: string
  readonly package: RpmPackage
  readonly modules: readonly PackedModule[]
}

/** A package and what is in it, each file as it was packed into it. */
interface RpmFiles {
  readonly package: RpmPackage
  readonly files: readonly CpioFile[]
}

/** A kernel module of a package. */
interface PackedModule {
  /** `lib/modules/5.14.0-284.el9.x86_64/extra/e1000e.ko.xz`. */
  readonly path: string
  /** Unpacked: an ELF file. */
  readonly bytes: Uint8Array
}

const defaultMaxBytes = 512 * 1024 * 1024

const readable: ReadonlySet<string> = new Set(['gzip', 'xz', 'zstd', 'none', 'identity'])

/**
 * Reads an RPM package and unpacks the kernel modules in it, with nothing of rpm installed.
 *
 * Problems, all `unreadable`, with an undefined value: those of `filesInRpm`, and a module that cannot be unpacked.
 * @param file the name to use in messages
 * @param maxBytes most bytes that the payload may unpack to, and again its modules together
 */
export async function unpackRpm(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
  maxBytes = defaultMaxBytes,
): Promise<Read<ReadRpm | undefined>> {
  const read = await filesInRpm(bytes, file, unpacking, maxBytes)
  if (!read.value) return { value: undefined, problems: read.problems }
  const modules = await unpackModules(read.value.files, unpacking, maxBytes)
  if ('reason' in modules) return failed(file, modules.reason)
  return { value: { file, package: read.value.package, modules }, problems: [] }
}

/**
 * Reads an RPM package and lists the files in it, each as it was packed into it.
 *
 * Problems, all `unreadable`, with an undefined value: no package, cut off, damaged, unpacks to too much, or packed with
 * something else than gzip, xz or zstd.
 * @param file the name to use in messages
 * @param maxBytes most bytes that the payload may unpack to
 */
export async function filesInRpm(
  bytes: Uint8Array,
  file: string,
  unpacking: Unpacking,
  maxBytes = defaultMaxBytes,
): Promise<Read<RpmFiles | undefined>> {
  const read = await readRpmPackage(bytes, unpacking.hashOf)
  if (read.kind === 'fault') return failed(file, read.reason)
  const { offset, format, compressor } = read.payload
  if (format !== 'cpio')
    return failed(file, `has a payload of the form ${quote(format)}, which cannot be read here`)
  if (!readable.has(compressor)) {
    return failed(
      file,
      `is packed with ${quote(compressor)}, which cannot be read here: gzip, xz and zstd can`,
    )
  }
  const payload = await unpacking.decompress(bytes.subarray(offset), maxBytes)
  if (payload.kind === 'failed') return failed(file, `has a payload that ${payload.reason}`)
  const files = cpioFiles(payload.bytes)
  if ('kind' in files) return failed(file, files.reason)
  return { value: { package: read, files }, problems: [] }
}

async function unpackModules(
  files: readonly CpioFile[],
  { decompress }: Unpacking,
  maxBytes: number,
): Promise<readonly PackedModule[] | { readonly reason: string }> {
  const modules: PackedModule[] = []
  let left = maxBytes
  for (const { path, bytes } of files) {
    if (!isModuleFile(path)) continue
    const unpacked = await decompress(bytes, left)
    if (unpacked.kind === 'failed') return { reason: `has a module ${quote(path)} that ${unpacked.reason}` }
    left -= unpacked.bytes.length
    modules.push({ path, bytes: unpacked.bytes })
  }
  return modules
}

function failed(file: string, reason: string): Read<undefined> {
  const problem: Problem = { kind: 'unreadable', message: `${quote(file)} ${reason}.`, place: { file } }
  return { value: undefined, problems: [problem] }
}
