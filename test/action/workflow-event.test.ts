import { describe, expect, it } from 'vitest'
import { mergeGroupEvent, originOf } from '../../src/action/workflow-event.ts'

const sha = '0123456789abcdef0123456789abcdef01234567'

describe('where a run comes from', () => {
  it.each([
    [
      'a pull request',
      { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge' },
      { pull_request: { base: { sha, ref: 'main' } } },
      { branch: 'main', base: { kind: 'commit', commit: sha } },
    ],
    [
      'a merge queue',
      { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-1' },
      { merge_group: { base_sha: sha, base_ref: 'refs/heads/main' } },
      { branch: 'main', base: { kind: 'commit', commit: sha } },
    ],
    [
      'a push',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/release/6.1' },
      { before: sha },
      { branch: 'release/6.1', base: { kind: 'commit', commit: sha } },
    ],
    [
      'a push that makes a branch',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/x' },
      { before: '0'.repeat(40) },
      { branch: 'x', base: { kind: 'none' } },
    ],
    [
      'a push of a tag',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/tags/v1' },
      { before: '0'.repeat(40) },
      { branch: undefined, base: { kind: 'none' } },
    ],
    [
      'a push to a protected branch',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/x', GITHUB_REF_PROTECTED: 'true' },
      {},
      { branch: 'x', protectedByForge: true },
    ],
    [
      'a run by hand',
      { GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_REF: 'refs/heads/main' },
      { before: sha },
      { branch: 'main', base: { kind: 'none' } },
    ],
    [
      'an option for a commit',
      { GITHUB_EVENT_NAME: 'push' },
      { before: '--output=x' },
      { base: { kind: 'unreadable' } },
    ],
    [
      'a payload of another shape',
      { GITHUB_EVENT_NAME: 'pull_request' },
      { pull_request: { base: 'x', merge_group: [] } },
      { branch: undefined, base: { kind: 'unreadable' } },
    ],
    [
      'a pull request of which the payload is empty',
      { GITHUB_EVENT_NAME: 'pull_request' },
      {},
      { base: { kind: 'unreadable' } },
    ],
    [
      'a merge queue without a commit to start from',
      { GITHUB_EVENT_NAME: 'merge_group' },
      { merge_group: { base_sha: '0'.repeat(40) } },
      { base: { kind: 'unreadable' } },
    ],
    [
      'a run by the clock',
      { GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/main' },
      {},
      { base: { kind: 'none' } },
    ],
    [
      'no payload',
      {},
      undefined,
      { event: '', branch: undefined, base: { kind: 'none' }, protectedByForge: false },
    ],
  ])('is read from %s', (_, env, payload, origin) => {
    expect(originOf(env, payload)).toMatchObject(origin)
  })
})

it.each(['workflow_run', 'issue_comment', 'check_run', 'repository_dispatch', 'release', 'new_event'])(
  'a run of %s, which may be about anybody’s patch, has to name its base',
  (event) => {
    const env = { GITHUB_EVENT_NAME: event, GITHUB_REF: 'refs/heads/main' }
    expect(originOf(env, { before: '0'.repeat(40) }).base).toEqual({ kind: 'unreadable' })
  },
)

describe('the merge group of a run', () => {
  const group = {
    head_sha: sha,
    head_ref: `refs/heads/gh-readonly-queue/release/6.1/pr-104-${sha}`,
    base_sha: 'b'.repeat(40),
    base_ref: 'refs/heads/release/6.1',
  }

  it('names its pull request in the branch that GitHub made for it', () => {
    expect(mergeGroupEvent({ merge_group: group })).toEqual({
      number: 104,
      branch: 'release/6.1',
      base: 'b'.repeat(40),
      head: sha,
    })
  })

  it.each([
    ['another branch', { head_ref: 'refs/heads/pr-104' }],
    ['no number', { head_ref: `refs/heads/gh-readonly-queue/main/pr-x-${sha}` }],
    ['a head that is no commit', { head_sha: 'main' }],
    ['a base that is gone', { base_sha: null }],
    ['a tag to merge into', { base_ref: 'refs/tags/v1' }],
  ])('is not known with %s', (_, change) => {
    expect(mergeGroupEvent({ merge_group: { ...group, ...change } })).toBeUndefined()
  })

  it.each([[undefined], [{}], [{ merge_group: 'x' }]])('is not known from %j', (payload) => {
    expect(mergeGroupEvent(payload)).toBeUndefined()
  })
})
