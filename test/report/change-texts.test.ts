import { describe, expect, it } from 'vitest'
import type { ChangeClass } from '../../src/abi/cause.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { changeGravity } from '../../src/abi/explain/change-order.ts'
import { annotations } from '../../src/report/annotations/annotations.ts'
import { renderJson } from '../../src/report/json/render-json.ts'
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { changeText, changeTexts, type ChangeText } from '../../src/report/model/change-texts.ts'
import { renderSarif } from '../../src/report/sarif/render-sarif.ts'
import { renderText } from '../../src/report/text/render-text.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { explainedVerdicts } from './explained-verdicts.ts'

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

describe('a field added in a kernel without KABI macros', () => {
  const verdict = explainedVerdicts['without-kabi-macros']
  if (!verdict) throw new Error('no sample')
  const reports = {
    details: (one: Verdict) => renderText(one, { color: false, details: true, width: 500 }),
    Markdown: (one: Verdict) => renderMarkdown(one, { maxBytes: 60_000 }),
    HTML: renderHtml,
    SARIF: (one: Verdict) => renderSarif(one, { roots: [] }),
    annotations: (one: Verdict) => JSON.stringify(annotations(one)),
  } as const
  const address = 'https://kernel.example.org/kabi-gate/docs/fixing-a-break.md#a-kernel-without-kabi-macros'

  it.each(Object.entries(reports))(
    'is led to the sample header, by its whole address, in %s',
    (_, format) => {
      const report = format(verdict)
      expect(report).toContain(address)
      expect(report).toContain('examples/kabi.h')
    },
  )

  it('is led there by the advice of the JSON report, which says that there are none', () => {
    const report = renderJson(verdict)
    expect(report).toContain('examples/kabi.h')
    expect(report).toContain('"kabiMacros": false')
  })

  it.each([{ kabiMacros: true }, {}])('is not where the kernel has them, or nobody looked: %j', (known) => {
    const plain = explainedVerdicts['explained-one-cause']
    if (!plain?.explanation) throw new Error('no sample')
    const told = { ...plain, docs: verdict.docs ?? '', explanation: { ...plain.explanation, ...known } }
    for (const format of Object.values(reports)) expect(format(told)).not.toContain('kabi.h')
  })

  it('leads there for a field in front of others, too, and for no other class of changes', () => {
    const led = Object.keys(changeTexts).filter((name) =>
      changeText(name as ChangeClass, false).advice.includes('examples/kabi.h'),
    )
    expect(led).toEqual(['field-added', 'field-added-at-end'])
  })
})
