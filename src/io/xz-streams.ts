import { xzNumbers } from './xz-numbers.ts'

const headerSize = 12
const footerSize = 12

/**
 * Cuts an xz archive into its streams, from the end, where each stream records its size. The decoder stops after the
 * first stream, and this tells a file that was cut off before any byte is unpacked.
 * @returns undefined when the sizes do not add up
 * @see https://tukaani.org/xz/xz-file-format.txt sections 2.1.2 and 4
 */
export function xzStreams(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const streams: Uint8Array[] = []
  let end = bytes.length
  while (end > 0) {
    end = withoutPadding(bytes, end)
    const size = streamSize(bytes.subarray(0, end))
    if (size === undefined || size > end) return undefined
    streams.unshift(bytes.subarray(end - size, end))
    end -= size
  }
  return streams
}

function withoutPadding(bytes: Uint8Array, end: number): number {
  while (end >= 4 && bytes.subarray(end - 4, end).every((byte) => byte === 0)) end -= 4
  return end
}

/** The size of the stream that ends where `bytes` end. */
function streamSize(bytes: Uint8Array): number | undefined {
  const footer = bytes.length - footerSize
  if (footer < headerSize || bytes[footer + 10] !== 0x59 || bytes[footer + 11] !== 0x5a) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const indexSize = (view.getUint32(footer + 4, true) + 1) * 4
  const index = footer - indexSize
  if (index < headerSize || bytes[index] !== 0) return undefined
  const blocks = blocksSize(bytes.subarray(index + 1, footer))
  return blocks === undefined ? undefined : headerSize + blocks + indexSize + footerSize
}

/** The total size of the blocks that an index lists as pairs of their packed and unpacked sizes. */
function blocksSize(index: Uint8Array): number | undefined {
  const next = xzNumbers(index)
  const count = next()
  let total = 0
  for (let block = 0; block < count && !Number.isNaN(total); block++) {
    total += Math.ceil(next() / 4) * 4
    next()
  }
  return Number.isSafeInteger(total + count) ? total : undefined
}
