import xz from 'xz-decompress'
import { damaged, tooLarge, type Unpacked } from './unpacked.ts'
import { xzStreams } from './xz-streams.ts'

/**
 * Unpacks an xz archive of one or several streams and checks their checksums.
 * @param maxBytes most bytes to unpack
 */
export async function unxz(bytes: Uint8Array, maxBytes: number): Promise<Unpacked> {
  const streams = xzStreams(bytes)
  if (!streams) return damaged('xz')
  const chunks: Uint8Array[] = []
  let length = 0
  for (const stream of streams) {
    const reader = new xz.XzReadableStream(new Blob([stream]).stream()).getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        chunks.push(value)
        length += value.length
        if (length > maxBytes) {
          await reader.cancel()
          return tooLarge(maxBytes)
        }
      }
    } catch (error) {
      return isUnsupported(error) ? { kind: 'failed', reason: unsupported } : damaged('xz')
    }
  }
  return { kind: 'bytes', bytes: Buffer.concat(chunks, length) }
}

const unsupported =
  'uses a feature of xz that cannot be read here, such as SHA-256 checksums; pack it with plain `xz`'

/** The decoder's result codes for a kind of checksum and for a filter that it does not know. */
function isUnsupported(error: unknown): boolean {
  return error instanceof Error && /error code [26]$/.test(error.message)
}
