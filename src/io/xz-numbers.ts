/**
 * Reads the numbers of an xz index one after the other.
 * @returns gives the next one, and NaN behind the last
 * @see https://tukaani.org/xz/xz-file-format.txt section 1.2
 */
export function xzNumbers(bytes: Uint8Array): () => number {
  let at = 0
  return () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) return NaN
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
}
