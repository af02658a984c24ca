import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderJson } from '../../src/report/json.ts'
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
          verdict.findings.map(({ symbol }) => symbol),
        )
      }),
    )
  })
})

it('says the same of very many findings, one a line, as of few', () => {
  const finding = changed('kmalloc\u202e', 'x86_64')
  const [one] = read(verdictOf({ findings: [finding] })).findings
  const many = renderJson(verdictOf({ findings: Array.from({ length: 10_001 }, () => finding) }))
  expect(many).not.toContain('\u202e')
  const { findings } = JSON.parse(many) as JsonReport
  expect(findings).toHaveLength(10_001)
  expect(findings.every((other) => JSON.stringify(other) === JSON.stringify(one))).toBe(true)
})
