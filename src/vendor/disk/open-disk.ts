import { open, readdir, readFile, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { fileProblem } from '../../io/file-problem.ts'
import type { ByteSource } from './byte-source.ts'
import { readDriverDisk, type DiskFile, type DriverDisk } from './driver-disk.ts'
import { isIso9660, isoFiles, isoLabel } from './iso9660.ts'

const mostFiles = 100_000

/** A file on a disk larger than this is not read. */
const largestFile = 256 * 1024 * 1024

/** An open image as a source of bytes. */
function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length)
      let at = 0
      while (at < length) {
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at)
        if (bytesRead === 0) throw new Error('the file became shorter while it was read')
        at += bytesRead
      }
      return bytes
    },
  }
}

/**
 * Reads a driver update disk, a folder or an ISO 9660 image, and hands it on while it is open.
 *
 * Problems, all `unreadable`, with an undefined value: no disk, damaged, cut off, no access.
 */
export async function withDriverDisk<T>(
  path: string,
  use: (disk: DriverDisk) => Promise<Read<T>>,
): Promise<Read<T | undefined>> {
  let handle: FileHandle | undefined
  try {
    const found = await stat(path)
    let files: readonly DiskFile[]
    let label: string | undefined
    if (found.isDirectory()) {
      const listed = await folderFiles(path)
      if (!listed) return failed(path, 'has too many files')
      files = listed
    } else {
      handle = await open(path)
      const source = fileSource(handle, found.size)
      if (!(await isIso9660(source))) return failed(path, 'is no RPM package and no ISO 9660 image')
      const listed = await isoFiles(source)
      if ('kind' in listed) return failed(path, listed.reason)
      label = await isoLabel(source)
      files = listed.map(({ path: inside, offset, size }) => ({
        path: inside,
        size,
        read: () => source.read(offset, size),
      }))
    }
    const disk = await readDriverDisk(files, label)
    if (disk.kind === 'fault') return failed(path, disk.reason)
    const large = [...disk.packages, ...disk.modules].find(({ size }) => size > largestFile)
    if (large) return failed(path, `has a file larger than ${largestFile} bytes: ${quote(large.path)}`)
    return await use(disk)
  } catch (error) {
    return { value: undefined, problems: [fileProblem('unreadable', path, error)] }
  } finally {
    await handle?.close()
  }
}

/** Every regular file below a folder; links are not followed. Undefined when there are too many. */
async function folderFiles(top: string): Promise<readonly DiskFile[] | undefined> {
  const files: DiskFile[] = []
  const left = ['']
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    const entries = await readdir(join(top, folder), { withFileTypes: true })
    for (const entry of entries) {
      const path = folder + entry.name
      if (entry.isDirectory()) left.push(path + '/')
      else if (entry.isFile()) {
        const { size } = await stat(join(top, path))
        files.push({ path, size, read: () => readFile(join(top, path)) })
      }
      if (files.length + left.length > mostFiles) return undefined
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function failed(path: string, reason: string): Read<undefined> {
  const problem: Problem = { kind: 'unreadable', message: `${quote(path)} ${reason}.`, place: { file: path } }
  return { value: undefined, problems: [problem] }
}
