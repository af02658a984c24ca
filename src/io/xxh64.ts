const prime1 = 0x9e3779b185ebca87n
const prime2 = 0xc2b2ae3d27d4eb4fn
const prime3 = 0x165667b19e3779f9n
const prime4 = 0x85ebca77c2b2ae63n
const prime5 = 0x27d4eb2f165667c5n
const mask = 0xffffffffffffffffn

/**
 * The 64-bit xxHash of some bytes with seed 0, the checksum of zstd frames.
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { length } = bytes
  let at = 0
  let hash = prime5
  if (length >= 32) {
    const lanes: [bigint, bigint, bigint, bigint] = [
      (prime1 + prime2) & mask,
      prime2,
      0n,
      (mask + 1n - prime1) & mask,
    ]
    for (; at + 32 <= length; at += 32) {
      lanes[0] = round(lanes[0], view.getBigUint64(at, true))
      lanes[1] = round(lanes[1], view.getBigUint64(at + 8, true))
      lanes[2] = round(lanes[2], view.getBigUint64(at + 16, true))
      lanes[3] = round(lanes[3], view.getBigUint64(at + 24, true))
    }
    const [a, b, c, d] = lanes
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & mask
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * prime1 + prime4) & mask
  }
  hash = (hash + BigInt(length)) & mask
  for (; at + 8 <= length; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * prime1 + prime4) & mask
  }
  if (at + 4 <= length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * prime1) & mask), 23n) * prime2 + prime3) & mask
    at += 4
  }
  for (; at < length; at++) {
    hash = (rotate(hash ^ ((BigInt(view.getUint8(at)) * prime5) & mask), 11n) * prime1) & mask
  }
  hash = ((hash ^ (hash >> 33n)) * prime2) & mask
  hash = ((hash ^ (hash >> 29n)) * prime3) & mask
  return hash ^ (hash >> 32n)
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * prime2) & mask, 31n) * prime1) & mask
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & mask
}
