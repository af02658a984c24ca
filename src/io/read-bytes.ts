import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { decompress } from './decompress.ts'
import { fileProblem } from './file-problem.ts'

export interface ReadOptions {
  /** Most bytes to accept, packed and unpacked; 256 MiB when not given. */
  readonly maxBytes?: number
}

const defaultMaxBytes = 256 * 1024 * 1024

/**
 * Reads a file: plain, or compressed with gzip, xz or zstd, which its first bytes tell, not its name.
 *
 * A device, a pipe or a file of `/proc` is read where it was named itself, such as `/dev/stdin`, and not where a link leads to it.
 *
 * Problems, all `unreadable` and with no bytes: the file is missing, a folder, not permitted, or what only may be named itself; an
 * archive is damaged, incomplete, or unpacks to more than `maxBytes`.
 */
export async function readBytes(
  path: string,
  { maxBytes = defaultMaxBytes }: ReadOptions = {},
): Promise<Read<Uint8Array>> {
  let bytes: Uint8Array | undefined
  try {
    if (await leadsAstray(path))
      return failed(path, 'leads to a device, a pipe or a file of the kernel, which are not read')
    bytes = await packedBytes(path, maxBytes)
  } catch (error) {
    return { value: new Uint8Array(), problems: [fileProblem('unreadable', path, error)] }
  }
  if (!bytes) return failed(path, `is larger than ${maxBytes} bytes`)
  const unpacked = await decompress(bytes, maxBytes)
  return unpacked.kind === 'bytes' ? { value: unpacked.bytes, problems: [] } : failed(path, unpacked.reason)
}

/** True for a link to something that may never end, or that stops who opens it. */
async function leadsAstray(path: string): Promise<boolean> {
  const stands = resolve(path)
  const leads = await realpath(path)
  if (stands === leads || /^\/(?:dev|proc)\//.test(stands)) return false
  const found = await stat(leads)
  return /^\/(?:dev|proc|sys)\//.test(leads) || !(found.isFile() || found.isDirectory())
}

/** All bytes of a file, a pipe or a device; `undefined` when there are more than `maxBytes`. */
async function packedBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const handle = await open(path)
  try {
    const found = await handle.stat()
    if (!found.isFile() && !found.isDirectory()) return await drain(handle, maxBytes)
    return found.size > maxBytes ? undefined : await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function drain(handle: FileHandle, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(64 * 1024), position: null })
    if (bytesRead === 0) return Buffer.concat(chunks, length)
    length += bytesRead
    if (length > maxBytes) return undefined
    chunks.push(buffer.subarray(0, bytesRead))
  }
}

function failed(path: string, reason: string): Read<Uint8Array> {
  const problem: Problem = {
    kind: 'unreadable',
    message: `${quote(path)} ${reason}.`,
    place: { file: path },
  }
  return { value: new Uint8Array(), problems: [problem] }
}
