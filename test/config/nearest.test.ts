import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/config/nearest.ts'

const words = ['fail', 'warn', 'ignore', 'cross-compile', 'symvers']

describe('the nearest word', () => {
  it.each([
    ['symver', 'symvers'],
    ['symbers', 'symvers'],
    ['fial', 'fail'],
    ['FAIL', 'fail'],
    ['cross_compile', 'cross-compile'],
    ['crosscompiler', 'cross-compile'],
    ['ingore', 'ignore'],
  ])('to %s is %s', (typed, expected) => {
    expect(nearest(typed, words)).toBe(expected)
  })

  it.each(['error', 'pass', 'x', '', 'compile', 's'.repeat(100_000)])('to %.10s is none', (typed) => {
    expect(nearest(typed, words)).toBeUndefined()
  })

  it('is the first of several that are equally near', () => {
    expect(nearest('bat', ['cat', 'hat'])).toBe('cat')
  })
})
