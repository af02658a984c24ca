import type { Unpacked } from './unpacked.ts'

/**
 * Unpacks bytes that begin like a gzip, xz or zstd archive; gives any others back as they are.
 * @param maxBytes most bytes to unpack
 * @param ungzip what the place it runs in, Node or a browser, has for gzip
 */
export async function unpack(
  bytes: Uint8Array,
  maxBytes: number,
  ungzip: (bytes: Uint8Array, maxBytes: number) => Promise<Unpacked>,
): Promise<Unpacked> {
  if (startsWith(bytes, [0x1f, 0x8b])) return ungzip(bytes, maxBytes)
  if (startsWith(bytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]))
    return (await import('./unxz.ts')).unxz(bytes, maxBytes)
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd]))
    return (await import('./unzstd.ts')).unzstd(bytes, maxBytes)
  return { kind: 'bytes', bytes }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
