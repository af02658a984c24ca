import type { Read } from '../problem/problem.ts'
import { readBytes } from '../io/read-bytes.ts'
import {
  archiveBytes,
  filesInPackage,
  modulesInArchive,
  type PackageFiles,
} from './archive/modules-in-archive.ts'
import { nodeUnpacking } from './archive/node-unpacking.ts'
import type { PackedFile } from './archive/packed-file.ts'

/**
 * Reads the kernel modules in a package or an archive, unpacked, as `modulesInArchive` does.
 *
 * Problems: those, and `unreadable` for a file that cannot be read.
 */
export async function readArchive(path: string): Promise<Read<readonly PackedFile[]>> {
  // A tar archive inside of its compression is unpacked here.
  const { value, problems } = await readBytes(path, { maxBytes: archiveBytes })
  return problems.length > 0 ? { value: [], problems } : modulesInArchive(value, path, nodeUnpacking)
}

/** Lists the files in a package, as `filesInPackage` does. Problems: those, and `unreadable` for a file that cannot be read. */
export async function readPackage(path: string): Promise<Read<PackageFiles | undefined>> {
  const { value, problems } = await readBytes(path, { maxBytes: archiveBytes })
  return problems.length > 0 ? { value: undefined, problems } : filesInPackage(value, path, nodeUnpacking)
}
