import { expect, it } from 'vitest'
import { alignColumns } from '../../src/report/text/align-columns.ts'

it('aligns columns two spaces apart, without trailing spaces', () => {
  expect(
    alignColumns(
      [
        ['a', 'bb', 'c'],
        ['aaa', 'b', ''],
      ],
      '  ',
    ),
  ).toEqual(['  a    bb  c', '  aaa  b'])
})

it('aligns numbers to the right', () => {
  expect(
    alignColumns([
      [{ text: '7', align: 'right' }, 'x'],
      [{ text: '860', align: 'right' }, 'y'],
    ]),
  ).toEqual(['  7  x', '860  y'])
})

it('leaves out a column that is empty in every row', () => {
  expect(
    alignColumns([
      ['a', '', 'c'],
      ['b', '', 'd'],
    ]),
  ).toEqual(['a  c', 'b  d'])
})

it('lets one very long text stick out instead of moving every row', () => {
  const long = 'x'.repeat(60)
  expect(
    alignColumns([
      ['a', '1'],
      [long, '2'],
      ['bbb', '3'],
    ]),
  ).toEqual(['a    1', `${long}  2`, 'bbb  3'])
})

it('does not count paint as width', () => {
  const paint = (text: string) => `<${text}>`
  expect(
    alignColumns([
      [{ text: 'a', paint }, '1'],
      ['bbb', '2'],
    ]),
  ).toEqual(['<a>    1', 'bbb  2'])
})
