import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/judge/verdict.ts'
import { renderCodeQuality } from '../../src/report/gitlab/render-code-quality.ts'
import { runs } from '../support/properties.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, manyChanged, removed, tenVariants, verdictOf } from './samples.ts'

interface Issue {
  readonly description: string
  readonly check_name: string
  readonly fingerprint: string
  readonly severity: string
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } }
}

/** The table "Code Quality report format" of GitLab's documentation: these keys are required, and no others are read. */
const valid = new Ajv().compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    additionalProperties: false,
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        additionalProperties: false,
        properties: {
          path: { type: 'string', minLength: 1, not: { pattern: '^\\./' } },
          lines: {
            type: 'object',
            required: ['begin'],
            additionalProperties: false,
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
})

function issuesOf(verdict: Verdict, roots: readonly string[] = []): readonly Issue[] {
  const value = JSON.parse(renderCodeQuality(verdict, { roots })) as readonly Issue[]
  expect(valid(value), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true)
  expect(new Set(value.map(({ fingerprint }) => fingerprint)).size).toBe(value.length)
  return value
}

const heavy = ({ severity }: Issue): boolean => ['blocker', 'critical'].includes(severity)

describe('a Code Quality report of GitLab', () => {
  it.each(Object.entries({ ...sampleVerdicts, tenVariantsExplained }))(
    'of %s has what GitLab asks for, no fingerprint twice, and a heavy issue exactly when the job fails',
    (_, verdict) => {
      const issues = issuesOf(verdict)
      expect(issues.some(heavy)).toBe(verdict.result === 'break' || verdict.result === 'error')
    },
  )

  it('keeps the fingerprint of an issue whatever else broke, and wherever its line went', () => {
    const one = changed('kfree_skb', 'x86_64')
    const [alone] = issuesOf(verdictOf({ findings: [one] }))
    const moved = one.baseline && { ...one, baseline: { ...one.baseline, line: one.baseline.line + 7 } }
    const among = issuesOf(
      verdictOf({ findings: [removed({ ...one, symbol: 'vzalloc' }), ...(moved ? [moved] : [])] }),
    )
    expect(among).toHaveLength(2)
    expect(among.map(({ fingerprint }) => fingerprint)).toContain(alone?.fingerprint)
  })

  it('names files as they are, relative to the repository', () => {
    const finding = changed('kfree', 'x86_64')
    if (!finding.baseline) throw new Error('no baseline')
    const file = '/home/me/linux/whitelists/a b/kabi_whitelist'
    const [issue] = issuesOf(
      verdictOf({ findings: [{ ...finding, baseline: { ...finding.baseline, file } }] }),
      ['/home/me/linux'],
    )
    expect(issue?.location.path).toBe('whitelists/a b/kabi_whitelist')
  })

  it('says of an excused break who excused it and why, without its weight', () => {
    const issues = issuesOf(sampleVerdicts['overridden'] ?? verdictOf({}))
    expect(issues.length).toBeGreaterThan(0)
    for (const { severity, description } of issues) {
      expect(severity).toBe('info')
      expect(description).toMatch(/^OVERRIDDEN .*alice: CVE-2026-1234/)
    }
  })

  it('counts what is too much to show', () => {
    const findings = tenVariants.flatMap((variant) =>
      manyChanged(300, variant).map((finding) => ({ ...finding, symbol: `${variant}_${finding.symbol}` })),
    )
    const issues = issuesOf(verdictOf({ variants: tenVariants, findings }))
    expect(issues).toHaveLength(1_001)
    expect(issues.at(-1)?.description).toMatch(/^2,?000 more issues left out/)
  })

  it('is as valid whatever names and messages hold', () => {
    fc.assert(
      fc.property(evilVerdicts, (verdict) => {
        issuesOf(verdict)
      }),
      { numRuns: runs(30) },
    )
  })
})
