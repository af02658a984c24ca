import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findingDiagnostics, problemDiagnostics } from '../../src/report/model/diagnostics.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'

const samples = Object.entries({ ...sampleVerdicts, tenVariantsExplained })

it.each(samples)(
  'the diagnostics of %s tell of every kind and symbol that the policy does not ignore',
  (_, verdict) => {
    const told = verdict.findings.filter(({ severity }) => severity !== 'ignore')
    const all = findingDiagnostics(verdict)
    const kinds = new Set(all.map(({ rule }) => (rule.startsWith('changed/') ? 'changed' : rule)))
    expect([...kinds].sort()).toEqual([...new Set(told.map(({ kind }) => kind))].sort())
    const symbols = told.flatMap((one) =>
      one.family === 'symbol' ? [one.symbol] : one.family === 'layout' ? one.symbols : [],
    )
    expect(new Set(all.flatMap((one) => one.symbols))).toEqual(new Set(symbols))
  },
)

it.each(samples)(
  'no two diagnostics of %s have the same fingerprint, and those that fail come first',
  (_, verdict) => {
    const all = findingDiagnostics(verdict)
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(all.length)
    const levels = all.map(({ level }) => level)
    expect(levels).toEqual([...levels].sort())
  },
)

it.each(samples)('the diagnostics of %s say where they come from, if somebody asked', (_, verdict) => {
  const found = verdict.findings.map((one, at) => ({
    ...one,
    origin: at % 2 === 0 ? ('pre-existing' as const) : ('introduced' as const),
  }))
  for (const one of findingDiagnostics({ ...verdict, findings: found })) {
    const said = one.facts.find((fact) =>
      /^(?:Was there before(?:, so it only warns)?|Introduced by this patch)\.$/.test(fact),
    )
    expect([one.origin, said?.startsWith('Was')]).toContainEqual(one.origin === 'pre-existing')
  }
})

it('whatever the texts of a verdict hold: every text is one plain line', () => {
  fc.assert(
    fc.property(evilVerdicts, (verdict) => {
      for (const one of [...findingDiagnostics(verdict), ...problemDiagnostics(verdict)]) {
        const texts = [one.title, one.subject, ...one.facts, one.explanation, one.advice, one.fingerprint]
        for (const text of [...texts, ...one.symbols]) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
      }
    }),
  )
})
