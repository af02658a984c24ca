import { describe, expect, it } from 'vitest'
import { renderAudit } from '../../src/report/audit.ts'
import { evilTexts } from './evil-verdict.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, verdictOf } from './samples.ts'

const run = {
  actor: 'hubot',
  url: 'https://github.com/o/r/actions/runs/7',
  repository: 'o/r',
  commit: 'a'.repeat(40),
  at: '2026-11-20T12:00:00.000Z',
}

describe('the audit line', () => {
  it('tells of an overridden run who, with which role, why, when and where', () => {
    const line = renderAudit(sampleVerdicts['overridden-by-label'] ?? verdictOf({}), run)
    expect(JSON.parse(line)).toMatchObject({
      at: run.at,
      run: run.url,
      actor: 'hubot',
      by: 'mia',
      role: 'maintain',
      label: 'kabi: break approved',
      reason: 'pull request 12: net: make room for the new flags',
      failing: 1,
      symbols: ['kfree_skb'],
    })
  })

  it.each(['pass', 'one-finding', 'override-not-needed', 'error'])('says nothing of %s', (name) => {
    expect(renderAudit(sampleVerdicts[name] ?? verdictOf({}), run)).toBe('')
  })

  it('is one line, whatever the reason holds', () => {
    const override = { by: 'eve', reason: evilTexts.join('\n') + '\u2028{"by":"mia"}' }
    const line = renderAudit(verdictOf({ findings: [changed('kfree', 'x86_64')], override }), run)
    expect(line.split(/[\n\r\u2028\u2029]/)).toEqual([line.trimEnd(), ''])
    expect(JSON.parse(line)).toMatchObject(override)
  })
})
