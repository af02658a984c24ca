import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import type { Whitelist, WhitelistRow } from '../../src/abi/whitelist.ts'
import { arbitraryWhitelist } from './arbitrary-whitelist.ts'

const row: WhitelistRow = {
  symbol: 'kfree',
  crc: 0x037a0cba,
  module: 'vmlinux',
  type: 'EXPORT_SYMBOL',
  namespace: '',
  section: '',
  file: 'w',
  line: 1,
}

function format(...rows: WhitelistRow[]): string {
  return formatWhitelist({ file: 'w', dialect: 'canonical', rows })
}

test.each<[string, WhitelistRow, string]>([
  ['all columns', { ...row, namespace: 'NS' }, '0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\tNS\n'],
  ['an empty namespace', row, '0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'],
  ['no namespace column', { ...row, namespace: undefined }, '0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\n'],
  ['no export type', { ...row, type: undefined, namespace: undefined }, '0x037a0cba\tkfree\tvmlinux\n'],
  ['no export type before a namespace', { ...row, type: undefined }, '0x037a0cba\tkfree\tvmlinux\t-\t\n'],
  ['no checksum', { ...row, crc: undefined }, '-\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'],
  ['a lifetime', { ...row, lifetime: { first: 6 } }, '0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\t\t#6-\n'],
])('writes %s', (_, given, text) => {
  expect(format(given)).toBe(text)
})

test('rows are sorted by code units inside their section; those without section come first', () => {
  const named = (symbol: string, section: string): WhitelistRow => ({
    ...row,
    symbol,
    section,
    module: undefined,
    type: undefined,
    namespace: undefined,
  })
  expect(
    format(named('b', 'net'), named('a', 'net'), named('B', 'net'), named('_', 'fs'), named('z', '')),
  ).toBe('0x037a0cba\tz\n[net]\n0x037a0cba\tB\n0x037a0cba\ta\n0x037a0cba\tb\n[fs]\n0x037a0cba\t_\n')
})

test('an empty whitelist is an empty text', () => {
  expect(format()).toBe('')
})

function placeless(whitelist: Whitelist): unknown[] {
  return whitelist.rows
    .map((row) => ({ ...row, file: '', line: 0 }))
    .sort((a, b) => (a.section + '\n' + a.symbol < b.section + '\n' + b.symbol ? -1 : 1))
}

test('what is written reads as the same rows', () => {
  fc.assert(
    fc.property(arbitraryWhitelist, (whitelist) => {
      const { value, problems } = parseWhitelist(formatWhitelist(whitelist), 'w')
      expect(problems).toEqual([])
      expect(placeless(value)).toEqual(placeless(whitelist))
    }),
    { numRuns: runs(300) },
  )
})

test('writing again what was read gives the same text', () => {
  fc.assert(
    fc.property(arbitraryWhitelist, (whitelist) => {
      const text = formatWhitelist(whitelist)
      expect(formatWhitelist(parseWhitelist(text, 'w').value)).toBe(text)
    }),
  )
})
