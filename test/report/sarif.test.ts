import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { default as Draft04 } from 'ajv-draft-04'
import { default as formats } from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/judge/verdict.ts'
import { renderSarif } from '../../src/report/sarif/render-sarif.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, manyChanged, removed, tenVariants, verdictOf } from './samples.ts'

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean
          readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[]
        },
      ]
      readonly results: readonly {
        readonly ruleId: string
        readonly ruleIndex: number
        readonly level: string
        readonly message: { readonly text: string }
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string }
            readonly region?: { readonly startLine: number }
          }
        }[]
        readonly partialFingerprints: Readonly<Record<string, string>>
        readonly suppressions?: readonly { readonly justification: string }[]
      }[]
    },
  ]
}

/** The official schema of SARIF 2.1.0. Its patterns are older than the `u` flag. */
function compileSchema() {
  const file = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'
  const ajv = new Draft04.default({ strict: false, unicodeRegExp: false, allErrors: true })
  formats.default(ajv)
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)
}

const valid = compileSchema()
const sarif = (verdict: Verdict, roots: readonly string[] = []) => renderSarif(verdict, { roots })
const run = (verdict: Verdict, roots: readonly string[] = []) =>
  (JSON.parse(sarif(verdict, roots)) as Log).runs[0]

describe('SARIF', () => {
  it.each(Object.entries({ ...sampleVerdicts, tenVariantsExplained }))(
    'of %s satisfies the schema, and every result names its rule',
    (_, verdict) => {
      expect(valid(JSON.parse(sarif(verdict))), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true)
      const { tool, results } = run(verdict)
      for (const { ruleId, ruleIndex, locations } of results) {
        expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
        expect(locations).toHaveLength(1)
      }
    },
  )

  it('has one result a cause, on the line of the patch that made it, with the id of the cause', () => {
    const verdict = sampleVerdicts['explained-one-cause']
    const [cause] = verdict?.explanation?.causes ?? []
    if (!verdict || !cause) throw new Error('the sample lost its cause')
    const [first, ...rest] = run(verdict).results.filter(({ ruleId }) => ruleId !== 'hidden')
    expect(rest).toEqual([])
    expect(first?.ruleId).toBe(`changed/${cause.changes[0]?.class ?? ''}`)
    expect(first?.partialFingerprints).toEqual({ 'kabiGate/v1': cause.id })
    const [line] = cause.patch ?? []
    const location = first?.locations[0]?.physicalLocation
    expect(location?.region?.startLine).toBe(line?.line ?? cause.place?.line)
    expect(location?.artifactLocation.uri).toMatch(new RegExp(`${line?.file ?? cause.place?.file ?? '?'}$`))
  })

  it('has one result for each symbol without a cause, whatever else broke, with a fingerprint of its own', () => {
    const kfree = changed('kfree_skb', 'x86_64')
    const alone = run(verdictOf({ findings: [kfree] })).results[0]
    const among = run(verdictOf({ findings: [removed({ ...kfree, symbol: 'vzalloc' }), kfree] })).results
    expect(alone?.partialFingerprints).toEqual({ 'kabiGate/v1': 'changed kfree_skb x86_64' })
    expect(among.map((one) => one.partialFingerprints)).toContainEqual(alone?.partialFingerprints)
    expect(new Set(among.map((one) => one.partialFingerprints['kabiGate/v1'])).size).toBe(2)
  })

  it('names files relative to the repository, and encodes what a URI cannot hold', () => {
    const finding = changed('kfree', 'x86_64')
    if (!finding.baseline) throw new Error('no baseline')
    const named = (file: string) =>
      run(
        verdictOf({
          findings: [{ ...finding, baseline: { ...finding.baseline, file } }],
        }),
        ['/home/me/linux'],
      ).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri
    expect(named('/home/me/linux/whitelists/a b/kabi_whitelist')).toBe('whitelists/a%20b/kabi_whitelist')
    expect(named('/home/me/linux-old/list')).toBe('file:///home/me/linux-old/list')
    expect(named('list\ud800\n?#')).toBe('list%EF%BF%BD%0A%3F%23')
  })

  it('suppresses what was overridden, saying by whom and why, and nothing else', () => {
    const { results } = run(sampleVerdicts['overridden'] ?? verdictOf({}))
    expect(results.length).toBeGreaterThan(0)
    for (const { suppressions } of results) {
      expect(suppressions?.[0]?.justification).toMatch(/by alice: CVE-2026-1234/)
    }
    for (const one of run(sampleVerdicts['break-each-kind'] ?? verdictOf({})).results) {
      expect(one).not.toHaveProperty('suppressions')
    }
  })

  it('says of an error that the tool did not succeed, with every problem as a notification', () => {
    const [invocation] = run(sampleVerdicts['error'] ?? verdictOf({})).invocations
    expect(invocation.executionSuccessful).toBe(false)
    const texts = invocation.toolExecutionNotifications.map(({ message }) => message.text).join('\n')
    expect(texts).toMatch(/Line not understood: .* In s390x\./)
    expect(texts).toMatch(/Variant without evidence: .* In ia64, ia64xen\./)
  })

  it('stays far below the limits of GitHub, failing results first, and counts what it left out', () => {
    const findings = tenVariants.flatMap((variant) =>
      manyChanged(5_000, variant).map((finding) => ({ ...finding, symbol: `${variant}_${finding.symbol}` })),
    )
    const text = sarif(verdictOf({ variants: tenVariants, findings }))
    const [{ results, invocations }] = (JSON.parse(text) as Log).runs
    expect(results).toHaveLength(1_000)
    expect(invocations[0].toolExecutionNotifications.at(-1)?.message.text).toMatch(
      /^49000 more results left out/,
    )
    expect(gzipSync(text).length).toBeLessThan(1_000_000)
  })
})
