import { describe, expect, it } from 'vitest'
import { written } from '../../src/report/model/span.ts'
import { variantsInWords } from '../../src/report/model/variant-words.ts'
import { textPen } from '../../src/report/text/text-pen.ts'
import { counted, partOfVariants } from '../../src/report/words.ts'

const loud = { ...textPen, text: (name: string) => name.toUpperCase() }

const ten = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']

describe('variantsInWords', () => {
  it.each([
    [ten, ten, 'all 10 variants'],
    [['a', 'b'], ['a', 'b'], 'both variants'],
    [['a'], ['a'], 'A'],
    [ten.slice(1), ten, 'all variants but A'],
    [ten.slice(2), ten, 'all variants but A and B'],
    [ten.slice(3), ten, 'D, E, F, G, H, I, J'],
    [['a', 'c'], ['a', 'b', 'c'], 'A, C'],
    [ten, [...ten, 'x', 'y', 'z'], 'A, B, C, D, E, F, G, H and 2 more'],
    [ten, [], 'A, B, C, D, E, F, G, H and 2 more'],
  ])('puts %j of %j as: %s', (some, all, expected) => {
    expect(written(variantsInWords(some, all), loud)).toBe(expected)
  })
})

it.each([
  [1, 10, '1 of 10 variants'],
  [10, 10, 'all 10 variants'],
  [2, 2, 'both variants'],
])('%i of %i variants is %s', (some, all, expected) => {
  expect(partOfVariants(some, all)).toBe(expected)
})

it('counts one thing without an s', () => {
  expect([0, 1, 2].map((count) => counted(count, 'symbol'))).toEqual(['0 symbols', '1 symbol', '2 symbols'])
})
