import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareWhitelists, onlyGrew } from '../../src/abi/compare-whitelists.ts'
import { compare } from '../../src/abi/compare.ts'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import type { Whitelist, WhitelistRow } from '../../src/abi/whitelist.ts'
import { arbitraryWhitelist } from './arbitrary-whitelist.ts'

function list(...lines: string[]): Whitelist {
  const { value, problems } = parseWhitelist(lines.map((line) => line + '\n').join(''), 'w')
  expect(problems).toEqual([])
  return value
}

const kfree = '0x1\tkfree\tvmlinux\tEXPORT_SYMBOL\t'

/** A difference in short: `-` removed, `+` added, and `symbol: columns` changed. */
function short(before: Whitelist, after: Whitelist): readonly string[] {
  const { added, removed, changed, lost, gained } = compareWhitelists(before, after)
  return [
    ...changed.map(({ symbol, columns }) => `${symbol}: ${columns.join(' ')}`),
    ...removed.map(({ symbol }) => '-' + symbol),
    ...added.map(({ symbol }) => '+' + symbol),
    ...lost.map((column) => 'lost ' + column),
    ...gained.map((column) => 'gained ' + column),
  ]
}

test.each<[string, string[], string[], string[], boolean]>([
  ['the same row', [kfree], [kfree], [], true],
  ['another symbol beside it', [kfree], [kfree, kfree.replace('kfree', 'kmalloc')], ['+kmalloc'], true],
  ['a symbol less', [kfree, kfree.replace('kfree', 'kmalloc')], [kfree], ['-kmalloc'], false],
  ['a checksum', [kfree], [kfree.replace('0x1', '0x2')], ['kfree: crc'], false],
  [
    'a checksum that became zero',
    [kfree, '0x2\ta\tvmlinux\t-\t-'],
    ['0x0\tkfree\tvmlinux\tEXPORT_SYMBOL\t', '0x2\ta\tvmlinux\t-\t-'],
    ['kfree: crc'],
    false,
  ],
  ['GPL-only', [kfree], [kfree.replace('SYMBOL', 'SYMBOL_GPL')], ['kfree: type'], false],
  ['no longer GPL-only', [kfree.replace('SYMBOL', 'SYMBOL_GPL')], [kfree], ['kfree: type'], false],
  ['another module', [kfree], [kfree.replace('vmlinux', 'mm/slab')], ['kfree: module'], false],
  ['a namespace', [kfree], [kfree + 'MM'], ['kfree: namespace'], false],
  ['out of a namespace', [kfree + 'MM'], [kfree], ['kfree: namespace'], false],
  ['an end of the promise', [kfree + '\t#3-'], [kfree + '\t#3-7'], ['kfree: lifetime'], false],
  [
    'all at once',
    [kfree + 'A\t#1-'],
    ['0x2\tkfree\tx\tEXPORT_SYMBOL_GPL\tB\t#2-'],
    ['kfree: crc type module namespace lifetime'],
    false,
  ],
  ['another section', ['[a]', kfree], ['[b]', kfree], [], true],
  ['a section more', ['[a]', kfree], ['[a]', kfree, '[b]', kfree], [], true],
  ['four columns instead of five', [kfree], [kfree.trimEnd()], ['lost namespace'], false],
  [
    'a namespace column in some rows',
    [kfree + '-', '0x2\ta\tvmlinux\tEXPORT_SYMBOL\t'],
    [kfree, '0x2\ta\tvmlinux\tEXPORT_SYMBOL\t'],
    ['kfree: namespace'],
    false,
  ],
  [
    'names that got checksums',
    ['kfree'],
    [kfree],
    ['gained crc', 'gained type', 'gained module', 'gained namespace'],
    true,
  ],
  [
    'checksums that went',
    [kfree],
    ['kfree'],
    ['lost crc', 'lost type', 'lost module', 'lost namespace'],
    false,
  ],
  ['all checksums that went from a table', [kfree], [kfree.replace('0x1', '-')], ['lost crc'], false],
  [
    'one checksum that went',
    [kfree, '0x2\ta\t-\t-\t-'],
    [kfree.replace('0x1', '-'), '0x2\ta\t-\t-\t-'],
    ['kfree: crc'],
    false,
  ],
  ['two lists of names', ['a', 'b'], ['b', 'c'], ['-a', '+c'], false],
  ['nothing in common', [kfree], ['kmalloc'], ['-kfree', '+kmalloc'], false],
])('%s', (_, before, after, expected, grew) => {
  const [old, now] = [list(...before), list(...after)]
  expect(short(old, now)).toEqual(expected)
  expect(onlyGrew(compareWhitelists(old, now))).toBe(grew)
})

