import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ofFamily, type SymbolFinding } from '../../src/judge/finding.ts'
import { renderJson } from '../../src/report/json/render-json.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { evilTexts } from './evil-verdict.ts'
import { reportSchema, type JsonReport } from './report-schema.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, verdictOf } from './samples.ts'

/** Reads a report as a consumer would. */
function read(verdict: Parameters<typeof renderJson>[0]): JsonReport {
  return reportSchema.parse(JSON.parse(renderJson(verdict)))
}

it('writes checksums as eight hexadecimal digits and what is not recorded as null', () => {
  const finding = changed('kmalloc', 'x86_64')
  if (finding.kind !== 'changed') throw new Error('a changed finding was expected')
  const { baseline, current } = finding
  const names = { ...baseline, crc: undefined, module: undefined, type: undefined, namespace: undefined }
  const [json] = read(
    verdictOf({ findings: [{ ...finding, baseline: names, current: { ...current, crc: 0xab } }] }),
  ).findings
  expect(json?.current?.crc).toBe('0x000000ab')
  expect(json?.baseline).toEqual({
    crc: null,
    module: null,
    type: null,
    namespace: null,
    file: baseline.file,
    line: baseline.line,
    section: 'el8',
    lifetime: null,
  })
})

it('keeps the lifetime of a promise', () => {
  const finding = changed('kmalloc', 'x86_64')
  if (finding.kind !== 'changed') throw new Error('a changed finding was expected')
  const baseline = { ...finding.baseline, lifetime: { first: 3 } }
  const [json] = read(verdictOf({ findings: [{ ...finding, baseline }] })).findings
  expect(json?.baseline?.lifetime).toEqual({ first: 3, last: null })
})

it('names the place in the whitelist of every finding', () => {
  for (const { baseline } of read(sampleVerdicts['ten-variants'] ?? verdictOf({})).findings) {
    expect(baseline?.file).toMatch(/^whitelists\/.*\/kabi_whitelist$/)
    expect(baseline?.line).toBeGreaterThan(0)
  }
})

describe('of very many findings', () => {
  const symbols = Array.from({ length: 300 }, (_, index) => `symbol_${index}`)
  const variants = Array.from({ length: 20 }, (_, index) => `variant${index}`)
  const findings = variants.flatMap((variant) => symbols.map((symbol) => changed(symbol, variant)))

  it('those that variants share stand there once, and none is lost', () => {
    const [first, ...others] = findings
    if (first?.kind !== 'changed') throw new Error('a changed finding was expected')
    const otherCrc = { ...first, current: { ...first.current, crc: 0xab } }
    const origins = { base: 'b', preExisting: 'fail' } as const
    const before = { ...first, origin: 'pre-existing' } as const
    const traced = others.map((one) => ({ ...one, origin: 'introduced' as const }))
    expect(read(verdictOf({ findings: [before, ...traced], origins })).findings).toHaveLength(301)
    const report = read(verdictOf({ findings: [...others, otherCrc] }))
    expect(report.findings).toHaveLength(301)
    expect(report.findingsLeftOut).toBe(0)
    const told = report.findings.flatMap(({ symbol, variant, sameIn }) =>
      [variant, ...sameIn].map((name) => `${name} ${symbol}`),
    )
    expect(told.sort()).toEqual(findings.map(({ symbol, variant }) => `${variant} ${symbol}`).sort())
    expect(report.findings.filter(({ sameIn }) => sameIn.length === 0)).toMatchObject([
      { symbol: 'symbol_0', variant: first.variant, current: { crc: '0x000000ab' } },
    ])
  })

  it('a small report has each for itself', () => {
    const few = read(verdictOf({ findings: findings.slice(0, 5000) }))
    expect(few.findings).toHaveLength(5000)
    expect(few.findings.every(({ sameIn }) => sameIn.length === 0)).toBe(true)
  })

  it('what is too much even then is counted', () => {
    const [first] = findings
    if (first?.kind !== 'changed') throw new Error('a changed finding was expected')
    const many = Array.from({ length: 110 }, (_, crc) => ({
      ...first,
      current: { ...first.current, crc },
    }))
    const { findings: shown, findingsLeftOut } = JSON.parse(
      renderJson(verdictOf({ findings: many }), { spread: 10, shown: 100 }),
    ) as JsonReport
    expect([shown.length, findingsLeftOut]).toEqual([100, 10])
  })
})

