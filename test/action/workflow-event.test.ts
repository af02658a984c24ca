import { describe, expect, it } from 'vitest'
import { originOf } from '../../src/action/workflow-event.ts'

const sha = '0123456789abcdef0123456789abcdef01234567'

describe('where a run comes from', () => {
  it.each([
    [
      'a pull request',
      { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge' },
      { pull_request: { base: { sha, ref: 'main' } } },
      { branch: 'main', base: sha },
    ],
    [
      'a merge queue',
      { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-1' },
      { merge_group: { base_sha: sha, base_ref: 'refs/heads/main' } },
      { branch: 'main', base: sha },
    ],
    [
      'a push',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/release/6.1' },
      { before: sha },
      { branch: 'release/6.1', base: sha },
    ],
    [
      'a push that makes a branch',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/x' },
      { before: '0'.repeat(40) },
      { branch: 'x', base: undefined },
    ],
    [
      'a push of a tag',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/tags/v1' },
      { before: '0'.repeat(40) },
      { branch: undefined, base: undefined },
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
      { branch: 'main', base: undefined },
    ],
    ['an option for a commit', { GITHUB_EVENT_NAME: 'push' }, { before: '--output=x' }, { base: undefined }],
    [
      'a payload of another shape',
      { GITHUB_EVENT_NAME: 'pull_request' },
      { pull_request: { base: 'x', merge_group: [] } },
      { branch: undefined, base: undefined },
    ],
    ['no payload', {}, undefined, { event: '', branch: undefined, base: undefined, protectedByForge: false }],
  ])('is read from %s', (_, env, payload, origin) => {
    expect(originOf(env, payload)).toMatchObject(origin)
  })
})
