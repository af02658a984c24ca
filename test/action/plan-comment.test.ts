import { describe, expect, it } from 'vitest'
import { commentKey, hasMarker, planComment, renderComment } from '../../src/action/plan-comment.ts'
import { pullRequestEvent } from '../../src/action/workflow-event.ts'
import { sampleVerdicts } from '../report/sample-verdicts.ts'
import { manyChanged, tenVariants, verdictOf } from '../report/samples.ts'

const head = 'a'.repeat(40)
const about = { key: 'kabi.yml', head, runUrl: 'https://github.com/o/r/actions/runs/1' }

describe('planComment', () => {
  const pass = verdictOf({})
  const body = 'text'
  const existing = (text: string) => ({ id: 7, author: 'bot', body: text, url: 'https://x' })

  it('makes one for a pass with warnings on-change, none on-break', () => {
    const verdict = sampleVerdicts['pass-with-remarks'] ?? pass
    expect(planComment(undefined, { body, mode: 'on-change', verdict })).toEqual({ kind: 'create' })
    expect(planComment(undefined, { body, mode: 'on-break', verdict })).toEqual({ kind: 'none' })
  })

  it.each(['on-change', 'on-break', 'always'] as const)('keeps an existing one up to date (%s)', (mode) => {
    expect(planComment(existing('other'), { body, mode, verdict: pass })).toEqual({ kind: 'update', id: 7 })
    expect(planComment(existing(' text\r\n'), { body, mode, verdict: pass })).toEqual({
      kind: 'none',
      url: 'https://x',
    })
  })

  it('leaves an existing one alone where a variant took other seconds, and nothing else is new', () => {
    const verdict = sampleVerdicts['break-each-kind'] ?? pass
    const timed = (seconds: number) => {
      const variants = verdict.variants.map((one) =>
        one.how ? { ...one, how: { ...one.how, seconds } } : one,
      )
      return renderComment({ ...verdict, variants }, about)
    }
    expect(timed(0.1)).toBe(timed(31.4))
    expect(timed(0.1)).toContain('| Strategy |')
    expect(timed(0.1)).not.toContain('Seconds')
    const plan = (seconds: number) =>
      planComment(existing(timed(0.1)), { body: timed(seconds), mode: 'always', verdict })
    expect(plan(31.4).kind).toBe('none')
    const other = planComment(existing(timed(0.1)), {
      body: renderComment({ ...verdict, findings: [] }, about),
      mode: 'always',
      verdict,
    })
    expect(other.kind).toBe('update')
  })

  it('leaves an existing one alone with never', () => {
    expect(planComment(existing('other'), { body, mode: 'never', verdict: pass })).toEqual({ kind: 'none' })
  })
})

describe('renderComment', () => {
  const long = verdictOf({
    variants: tenVariants,
    findings: tenVariants.flatMap((variant) => manyChanged(5_000, variant)),
  })

  // Its whole report is a little longer than that.
  const brim = verdictOf({ findings: manyChanged(710, 'x86_64') })

  it.each(Object.entries({ ...sampleVerdicts, long, brim }))(
    'of %s has its marker on the first line and stays below 60,000 bytes',
    (_, verdict) => {
      const body = renderComment(verdict, about)
      expect(hasMarker(body, 'kabi.yml')).toBe(true)
      expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(60_000)
      expect(body).toContain(about.runUrl)
    },
  )

  it('knows its marker whatever the line ends, and no other', () => {
    const marker = `<!-- kabi-gate key=a.yml head=${head} -->`
    expect(hasMarker(`${marker}\r\nrest`, 'a.yml')).toBe(true)
    for (const other of [` ${marker}`, `x\n${marker}`, marker.replace('a.yml', 'axyml'), `${marker} x`, '']) {
      expect(hasMarker(other, 'a.yml')).toBe(false)
    }
  })

  it.each([
    ['', 'kabi-gate'],
    ['.github/kabi.yml', '.github/kabi.yml'],
    ['a --> <b> head=1', 'a-b-head-1'],
  ])('makes of %j the key %s', (text, key) => {
    expect(commentKey(text)).toBe(key)
    expect(hasMarker(renderComment(verdictOf({}), { ...about, key }), key)).toBe(true)
  })
})

describe('pullRequestEvent', () => {
  const pull = { number: 12, head: { sha: head }, base: { ref: 'main' } }
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no pull request', { action: 'opened' }],
    ['a number that is text', { pull_request: { ...pull, number: '12' } }],
    ['a head that is no commit', { pull_request: { ...pull, head: { sha: 'main' } } }],
    ['a head that is null', { pull_request: { ...pull, head: null } }],
    ['no base', { pull_request: { ...pull, base: undefined } }],
  ])('reads nothing from %s', (_, payload) => {
    expect(pullRequestEvent(payload)).toBeUndefined()
  })

  it('tells the setting of a label from every other event with one', () => {
    const more = { label: { name: 'ok' }, sender: { login: 'mia' }, pull_request: pull }
    expect(pullRequestEvent({ action: 'labeled', ...more })?.labeled).toEqual({ actor: 'mia', label: 'ok' })
    expect(pullRequestEvent({ action: 'unlabeled', ...more })?.labeled).toBeUndefined()
  })
})
