import { expect, it } from 'vitest'
import { findingTexts } from '../../src/report/model/finding-texts.ts'

it.each([
  ['changed', 'disagrees about version of symbol'],
  ['removed', 'Unknown symbol'],
  ['export-type', 'proprietary driver'],
  ['namespace', 'MODULE_IMPORT_NS'],
  ['moved', 'depmod'],
  ['unversioned', 'checksum of zero'],
  ['added', 'No driver breaks'],
] as const)('the explanation of %s says what a driver will see: %s', (kind, words) => {
  expect(findingTexts[kind].explanation).toContain(words)
})

it('every text is made of whole sentences and every anchor is its own', () => {
  const texts = Object.values(findingTexts)
  for (const { explanation, advice } of texts) {
    expect(explanation).toMatch(/^[A-Z].*\.$/)
    expect(advice).toMatch(/^[A-Z].*\.$/)
  }
  expect(new Set(texts.map(({ anchor }) => anchor)).size).toBe(texts.length)
  expect(new Set(texts.map(({ title }) => title)).size).toBe(texts.length)
})