test('only the columns asked for are compared', () => {
  const [old, now] = [list(kfree), list(kfree.replace('0x1', '0x2').replace('vmlinux', 'm'))]
  expect(compareWhitelists(old, now, ['module']).changed).toMatchObject([{ columns: ['module'] }])
  expect(onlyGrew(compareWhitelists(list(kfree), list('kfree'), []))).toBe(true)
})

test('symbols come sorted', () => {
  const { added, removed } = compareWhitelists(list('b', 'a', 'x'), list('x', 'd', 'c'))
  expect([...removed, ...added].map(({ symbol }) => symbol)).toEqual(['a', 'b', 'c', 'd'])
})

describe('of any two whitelists', () => {
  // Half of the second list's rows are the first one's, or nearly.
  const two = fc
    .tuple(arbitraryWhitelist, arbitraryWhitelist, fc.array(fc.constantFrom('keep', 'crc', 'drop')))
    .map(([before, other, fates]): readonly [Whitelist, Whitelist] => {
      const fate = new Map(
        [...new Set(before.rows.map(({ symbol }) => symbol))].map((symbol, index) => [symbol, fates[index]]),
      )
      const kept = before.rows.flatMap((row): WhitelistRow[] => {
        if (fate.get(row.symbol) === 'drop') return []
        return [fate.get(row.symbol) === 'crc' ? { ...row, crc: 0xfedcba98 } : row]
      })
      const rows = [...kept, ...other.rows.filter(({ symbol }) => !fate.has(symbol))]
      return [before, { ...other, rows }]
    })

  test('a list does not differ from itself, written in canonical form or not', () => {
    fc.assert(
      fc.property(arbitraryWhitelist, (whitelist) => {
        expect(short(whitelist, whitelist)).toEqual([])
        expect(short(whitelist, parseWhitelist(formatWhitelist(whitelist), 'w').value)).toEqual([])
      }),
    )
  })

  test('the way back is the mirror image', () => {
    fc.assert(
      fc.property(two, ([before, after]) => {
        const there = compareWhitelists(before, after)
        const back = compareWhitelists(after, before)
        expect(back).toEqual({
          added: there.removed,
          removed: there.added,
          changed: there.changed.map((change) => ({ ...change, before: change.after, after: change.before })),
          common: there.common,
          lost: there.gained,
          gained: there.lost,
        })
      }),
    )
  })

  test('every symbol has one fate', () => {
    fc.assert(
      fc.property(two, ([before, after]) => {
        const { added, removed, changed, common } = compareWhitelists(before, after)
        const symbols = [...added, ...removed, ...changed].map(({ symbol }) => symbol)
        expect(new Set(symbols).size).toBe(symbols.length)
        const union = new Set([...before.rows, ...after.rows].map(({ symbol }) => symbol))
        expect(added.length + removed.length + common).toBe(union.size)
      }),
    )
  })

  test('what breaks a driver is never called growth', () => {
    fc.assert(
      fc.property(two, ([before, after]) => {
        const versioned = (list: Whitelist): Whitelist => ({
          ...list,
          rows: list.rows.map((row) => ({
            ...row,
            crc: row.crc ?? 1,
            module: row.module ?? 'vmlinux',
            type: row.type ?? 'EXPORT_SYMBOL',
            namespace: row.namespace ?? '',
          })),
        })
        const [old, now] = [versioned(before), versioned(after)]
        const exports = now.rows.map((row) => ({ ...row, crc: row.crc ?? 1, module: row.module ?? '' }))
        const broken = compare(old, { file: 'w', exports }).differences.map(({ symbol }) => symbol)
        const { removed, changed } = compareWhitelists(old, now)
        const told = new Set([...removed, ...changed].map(({ symbol }) => symbol))
        expect(broken.filter((symbol) => !told.has(symbol))).toEqual([])
      }),
    )
  })
})
