import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/judge/verdict.ts'
import { renderJunit } from '../../src/report/junit/render-junit.ts'
import { runs } from '../support/properties.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, manyChanged, tenVariants, verdictOf } from './samples.ts'
import { parseXml, type Element } from './xml.ts'

/** What the schema of Jenkins' JUnit reports (junit-4.xsd of its xUnit plug-in) lets an element have. */
const schema: Readonly<
  Record<string, { children: readonly string[]; required: readonly string[]; optional: readonly string[] }>
> = {
  testsuites: {
    children: ['testsuite'],
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'],
  },
  testsuite: {
    children: ['properties', 'testcase', 'system-out', 'system-err'],
    required: ['name', 'tests'],
    optional: ['failures', 'errors', 'time', 'disabled', 'skipped', 'timestamp', 'hostname', 'id', 'package'],
  },
  testcase: {
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    required: ['name'],
    optional: ['assertions', 'time', 'classname', 'status'],
  },
  failure: { children: [], required: [], optional: ['type', 'message'] },
  error: { children: [], required: [], optional: ['type', 'message'] },
  skipped: { children: [], required: [], optional: ['type', 'message'] },
  'system-out': { children: [], required: [], optional: [] },
}

function faults({ name, attributes, children }: Element): readonly string[] {
  const rule = schema[name]
  if (!rule) return [`unknown element ${name}`]
  const keys = Object.keys(attributes)
  return [
    ...rule.required.filter((key) => !keys.includes(key)).map((key) => `${name} lacks ${key}`),
    ...keys
      .filter((key) => ![...rule.required, ...rule.optional].includes(key))
      .map((key) => `${name} has ${key}`),
    ...children
      .filter((child) => !rule.children.includes(child.name))
      .map((child) => `${child.name} in ${name}`),
    ...children.flatMap(faults),
  ]
}

function read(verdict: Verdict): Element {
  const root = parseXml(renderJunit(verdict))
  expect(root.name).toBe('testsuites')
  expect(faults(root)).toEqual([])
  return root
}

const cases = (verdict: Verdict): readonly Element[] =>
  read(verdict).children.flatMap(({ children }) => children)
const ended = (all: readonly Element[], how: string): readonly Element[] =>
  all.filter(({ children }) => children.some(({ name }) => name === how))

describe('a JUnit report', () => {
  it.each(Object.entries({ ...sampleVerdicts, tenVariantsExplained }))(
    'of %s satisfies the schema, counts what it has, and fails exactly when the job does',
    (_, verdict) => {
      const root = read(verdict)
      const all = cases(verdict)
      for (const [suite, of] of [
        ...root.children.map((one) => [one, one.children] as const),
        [root, all] as const,
      ]) {
        expect(suite.attributes['tests']).toBe(String(of.length))
        expect(suite.attributes['failures']).toBe(String(ended(of, 'failure').length))
        expect(suite.attributes['errors']).toBe(String(ended(of, 'error').length))
      }
      expect(ended(all, 'failure').length + ended(all, 'error').length > 0).toBe(
        verdict.result === 'break' || verdict.result === 'error',
      )
      expect(ended(all, 'error').length > 0).toBe(verdict.result === 'error')
    },
  )

  it('has a suite for each variant, with the symbol and its two checksums', () => {
    const root = read(verdictOf({ findings: [changed('kfree_skb', 'x86_64')] }))
    expect(root.children.map(({ attributes }) => attributes['name'])).toEqual([
      'kabi-gate x86_64',
      'kabi-gate run',
    ])
    const [failed] = ended(root.children[0]?.children ?? [], 'failure')
    expect(failed?.attributes).toEqual({ name: 'changed kfree_skb', classname: 'kabi-gate.x86_64' })
    expect(failed?.children[0]?.text).toMatch(/^Checksum: 0x[0-9a-f]{8} -> 0x[0-9a-f]{8}\n/)
  })

  it('skips what was overridden, and says by whom and why', () => {
    const all = cases(sampleVerdicts['overridden'] ?? verdictOf({}))
    const skipped = ended(all, 'skipped')
    expect(skipped.length).toBeGreaterThan(0)
    expect(ended(all, 'failure')).toEqual([])
    for (const { children } of skipped)
      expect(children[0]?.attributes['message']).toMatch(/alice: CVE-2026-1234/)
  })

  it('names each test case alike in every run, whatever else broke', () => {
    const one = changed('kfree_skb', 'x86_64')
    const names = (verdict: Verdict) => cases(verdict).map(({ attributes }) => attributes['name'])
    expect(names(verdictOf({ findings: [changed('vzalloc', 'x86_64'), one] }))).toEqual(
      expect.arrayContaining(names(verdictOf({ findings: [one] }))),
    )
  })

  it('counts what is too much to show, and still fails by it', () => {
    const findings = tenVariants.flatMap((variant) => manyChanged(2_000, variant))
    const all = cases(verdictOf({ variants: tenVariants, findings }))
    expect(ended(all, 'failure')).toHaveLength(10 * 1_001)
    const left = all.filter(({ attributes }) => attributes['name'] === 'left-out')
    expect(left[0]?.children[0]?.attributes['message']).toMatch(/^1,?000 more findings left out/)
  })

  it('is well-formed whatever names and messages hold', () => {
    fc.assert(
      fc.property(evilVerdicts, (verdict) => {
        read(verdict)
      }),
      { numRuns: runs(30) },
    )
  })
})
