import { describe, expect, it } from 'vitest'
import { patched, released } from '../support/workspace.ts'
import { labeledEvent, startForge } from './forge.ts'
import {
  dispatchPayload,
  forkPayload,
  mergeGroupPayload,
  pullRequestPayload,
  pushPayload,
  schedulePayload,
} from './payloads.ts'
import { runMain } from './run-main.ts'

describe('a pull request', () => {
  it.each(['opened', 'synchronize', 'reopened', 'edited', 'ready_for_review', 'labeled', 'unlabeled'])(
    'that was %s gets the comment',
    async (action) => {
      const forge = await startForge()
      const { code } = await runMain(forge, { symvers: patched, payload: pullRequestPayload(action) })
      expect([code, forge.comments.length]).toEqual([1, 1])
    },
  )
})

describe('a pull request from a fork', () => {
  const readOnly = { status: 403, message: 'Resource not accessible by integration' }

  it.each([
    ['a break', patched, 1, 'break'],
    ['a pass', released, 0, 'pass'],
  ])('has everything but the comment on %s, and the summary says so', async (_, symvers, code, verdict) => {
    const forge = await startForge()
    forge.pull.from = 'pat/linux'
    forge.failAlways(/^(POST|PATCH) (?!\/graphql)/, readOnly)
    const run = await runMain(forge, { symvers, payload: forkPayload(), inputs: { comment: 'always' } })
    expect([run.code, run.outputs.get('verdict'), run.outputs.get('comment-url')]).toEqual([
      code,
      verdict,
      '',
    ])
    expect(run.summary).toMatch(/no comment of this verdict: .*403.*fork/)
    expect(run.outputs.get('report-sarif')).toMatch(/report\.sarif$/)
  })

  it.each([['pat/linux'], [null]])(
    '(%s) can only be approved by a run that the label started',
    async (from) => {
      const forge = await startForge()
      forge.pull.from = from
      forge.pull.labels.push('ok')
      forge.events.push(labeledEvent('mia', 'ok', '2026-11-20T10:00:00Z'))
      const run = (payload: object) =>
        runMain(forge, { symvers: patched, payload, inputs: { 'override-label': 'ok' } })
      expect((await run(forkPayload())).summary).toMatch(/stale approval, set it again/)
      const labeled = forkPayload('labeled', { label: { name: 'ok' }, sender: { login: 'mia' } })
      expect((await run(labeled)).outputs.get('verdict')).toBe('overridden')
    },
  )
})

describe('a run that is about no pull request', () => {
  it.each<[string, object, string]>([
    ['merge_group', mergeGroupPayload(), 'refs/heads/gh-readonly-queue/main/pr-12-x'],
    ['push', pushPayload('main'), 'refs/heads/main'],
    ['push', pushPayload('new', '0'.repeat(40)), 'refs/heads/new'],
    ['workflow_dispatch', dispatchPayload('main'), 'refs/heads/main'],
    ['schedule', schedulePayload(), 'refs/heads/main'],
  ])('judges on %s, asks GitHub nothing and writes no comment', async (event, payload, ref) => {
    const forge = await startForge()
    const env = { GITHUB_EVENT_NAME: event, GITHUB_REF: ref }
    const broken = await runMain(forge, { symvers: patched, payload, env })
    expect([broken.code, broken.outputs.get('verdict')]).toEqual([1, 'break'])
    const clean = await runMain(forge, { symvers: released, payload, env })
    expect([clean.code, clean.outputs.get('verdict')]).toEqual([0, 'pass'])
    expect(forge.requests).toEqual([])
  })
})
