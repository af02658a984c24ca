import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { readComments } from '../../src/abi/whitelist-comments.ts'
import type { Whitelist, WhitelistRow } from '../../src/abi/whitelist.ts'
import { arbitraryWhitelist } from './arbitrary-whitelist.ts'

/** Writes a whitelist again as it was read, after a change of its rows. */
function rewrite(text: string, change: (rows: readonly WhitelistRow[]) => readonly WhitelistRow[]): string {
  const { value, problems } = parseWhitelist(text, 'w')
  expect(problems).toEqual([])
  return formatWhitelist({ ...value, rows: change(value.rows) }, readComments(text, value.rows))
}

const row = (symbol: string, section = ''): WhitelistRow => ({
  symbol,
  crc: 1,
  module: undefined,
  type: undefined,
  namespace: undefined,
  section,
  file: 'w',
  line: 0,
})

const commented = `# about the list
# in two lines
0x00000001	a
# about c
0x00000001	c
# about net
[net]
# about x
0x00000001	x
# the end
`

describe('comments', () => {
  it.each<[string, (rows: readonly WhitelistRow[]) => readonly WhitelistRow[], string]>([
    ['stay where they are', (rows) => rows, commented],
    ['stay when rows are only in another order', (rows) => [...rows].reverse(), commented],
    [
      'stay with their row when rows come before it',
      (rows) => [...rows, row('B'), row('b')],
      commented
        .replace('0x00000001\ta\n', '0x00000001\tB\n0x00000001\ta\n')
        .replace('# about c\n', '0x00000001\tb\n# about c\n'),
    ],
    [
      'go with their row',
      (rows) => rows.filter(({ symbol }) => symbol !== 'c'),
      commented.replace('# about c\n0x00000001\tc\n', ''),
    ],
    [
      'of the list stay when its first row goes',
      (rows) => rows.filter(({ symbol }) => symbol !== 'a'),
      commented.replace('0x00000001\ta\n', ''),
    ],
    [
      'of a section go with its last row',
      (rows) => rows.filter(({ symbol }) => symbol !== 'x'),
      commented.replace('# about net\n[net]\n# about x\n0x00000001\tx\n', ''),
    ],
    [
      'stay with a row that changes',
      (rows) => rows.map((one) => (one.symbol === 'c' ? { ...one, crc: 2 } : one)),
      commented.replace('0x00000001\tc', '0x00000002\tc'),
    ],
    [
      'at the end stay behind a new section',
      (rows) => [...rows, row('m', 'mm')],
      commented.replace('# the end', '[mm]\n0x00000001\tm\n# the end'),
    ],
  ])('%s', (_, change, expected) => {
    expect(rewrite(commented, change)).toBe(expected)
  })

  it('above a symbol of two sections stay in theirs', () => {
    const text = '# head\n[a]\n# first\n0x00000001\tx\n[b]\n# second\n0x00000001\tx\n'
    expect(rewrite(text, (rows) => rows)).toBe(text)
    expect(rewrite(text, (rows) => rows.filter(({ section }) => section === 'b'))).toBe(
      '# head\n[b]\n# second\n0x00000001\tx\n',
    )
  })

  it('before sections that are brought together are kept, all of them', () => {
    const text = '[a]\n0x00000001\tx\n[b]\n0x00000001\ty\n# again\n[a]\n0x00000001\tz\n'
    expect(rewrite(text, (rows) => rows)).toBe(
      '# again\n[a]\n0x00000001\tx\n0x00000001\tz\n[b]\n0x00000001\ty\n',
    )
  })

  it('are never lost while the rows stay, wherever they stand', () => {
    fc.assert(
      fc.property(arbitraryWhitelist, fc.array(fc.nat(60), { maxLength: 20 }), (whitelist, places) => {
        const text = withComments(whitelist, places)
        expect(rewrite(text, (rows) => rows)).toBe(text)
      }),
    )
  })
})

/** A canonical text with a comment above the lines of these numbers. */
function withComments(whitelist: Whitelist, places: readonly number[]): string {
  const lines = formatWhitelist(whitelist).split('\n').slice(0, -1)
  for (const place of places) lines.splice(place % (lines.length + 1), 0, `# comment ${place}`)
  return lines.map((line) => line + '\n').join('')
}
