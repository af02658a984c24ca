import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCrc, isExportType, isSymbolName, parseCrc } from '../../src/abi/export.ts'

describe('parseCrc', () => {
  test.each([
    ['0x0', 0],
    ['0x5e95b1cd', 0x5e95b1cd],
    ['0xABCDEF09', 0xabcdef09],
    ['0xffffffff', 0xffffffff],
  ])('reads %s', (text, crc) => {
    expect(parseCrc(text)).toBe(crc)
  })

  test.each([
    '',
    '0x',
    '0X12',
    '12345678',
    '0x123456789',
    '0x1g',
    '0x1G',
    '0x-1',
    ' 0x1',
    '0x1 ',
    '0x@',
    '0x`',
    '0x:',
  ])('refuses %j', (text) => {
    expect(parseCrc(text)).toBeUndefined()
  })

  test('reads what formatCrc writes, for every checksum', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (crc) => parseCrc(formatCrc(crc)) === crc))
  })
})

test.each(['kfree', '_printk', '__SCT__cond_resched', '.local', 'a$b', 'x86_64'])(
  '%s may name a symbol',
  (name) => {
    expect(isSymbolName(name)).toBe(true)
  },
)

test.each(['', '9p', 'a b', 'a\n', 'a-b', 'ä', '0x12', 'foo()'])('%j cannot name a symbol', (name) => {
  expect(isSymbolName(name)).toBe(false)
})

test('export types are matched as whole words', () => {
  expect(isExportType('EXPORT_UNUSED_SYMBOL_GPL')).toBe(true)
  expect(isExportType('EXPORT_SYMBOL_GPL ')).toBe(false)
  expect(isExportType('EXPORT_SYMBOL_NS')).toBe(false)
})
