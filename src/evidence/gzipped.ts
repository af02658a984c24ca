import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { decompress } from '../io/decompress.ts'
import type { Unpacked } from '../io/unpacked.ts'

/** Packs bytes; the same bytes, and the same zlib, give the same archive. */
export function pack(bytes: Uint8Array): Promise<Uint8Array> {
  return promisify(gzip)(bytes, { level: 9 })
}

/** Unpacks what `pack` packed, and stops at `maxBytes`; whatever is no gzip archive is refused. */
export async function unpack(bytes: Uint8Array, maxBytes: number): Promise<Unpacked> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { kind: 'failed', reason: 'is no gzip archive' }
  return decompress(bytes, maxBytes)
}
