import { expect, it } from 'vitest'
import { compareAllLayouts } from '../../../src/abi/layouts/compare-all-layouts.ts'
import { parseLayouts } from '../../../src/abi/layouts/parse-layouts.ts'

function layouts(lines: readonly string[]) {
  const all = ['kabi-gate layouts, version 1', 'pointer 4', 'o a.o', ...lines]
  return parseLayouts([...all, `end ${all.length}`, ''].join('\n'), 'layouts').value
}

const others = [
  'e#e enum 1 - 0',
  ' A 0',
  's#in struct 12 4 0',
  ' x 0 u32[3]',
  's#far struct 4 4 0',
  ' x 0 u32',
]
const holder = (last: string) => [
  's#a struct 64 4 0',
  ...[
    ' i 0 s#in',
    ' list 96 s#in[2]',
    ' far 288 s#far *',
    ' - 320 {1} union',
    '  e 320 e#e',
    `  o 320 ${last}`,
  ],
]

it('a changed type tells how large pointers are, and what lies in it, on both sides', () => {
  const before = layouts([...others, ...holder('u8')])
  const after = layouts([...others, ...holder('s#opaque')])
  const held = new Map([
    ['s#in', 12],
    ['e#e', 1],
  ])
  expect(compareAllLayouts({ before, after })).toMatchObject([
    { name: 's#a', sizes: { before: { pointer: 4, held }, after: { pointer: 4, held } } },
  ])
})

it('an enumeration and a prototype have nothing in them', () => {
  const before = layouts(['v f 0 u32', 'e#e enum 4 - 0', ' A 0'])
  const after = layouts(['v f 0 s32', 'e#e enum 4 - 0', ' A 1'])
  expect(compareAllLayouts({ before, after }).map(({ name, sizes }) => [name, sizes])).toEqual([
    ['f', undefined],
    ['e#e', undefined],
  ])
})