it('gives a problem the advice of its kind when it has none of its own', () => {
  const { problems } = read(sampleVerdicts['error'] ?? verdictOf({}))
  expect(problems.map(({ kind, class: who, advice }) => [kind, who, advice])).toContainEqual([
    'missing-variant',
    'input',
    'Collect the variant, or remove it from kabi.yml in a reviewed change.',
  ])
})

it('is pretty-printed and ends in one newline', () => {
  const json = renderJson(sampleVerdicts['error'] ?? verdictOf({}))
  expect(json).toBe(JSON.stringify(JSON.parse(json), undefined, 2) + '\n')
})

it('gives both forms of a definition, and null for what is not known of a cause', () => {
  const { explanation } = read(sampleVerdicts['explained-in-part'] ?? verdictOf({}))
  const [cause, , idle] = explanation?.causes ?? []
  expect(cause?.before).toMatch(/^enum regulator_status \{ REGULATOR_STATUS_OFF , /)
  expect(cause?.afterInC).toContain('\tREGULATOR_STATUS_UNDEFINED,')
  expect(cause?.beforeInC).not.toContain('\tREGULATOR_STATUS_UNDEFINED,')
  expect(cause?.changes[1]).toMatchObject({ class: 'enumerator-value', before: '2', after: '3' })
  expect(idle).toMatchObject({ matters: false, place: null, patch: null, reserved: null, layout: null })
})

it('names the causes of an explained finding by their ids, and says null for one without', () => {
  const { findings, explanation } = read(sampleVerdicts['explained-in-part'] ?? verdictOf({}))
  const ids = new Set(explanation?.causes.map(({ id }) => id))
  const named = findings.flatMap(({ causes }) => causes ?? [])
  expect(named).toHaveLength(10)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
  expect(findings.filter(({ causes }) => causes === null).map(({ symbol }) => symbol)).toContain(
    'memcpy_toio',
  )
})

describe('text that somebody else wrote', () => {
  it('comes back to the letter', () => {
    for (const text of evilTexts) {
      expect(read(verdictOf({ override: { by: 'alice', reason: text } })).override?.reason).toBe(text)
    }
  })

  it('is escaped so far that a log can show it', () => {
    fc.assert(
      fc.property(evilVerdicts, (verdict) => {
        const json = renderJson(verdict)
        expect(json).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(json).not.toMatch(/^\s*::/m)
        expect(json).not.toContain('##[')
        const back = JSON.parse(json) as JsonReport
        expect(back.findings.map(({ symbol }) => symbol)).toEqual(
          ofFamily(verdict.findings, 'symbol').map(({ symbol }) => symbol),
        )
      }),
    )
  })
})

it('says the same of very many findings, one a line, as of few', () => {
  const finding = changed('kmalloc\u202e', 'x86_64')
  const [one] = read(verdictOf({ findings: [finding] })).findings
  const findingsOf = (length: number) =>
    Array.from({ length }, (_, crc) => ({
      ...finding,
      current: finding.current && { ...finding.current, crc },
    }))
  const many = renderJson(verdictOf({ findings: findingsOf(10_001) as SymbolFinding[] }))
  expect(many).not.toContain('\u202e')
  const { findings } = JSON.parse(many) as JsonReport
  expect(findings).toHaveLength(10_001)
  expect(findings.map((other) => ({ ...other, current: one?.current }))).toEqual(
    Array.from(findings, () => one),
  )
})
