import { expect, test } from 'vitest'
import { zstdFrames } from '../../src/io/zstd-frames.ts'
import { symversZst } from './archives.ts'

test('a frame ends behind its checksum', () => {
  expect(zstdFrames(Buffer.concat([symversZst, symversZst]))).toMatchObject([
    { bytes: symversZst, checksum: 0xc8b4b2f1 },
    { bytes: symversZst, checksum: 0xc8b4b2f1 },
  ])
})

test('a frame without checksum ends behind its last block', () => {
  const without = Uint8Array.from(symversZst.subarray(0, -4), (byte, index) =>
    index === 4 ? byte & ~4 : byte,
  )
  expect(zstdFrames(without)).toMatchObject([{ bytes: without, checksum: undefined }])
  expect(zstdFrames(without.subarray(0, -1))).toBeUndefined()
})

test('what begins like no frame is none', () => {
  expect(
    zstdFrames(Uint8Array.from(symversZst, (byte, index) => (index === 0 ? byte ^ 1 : byte))),
  ).toBeUndefined()
})

test('a skippable frame that is cut off is no end', () => {
  const skippable = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3])
  expect(zstdFrames(Buffer.concat([symversZst, skippable]))).toBeUndefined()
})
