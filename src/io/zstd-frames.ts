/** One frame of a zstd archive. */
interface ZstdFrame {
  readonly bytes: Uint8Array
  /** Memory that its decoder needs to look back, in bytes. */
  readonly window: number
  /** Lower half of the XXH64 of the unpacked content, where the frame records it. */
  readonly checksum: number | undefined
}

/**
 * Cuts a zstd archive into its frames; skippable frames, which hold no content, are left out.
 * @returns undefined when the archive is cut off or is none
 * @see RFC 8878, sections 3.1.1 and 3.1.2
 */
export function zstdFrames(bytes: Uint8Array): readonly ZstdFrame[] | undefined {
  const frames: ZstdFrame[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    for (let start = 0; start < bytes.length;) {
      const magic = view.getUint32(start, true)
      if (magic >>> 4 === 0x184d2a5) {
        start += 8 + view.getUint32(start + 4, true)
        if (start > bytes.length) return undefined
        continue
      }
      if (magic !== 0xfd2fb528) return undefined
      const { window, blocks, hasChecksum } = frameHeader(view, start)
      const afterBlocks = skipBlocks(view, blocks)
      const end = hasChecksum ? afterBlocks + 4 : afterBlocks
      if (end > bytes.length) return undefined
      const checksum = hasChecksum ? view.getUint32(afterBlocks, true) : undefined
      frames.push({ bytes: bytes.subarray(start, end), window, checksum })
      start = end
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined // read behind the end
    throw error
  }
  return frames
}

function frameHeader(
  view: DataView,
  start: number,
): { readonly window: number; readonly blocks: number; readonly hasChecksum: boolean } {
  const descriptor = view.getUint8(start + 4)
  const single = (descriptor & 0x20) !== 0
  const dictionarySize = [0, 1, 2, 4][descriptor & 3] ?? 0
  const sizeFlag = descriptor >>> 6
  const sizeSize = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag
  const sizeAt = start + (single ? 5 : 6) + dictionarySize
  const window = single ? contentSize(view, sizeAt, sizeSize) : windowSize(view.getUint8(start + 5))
  return { window, blocks: sizeAt + sizeSize, hasChecksum: (descriptor & 4) !== 0 }
}

function contentSize(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at)
  if (size === 2) return view.getUint16(at, true) + 256
  if (size === 4) return view.getUint32(at, true)
  return Number(view.getBigUint64(at, true))
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** The offset behind the last of the blocks that begin at `at`. */
function skipBlocks(view: DataView, at: number): number {
  for (;;) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    const repeatsOneByte = ((header >>> 1) & 3) === 1
    at += 3 + (repeatsOneByte ? 1 : header >>> 3)
    if ((header & 1) !== 0) return at
  }
}
