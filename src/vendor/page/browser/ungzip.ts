import { concatBytes } from '../../../io/concat-bytes.ts'
import { damaged, tooLarge, type Unpacked } from '../../../io/unpacked.ts'

/**
 * Unpacks gzip as browsers do.
 * @param maxBytes most bytes to unpack
 */
export async function ungzip(bytes: Uint8Array, maxBytes: number): Promise<Unpacked> {
  const reader = new Blob([new Uint8Array(bytes)])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { kind: 'bytes', bytes: concatBytes(chunks) }
      chunks.push(value)
      length += value.length
      if (length > maxBytes) {
        await reader.cancel()
        return tooLarge(maxBytes)
      }
    }
  } catch {
    return damaged('gzip')
  }
}
