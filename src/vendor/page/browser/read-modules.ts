import { modulesInArchive, isArchive } from '../../../module/archive/modules-in-archive.ts'
import type { Unpacking } from '../../../module/archive/unpacking.ts'
import { concatBytes } from '../../../io/concat-bytes.ts'
import { unpack } from '../../../io/unpack.ts'
import type { Problem, Read } from '../../../problem/problem.ts'
import { quote } from '../../../problem/quote.ts'
import type { KernelModule } from '../../../module/kernel-module.ts'
import { parseModule } from '../../../module/parse-module.ts'
import { readFile } from './read-file.ts'
import { ungzip } from './ungzip.ts'

/** Modules, and how many of the files gave none because something was wrong with them. */
interface ReadFiles extends Read<readonly KernelModule[]> {
  readonly unread: number
}

/** Reads files that were picked or dropped: modules, and packages and archives with modules in them. */
export async function readModules(files: readonly File[]): Promise<ReadFiles> {
  const value: KernelModule[] = []
  const problems: Problem[] = []
  let unread = 0
  for (const file of files) {
    const read = await modulesOf(file)
    value.push(...read.value)
    problems.push(...read.problems)
    if (read.value.length === 0) unread++
  }
  return { value, problems, unread }
}

async function modulesOf(file: File): Promise<Read<readonly KernelModule[]>> {
  const { value: bytes, problems } = await readFile(file)
  if (problems.length > 0) return { value: [], problems }
  if (!isArchive(file.name)) {
    const { value, problems: faults } = parseModule(bytes, file.name)
    return { value: value ? [value] : [], problems: faults }
  }
  const packed = await modulesInArchive(bytes, file.name, browserUnpacking)
  if (packed.value.length === 0 && packed.problems.length === 0) {
    const message = `There is no driver in ${quote(file.name)}.`
    return { value: [], problems: [{ kind: 'unreadable', message, place: { file: file.name } }] }
  }
  const read = packed.value.map((one) => parseModule(one.bytes, `${file.name}!/${one.path}`))
  return {
    value: read.flatMap(({ value }) => value ?? []),
    problems: [...packed.problems, ...read.flatMap((one) => one.problems)],
  }
}

/** What browsers call the digests that they have; MD5 is none of them. */
const algorithms: Readonly<Record<string, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
}

const browserUnpacking: Unpacking = {
  decompress: (bytes, maxBytes) => unpack(bytes, maxBytes, ungzip),
  hashOf: async (by, parts) => {
    const algorithm = algorithms[by]
    // A page that came over plain HTTP has no digests.
    if (algorithm === undefined || !isSecureContext) return undefined
    const digest = await crypto.subtle.digest(algorithm, new Uint8Array(concatBytes(parts)))
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  },
}
