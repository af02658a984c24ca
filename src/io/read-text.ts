import { open, type FileHandle } from 'node:fs/promises'
import type { Problem, Read } from '../abi/problem.ts'
import { quote } from '../abi/quote.ts'
import { decompress } from './decompress.ts'
import { fileProblem } from './file-problem.ts'

/** 256 MiB: a hundred times the largest Module.symvers. */
const defaultMaxBytes = 256 * 1024 * 1024

/**
 * Reads a text file in UTF-8: plain, or compressed with gzip, xz or zstd, which its first bytes tell, not its name.
 *
 * Problems, all `unreadable` and with an empty text: the file is missing, a folder, not permitted; an archive is
 * damaged, incomplete, or unpacks to more than `maxBytes`; the text is not UTF-8.
 * @param options.maxBytes most bytes to accept, packed and unpacked; 256 MiB when not given
 */
export async function readText(
  path: string,
  options: { readonly maxBytes?: number } = {},
): Promise<Read<string>> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes
  let bytes: Uint8Array | undefined
  try {
    bytes = await readBytes(path, maxBytes)
  } catch (error) {
    return { value: '', problems: [fileProblem('unreadable', path, error)] }
  }
  if (!bytes) return failed(path, `is larger than ${maxBytes} bytes`)
  const unpacked = await decompress(bytes, maxBytes)
  return unpacked.kind === 'bytes' ? decode(path, unpacked.bytes) : failed(path, unpacked.reason)
}

/** All bytes of a file, a pipe or a device; `undefined` when there are more than `maxBytes`. */
async function readBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const handle = await open(path)
  try {
    const stat = await handle.stat()
    if (!stat.isFile() && !stat.isDirectory()) return await drain(handle, maxBytes)
    return stat.size > maxBytes ? undefined : await handle.readFile()
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

function decode(path: string, bytes: Uint8Array): Read<string> {
  try {
    return { value: new TextDecoder('utf-8', { fatal: true }).decode(bytes), problems: [] }
  } catch {
    const lenient = new TextDecoder().decode(bytes)
    const before = lenient.slice(0, lenient.indexOf('\uFFFD'))
    const line = before.split('\n').length
    return failed(path, `is not text in UTF-8: line ${line} holds other bytes`, line)
  }
}

function failed(path: string, reason: string, line?: number): Read<string> {
  const problem: Problem = {
    kind: 'unreadable',
    message: `${quote(path)} ${reason}.`,
    place: line === undefined ? { file: path } : { file: path, line },
  }
  return { value: '', problems: [problem] }
}
