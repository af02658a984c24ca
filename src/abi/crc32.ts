/**
 * CRC-32 as zlib and genksyms compute it: reflected, polynomial 0xedb88320. A state is the checksum of what was fed so
 * far, without the final inversion, as a signed 32-bit number.
 *
 * A table-driven CRC is linear: the state after `A B` is the state after `A`, moved on by as many zero bytes as B has,
 * xor the state that B alone gives from zero. A text that occurs often is therefore read once; afterwards its length
 * and its own state stand for it.
 */
interface Crc32 {
  /** What one byte does: entry `(state ^ byte) & 255`, 256 of them. */
  readonly byte: Int32Array
  /** What n zero bytes do to each byte of a state: 4 x 256 entries for each n up to `longestShift`. */
  readonly shift: Int32Array
}

/** The most zero bytes that one look-up takes. */
const longestShift = 255
const entriesOfShift = 4 * 256

let tables: Crc32 | undefined

/** The tables, made at the first call. */
export function crc32(): Crc32 {
  return (tables ??= makeTables())
}

/** The state after the bytes from `start` to before `end`. */
export function feedBytes(
  { byte }: Crc32,
  state: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let crc = state
  for (let at = start; at < end; at++) crc = (byte[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8)
  return crc
}

/** The state after `length` zero bytes. */
export function shift(table: Int32Array, state: number, length: number): number {
  let crc = state
  let rest = length
  while (rest > longestShift) {
    crc = shiftOnce(table, crc, longestShift)
    rest -= longestShift
  }
  return shiftOnce(table, crc, rest)
}

function shiftOnce(table: Int32Array, crc: number, length: number): number {
  const at = length * entriesOfShift
  return (
    (table[at + (crc & 255)] ?? 0) ^
    (table[at + 256 + ((crc >>> 8) & 255)] ?? 0) ^
    (table[at + 512 + ((crc >>> 16) & 255)] ?? 0) ^
    (table[at + 768 + (crc >>> 24)] ?? 0)
  )
}

function makeTables(): Crc32 {
  const byte = new Int32Array(256)
  for (let value = 0; value < 256; value++) {
    let crc = value
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    byte[value] = crc
  }
  return { byte, shift: makeShifts(byte) }
}

function makeShifts(byte: Int32Array): Int32Array {
  const table = new Int32Array((longestShift + 1) * entriesOfShift)
  const images = Array.from({ length: 32 }, (_, bit) => 1 << bit)
  for (let length = 0; length <= longestShift; length++) {
    for (let entry = 0; entry < entriesOfShift; entry++) {
      const group = (entry >> 8) * 8
      let crc = 0
      for (let bit = 0; bit < 8; bit++) if (entry & (1 << bit)) crc ^= images[group + bit] ?? 0
      table[length * entriesOfShift + entry] = crc
    }
    for (const [bit, crc] of images.entries()) images[bit] = (byte[crc & 255] ?? 0) ^ (crc >>> 8)
  }
  return table
}
