import { describe, expect, it } from 'vitest'
import { narrowVerdict } from '../../src/judge/narrow-verdict.ts'
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
    for (const { causes } of findings) expect(causes).toEqual(expect.arrayContaining(ids))
    expect([result, variants]).toEqual([verdict.result, verdict.variants])
  })

  it('has no causes when none of them changed', () => {
    const { explanation, findings } = narrowVerdict(verdict, new Set(['s#elsewhere']))
    expect([explanation?.causes, explanation?.groups, findings]).toEqual([[], [], []])
  })
})
