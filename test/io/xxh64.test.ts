import { expect, test } from 'vitest'
import { xxh64 } from '../../src/io/xxh64.ts'

// Values of the reference implementation, `xxhsum -H1`.
test.each([
  ['', 0xef46db3751d8e999n],
  ['a', 0xd24ec4f1a98c6e5bn],
  ['abc', 0x44bc2cf5ad770999n],
  ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
])('the hash of %j', (text, hash) => {
  expect(xxh64(Buffer.from(text))).toBe(hash)
})

// The checksums in the frames that the zstd command writes.
test.each([
  [4, 0x45647dcbn],
  [8, 0x9ad89d3fn],
  [12, 0x26b8a4fcn],
  [32, 0x16b5c6e2n],
  [40, 0x7d2f9d11n],
  [44, 0xacbb3e85n],
  [64, 0x391d340bn],
  [100, 0x631e66a6n],
])('the lower half of the hash of %i bytes', (length, hash) => {
  const text = '0123456789abcdefghijklmnopqrstuvwxyz'.repeat(3).slice(0, length)
  expect(xxh64(Buffer.from(text)) & 0xffffffffn).toBe(hash)
})
