import { isAscii } from 'node:buffer'

/** The text of bytes in UTF-8; undefined for other bytes. */
export function decoded(bytes: Uint8Array): string | undefined {
  // Several times as fast, and nearly always so.
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
