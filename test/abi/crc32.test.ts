import { crc32 as ofNode } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32, feedBytes, shift } from '../../src/abi/crc32.ts'

const tables = crc32()

function feed(state: number, bytes: Uint8Array): number {
  return feedBytes(tables, state, bytes, 0, bytes.length)
}

describe('crc32', () => {
  it('agrees with zlib', () => {
    expect(~feed(-1, new TextEncoder().encode('123456789')) >>> 0).toBe(0xcbf43926)
    fc.assert(fc.property(fc.uint8Array(), (bytes) => ~feed(-1, bytes) >>> 0 === ofNode(bytes)))
  })

  it('feeds a range of the bytes alone', () => {
    const bytes = new TextEncoder().encode('..123456789..')
    expect(~feedBytes(tables, -1, bytes, 2, 11) >>> 0).toBe(0xcbf43926)
  })

  it('puts the states of two texts together, however long the second is', () => {
    const text = fc.uint8Array({ maxLength: 1200, size: 'max' })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const together = shift(tables.shift, feed(-1, a), b.length) ^ feed(0, b)
        expect(together).toBe(feed(feed(-1, a), b))
      }),
    )
  })

  it.each([0, 1, 254, 255, 256, 510, 511, 100_000])('moves a state on by %i zero bytes', (length) => {
    expect(shift(tables.shift, 0x12345678, length)).toBe(feed(0x12345678, new Uint8Array(length)))
  })
})
