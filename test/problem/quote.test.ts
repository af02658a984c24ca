import { expect, test } from 'vitest'
import { printable, quote } from '../../src/problem/quote.ts'

test.each([
  ['kfree', '"kfree"'],
  ['a"b\\c\td', '"a\\"b\\\\c\\td"'],
  ['red \u001b[31m', '"red \\u001b[31m"'],
  ['left\u202eright', '"left\\u202eright"'],
  ['del\u007f csi\u009b', '"del\\u007f csi\\u009b"'],
  ['two\u2028lines', '"two\\u2028lines"'],
  ['tag\u{e0041}', '"tag\\udb40\\udc41"'],
  ['grün', '"grün"'],
])('%j is quoted as %s', (text, quoted) => {
  expect(quote(text)).toBe(quoted)
})

test('long text is cut at 80 characters, with a mark', () => {
  expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`)
  expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(80)}…"`)
})

test('printable keeps the length, so that an underline below still fits', () => {
  expect(printable('a\tb\u001b[0m\u{e0041}\u202e.')).toBe('a b?[0m???.')
})
