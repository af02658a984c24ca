import { describe, expect, it } from 'vitest'
import { arrayOf, bitsOf } from '../../../src/abi/layouts/size-of-type.ts'

const sizes = { pointer: 8, layoutOf: () => undefined }

describe('the size of an array', () => {
  it.each<[type: string, bits: number | undefined]>([
    ['u8', 8],
    ['u8[4][3]', 96],
    ['u8[]', 0],
    ['void *[2]', 128],
    ['u8 (u8[2]) *', 64],
    ['s#unknown[2]', undefined],
    [']', undefined],
    ['[x]', undefined],
  ])('%s', (type, bits) => {
    expect(bitsOf(type, sizes)).toBe(bits)
  })

  it('is found in one go, however many bounds somebody writes', () => {
    const many = '[1]'.repeat(300_000)
    expect(arrayOf(`u8${many}`)).toMatchObject({ element: 'u8' })
    expect(arrayOf(`${many}x`)).toEqual({ element: `${many}x`, bounds: [] })
    expect(bitsOf(`u8${many}x`, sizes)).toBe(8)
  })
})
