import { describe, expect, it } from 'vitest'
import { protectedByDefault, refuseOverride } from '../../src/judge/refuse-override.ts'

describe('the disable flag', () => {
  it.each([
    ['workflow_dispatch', 'topic', false],
    ['push', 'topic', false],
    ['push', 'maintenance', false],
    ['push', 'release', false],
    ['schedule', 'topic', false],
  ])('is accepted for %s on %s', (event, branch, protectedByForge) => {
    expect(refuseOverride({ event, branch, protectedByForge }, protectedByDefault)).toBeUndefined()
  })

  it.each([
    ['pull_request', 'topic', false],
    ['pull_request_target', 'topic', false],
    ['merge_group', 'topic', false],
    ['push', 'main', false],
    ['push', 'master', false],
    ['push', 'release/6.1', false],
    ['push', 'release/6.1/fixes', false],
    ['push', 'linux-6.1-stable', false],
    ['push', 'topic', true],
    ['push', undefined, false],
    ['schedule', 'main', false],
    ['workflow_run', 'main', false],
    ['workflow_dispatch', 'main', false],
    ['workflow_dispatch', 'topic', true],
    ['workflow_dispatch', undefined, false],
    ['', undefined, false],
  ])('is refused for %s on %s', (event, branch, protectedByForge) => {
    expect(refuseOverride({ event, branch, protectedByForge }, protectedByDefault)).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('cannot be disabled') as string,
    })
  })

  it('follows the patterns of the configuration, also when there are none', () => {
    const on = (branch: string, patterns: readonly string[]) =>
      refuseOverride({ event: 'push', branch, protectedByForge: false }, patterns) === undefined
    expect(on('main', [])).toBe(true)
    expect(on('rhel-9', ['rhel-?'])).toBe(false)
    expect(on('rhel-10', ['rhel-?'])).toBe(true)
    expect(on('mainx', ['main'])).toBe(true)
    expect(on('a.b', ['a.b'])).toBe(false)
    expect(on('axb', ['a.b'])).toBe(true)
  })
})
