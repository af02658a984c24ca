import { Decompress } from 'fzstd'
import { concatBytes } from './concat-bytes.ts'
import { damaged, tooLarge, type Unpacked } from './unpacked.ts'
import { xxh64 } from './xxh64.ts'
import { zstdFrames } from './zstd-frames.ts'

/** What the zstd command itself accepts without being told otherwise. */
const maxWindow = 128 * 1024 * 1024

/**
 * Unpacks a zstd archive of one or several frames and checks their checksums, which the decoder does not.
 * @param maxBytes most bytes to unpack
 */
export function unzstd(bytes: Uint8Array, maxBytes: number): Unpacked {
  const frames = zstdFrames(bytes)
  if (!frames) return damaged('zstd')
  const contents: Uint8Array[] = []
  let left = maxBytes
  for (const { bytes: frame, window, checksum } of frames) {
    if (window > Math.max(maxWindow, maxBytes)) return tooLarge(maxBytes)
    const content = unpackFrame(frame, left)
    if (content.kind === 'failed') return content.tooLarge ? tooLarge(maxBytes) : damaged('zstd')
    if (!hasChecksum(content.bytes, checksum)) return damaged('zstd')
    contents.push(content.bytes)
    left -= content.bytes.length
  }
  return { kind: 'bytes', bytes: concatBytes(contents) }
}

type Frame =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly tooLarge: boolean }

function unpackFrame(frame: Uint8Array, maxBytes: number): Frame {
  const chunks: Uint8Array[] = []
  let length = 0
  const decoder = new Decompress((chunk) => {
    length += chunk.length
    if (length > maxBytes) throw new RangeError('too large')
    chunks.push(chunk)
  })
  try {
    decoder.push(frame, true)
  } catch {
    return { kind: 'failed', tooLarge: length > maxBytes }
  }
  return { kind: 'bytes', bytes: concatBytes(chunks) }
}

function hasChecksum(content: Uint8Array, checksum: number | undefined): boolean {
  return checksum === undefined || Number(xxh64(content) & 0xffffffffn) === checksum
}
