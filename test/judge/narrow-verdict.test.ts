import { plainText } from '../../src/report/text/text-pen.ts'
import { describe, expect, it } from 'vitest'
import { ofFamily } from '../../src/judge/finding.ts'
import { narrowVerdict } from '../../src/judge/narrow-verdict.ts'
import { explained } from '../../src/report/model/explained.ts'
import { causesSentence } from '../../src/report/model/explanation-words.ts'
import { renderText } from '../../src/report/text/render-text.ts'
import { manyCauses } from '../report/explained-verdicts.ts'

describe('a verdict about some definitions', () => {
  const verdict = manyCauses(4, 20, ['x86_64', 's390x'])

  it('keeps their causes, and the symbols that need one of them', () => {
    const name = verdict.explanation?.causes[0]?.name ?? ''
    const { explanation, findings, result, variants } = narrowVerdict(verdict, new Set([name]))
    const ids = explanation?.causes.map(({ id }) => id) ?? []
    expect(explanation?.causes.map((cause) => cause.name)).toEqual([name])
    expect(explanation?.groups.length).toBeGreaterThan(0)
    for (const group of explanation?.groups ?? []) expect(group.causes).toEqual(expect.arrayContaining(ids))
    expect(findings.length).toBeGreaterThan(0)
    for (const { causes } of ofFamily(findings, 'symbol')) expect(causes).toEqual(expect.arrayContaining(ids))
    expect([result, variants]).toEqual([verdict.result, verdict.variants])
  })

  const sentence = (...names: readonly string[]) => {
    const why = explained(names.length > 0 ? narrowVerdict(verdict, new Set(names)) : verdict)
    return why && plainText(causesSentence(why))
  }
  const { causes = [], groups = [] } = verdict.explanation ?? {}
  const behind = (...names: readonly string[]): number => {
    const ids = causes.filter(({ name }) => names.includes(name)).map(({ id }) => id)
    const needing = groups.filter((group) => group.causes.some((id) => ids.includes(id)))
    return new Set(needing.flatMap(({ symbols }) => symbols)).size
  }

  it('says what they have to do with all symbols, and what it takes to repair these', () => {
    const [first, second] = causes.map(({ name }) => name)
    const all = verdict.explanation?.changed
    expect(sentence()).toContain(
      `${all} protected symbols changed because of 4 definitions, 4 of which move memory; reverting`,
    )
    expect(sentence(first ?? '')).toBe(
      `struct state_0 is behind ${behind(first ?? '')} of ${all} changed protected symbols; ` +
        `reverting it alone fixes ${causes[0]?.alone}, reverting all 4 fixes all ${all}`,
    )
    expect(sentence(first ?? '', second ?? '')).toBe(
      `struct state_0 and struct state_1 are behind ${behind(first ?? '', second ?? '')} of ${all} changed protected symbols; ` +
        `reverting all 4 fixes all ${all}`,
    )
    expect(sentence('s#elsewhere')).toBe(`struct elsewhere is behind 0 of ${all} changed protected symbols`)
  })

  it('counts the causes that it does not show where symbols need them too', () => {
    const name = causes[0]?.name ?? ''
    const text = renderText(narrowVerdict(verdict, new Set([name])), { color: false, width: 200 })
    expect(groups.some((group) => group.causes.length === 2 && group.causes[0] === causes[0]?.id)).toBe(true)
    expect(text).toMatch(/^BREAK: 6 protected symbols changed in both variants because of struct state_0\n/)
    expect(text).toMatch(/causes? 1 \(struct state_0\) and 1 more:/)
  })

  it('has no causes when none of them changed', () => {
    const { explanation, findings } = narrowVerdict(verdict, new Set(['s#elsewhere']))
    expect([explanation?.causes, explanation?.groups, findings]).toEqual([[], [], []])
  })
})
