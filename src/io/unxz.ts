import xz from 'xz-decompress'
import { concatBytes } from './concat-bytes.ts'
import { damaged, tooLarge, type Unpacked } from './unpacked.ts'
import { hasSha256, withoutSha256 } from './xz-sha256.ts'
import { xzStreams } from './xz-streams.ts'

/**
 * Unpacks an xz archive of one or several streams and checks their checksums.
 * @param maxBytes most bytes to unpack
 */
export async function unxz(bytes: Uint8Array, maxBytes: number): Promise<Unpacked> {
  const streams = xzStreams(bytes)
  if (!streams) return damaged('xz')
  const contents: Uint8Array[] = []
  let left = maxBytes
  for (const stream of streams) {
    const content = await unpackStream(stream, left)
    if (content === 'too large') return tooLarge(maxBytes)
    if (content === 'damaged') return damaged('xz')
    if (content === 'unsupported') return { kind: 'failed', reason: unsupported }
    contents.push(content)
    left -= content.length
  }
  return { kind: 'bytes', bytes: concatBytes(contents) }
}

type Content = Uint8Array | 'too large' | 'damaged' | 'unsupported'

async function unpackStream(stream: Uint8Array, maxBytes: number): Promise<Content> {
  if (!hasSha256(stream)) return decode(stream, maxBytes)
  const unchecked = withoutSha256(stream)
  if (!unchecked) return 'damaged'
  const content = await decode(unchecked.stream, maxBytes)
  if (typeof content === 'string') return content
  let at = 0
  for (const { size, sha256 } of unchecked.blocks) {
    const block = content.subarray(at, at + size)
    if (!(await hasDigest(block, sha256))) return 'damaged'
    at += size
  }
  return at === content.length ? content : 'damaged'
}

async function hasDigest(block: Uint8Array, sha256: Uint8Array): Promise<boolean> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', unshared(block)))
  return digest.every((byte, index) => byte === sha256[index])
}

/** Bytes for the interfaces that browsers have, too; what is read from files never is in shared memory. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}

async function decode(stream: Uint8Array, maxBytes: number): Promise<Content> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = new xz.XzReadableStream(new Blob([unshared(stream)]).stream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return concatBytes(chunks)
      chunks.push(value)
      length += value.length
      if (length > maxBytes) {
        await reader.cancel()
        return 'too large'
      }
    }
  } catch (error) {
    return isUnsupported(error) ? 'unsupported' : 'damaged'
  }
}

const unsupported = 'uses a feature of xz that cannot be read here, such as a filter; pack it with plain `xz`'

/** The decoder's result codes for a kind of checksum and for a filter that it does not know. */
function isUnsupported(error: unknown): boolean {
  return error instanceof Error && /error code [26]$/.test(error.message)
}
