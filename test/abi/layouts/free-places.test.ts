import { describe, expect, it } from 'vitest'
import { freePlaces, placeFor } from '../../../src/abi/layouts/free-places.ts'
import type { AggregateLayout } from '../../../src/abi/layouts/layout.ts'
import { parseLayouts } from '../../../src/abi/layouts/parse-layouts.ts'

const sizes = { pointer: 8, layoutOf: () => undefined }

function struct(size: number, ...members: readonly string[]): AggregateLayout {
  const lines = [
    'kabi-gate layouts, version 1',
    'pointer 8',
    'o a.o',
    `s#x struct ${size} 8 0`,
    ...members.map((line) => ` ${line}`),
  ]
  const { value, problems } = parseLayouts([...lines, `end ${lines.length}`, ''].join('\n'), '')
  const layout = value.types.get('s#x')?.value
  if (problems.length > 0 || !layout || layout.kind === 'enum') throw new Error(JSON.stringify(problems))
  return layout
}

const shown = (layout: AggregateLayout) =>
  freePlaces(layout, sizes).map(
    ({ offset, bytes, behind, last }) => `${behind} ${offset}+${bytes}${last ? ' last' : ''}`,
  )

describe('the free places of a structure', () => {
  it.each<[what: string, layout: AggregateLayout, expected: readonly string[]]>([
    ['a hole', struct(16, 'lock 0 u32', 'next 64 void *'), ['lock 4+4']],
    ['padding at the end', struct(16, 'next 0 void *', 'flag 64 u8'), ['flag 9+7 last']],
    ['none', struct(16, 'a 0 u64', 'b 64 u64'), []],
    ['behind bit-fields, from the next byte on', struct(8, 'a 0:3 u32', 'b 3:6 u32', 'c 32 u32'), ['b 2+2']],
    ['behind an array', struct(16, 'name 0 u8[5]', 'n 64 u64'), ['name 5+3']],
    ['behind what has no name', struct(16, '- 0 {4} struct', ' a 0 u32', 'n 64 u64'), [' 4+4']],
    ['none behind a type of unknown size', struct(16, 'a 0 s#other', 'n 64 u64'), []],
  ])('are %s', (_, layout, expected) => {
    expect(shown(layout)).toEqual(expected)
  })

  it('are none of a union', () => {
    expect(freePlaces({ ...struct(16, 'a 0 u32'), kind: 'union' }, sizes)).toEqual([])
  })

  it('take a member where its alignment lets them, the smallest first', () => {
    const places = freePlaces(struct(40, 'a 0 u8', 'b 64 u64', 'c 128 u8', 'd 144 u16', 'e 192 u64'), sizes)
    expect(places.map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [1, 7],
      [17, 1],
      [20, 4],
      [32, 8],
    ])
    expect([1, 2, 4, 8].map((bytes) => placeFor(places, bytes, bytes)?.offset)).toEqual([17, 20, 20, 32])
    expect(placeFor(places, 16, 8)).toBeUndefined()
  })
})
