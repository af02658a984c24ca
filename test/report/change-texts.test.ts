import { expect, it } from 'vitest'
import { changeGravity } from '../../src/abi/explain/change-order.ts'
import { changeTexts, type ChangeText } from '../../src/report/model/change-texts.ts'

it.each([
  ['became-defined', 'explanation', 'false alarm'],
  ['became-defined', 'advice', '#ifndef __GENKSYMS__'],
  ['became-defined', 'advice', 'Not safe when'],
  ['field-added', 'advice', 'reserved field'],
  ['field-added-at-end', 'advice', 'only the kernel allocates'],
  ['enumerator-inserted', 'advice', '_MAX'],
  ['argument-added', 'advice', 'beside it'],
] as const)('the text of %s says in its %s: %s', (name, part, words) => {
  expect(changeTexts[name][part]).toContain(words)
})

it('every text is made of whole sentences, and no two titles are the same', () => {
  const texts = Object.values(changeTexts)
  for (const { explanation, advice } of texts) {
    expect(explanation).toMatch(/^[A-Z].*\.$/)
    expect(advice).toMatch(/^[A-Z].*\.$/)
  }
  expect(new Set(texts.map(({ title }) => title)).size).toBe(texts.length)
})

it('what breaks drivers is graver than what may, and that than what usually does not', () => {
  const gravities = (risk: ChangeText['risk']): readonly number[] =>
    (Object.keys(changeTexts) as (keyof typeof changeTexts)[])
      .filter((name) => changeTexts[name].risk === risk)
      .map((name) => changeGravity[name])
  expect(Math.min(...gravities('breaks'))).toBeGreaterThan(Math.max(...gravities('may-break')))
  expect(Math.min(...gravities('may-break'))).toBeGreaterThan(Math.max(...gravities('usually-harmless')))
})
