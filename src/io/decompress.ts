import { gunzip } from 'node:zlib'
import { errorCode } from './file-problem.ts'
import { damaged, tooLarge, type Unpacked } from './unpacked.ts'
import { unxz } from './unxz.ts'
import { unzstd } from './unzstd.ts'

/**
 * Unpacks bytes that begin like a gzip, xz or zstd archive; gives any others back as they are.
 * @param maxBytes most bytes to unpack
 */
export async function decompress(bytes: Uint8Array, maxBytes: number): Promise<Unpacked> {
  if (startsWith(bytes, [0x1f, 0x8b])) return ungzip(bytes, maxBytes)
  if (startsWith(bytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return unxz(bytes, maxBytes)
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return unzstd(bytes, maxBytes)
  return { kind: 'bytes', bytes }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

function ungzip(bytes: Uint8Array, maxOutputLength: number): Promise<Unpacked> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength }, (error, unpacked) => {
      if (!error) resolve({ kind: 'bytes', bytes: unpacked })
      else resolve(errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxOutputLength) : damaged('gzip'))
    })
  })
}
