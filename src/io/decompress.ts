import { gunzip } from 'node:zlib'
import { errorCode } from './file-problem.ts'
import { unpack } from './unpack.ts'
import { damaged, tooLarge, type Unpacked } from './unpacked.ts'

/**
 * Unpacks bytes that begin like a gzip, xz or zstd archive; gives any others back as they are.
 * @param maxBytes most bytes to unpack
 */
export function decompress(bytes: Uint8Array, maxBytes: number): Promise<Unpacked> {
  return unpack(bytes, maxBytes, ungzip)
}

function ungzip(bytes: Uint8Array, maxOutputLength: number): Promise<Unpacked> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength }, (error, unpacked) => {
      if (!error) resolve({ kind: 'bytes', bytes: unpacked })
      else resolve(errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxOutputLength) : damaged('gzip'))
    })
  })
}
