import { describe, expect, it } from 'vitest'
import { applyApproval } from '../../src/judge/apply-approval.ts'
import { approve, type Approval, type LabelFacts } from '../../src/judge/label.ts'
import { changed, verdictOf } from '../report/samples.ts'

const policy = { label: 'kabi: break approved', roles: ['maintain', 'admin'] }

const good: LabelFacts = {
  pullRequest: { number: 12, title: 'net: new flags', author: 'pat' },
  judgedHead: 'aaa',
  liveHead: 'aaa',
  judgedBase: 'release/6.1',
  liveBase: 'release/6.1',
  baseChangedAt: undefined,
  labels: ['bug', 'kABI: break approved'],
  labeled: { actor: 'mia', at: '2026-11-20T10:00:00Z' },
  roles: ['maintain', 'write', 'triage', 'read'],
  startedBy: undefined,
  pushedAt: '2026-11-20T09:00:00Z',
}
const later = '2026-11-20T11:00:00Z'

describe('approve', () => {
  it('approves a label that somebody with the role set after the newest push, saying who and when', () => {
    expect(approve(policy, good)).toEqual({
      kind: 'approved',
      override: {
        by: 'mia',
        reason: 'pull request 12: net: new flags',
        how: { kind: 'label', label: policy.label, role: 'maintain', at: '2026-11-20T10:00:00Z' },
      },
    })
  })

  it.each<[string, Partial<LabelFacts>, RegExp]>([
    ['by the author', { labeled: { actor: 'Pat', at: later } }, /a pull request of their own/],
    ['with the role triage', { roles: ['triage', 'read'] }, /role is triage; it takes maintain or admin/],
    ['without any role', { roles: [] }, /role is none that is known/],
    ['before the newest push', { pushedAt: later }, /^stale approval, set it again/],
    ['in the second of the push', { pushedAt: '2026-11-20T10:00:00Z' }, /^stale approval, set it again/],
    ['when the push is not known', { pushedAt: undefined }, /^stale approval, set it again/],
    ['when the time of the push is no time', { pushedAt: 'soon' }, /^stale approval, set it again/],
    ['by nobody that the events know', { labeled: undefined }, /no event says who/],
    ['while another base waits', { liveBase: 'devel' }, /to be merged into devel by now/],
    ['before the base changed', { baseChangedAt: later }, /^stale approval, set it again: .*pointed at/],
    [
      'in the second in which the base changed',
      { baseChangedAt: '2026-11-20T10:00:00Z' },
      /^stale approval, set it again: .*pointed at/,
    ],
    ['when the time of a change of the base is no time', { baseChangedAt: 'soon' }, /^stale approval/],
    [
      'in the event of this run, for another base',
      {
        baseChangedAt: later,
        startedBy: { actor: 'mia', label: policy.label, head: 'aaa', base: 'devel' },
      },
      /^stale/,
    ],
    ['while a newer head waits', { liveHead: 'bbb' }, /newer commits/],
    [
      'in the event of this run, for another head',
      {
        pushedAt: undefined,
        startedBy: { actor: 'mia', label: policy.label, head: 'bbb', base: 'release/6.1' },
      },
      /^stale/,
    ],
    [
      'in the event of this run, as another label',
      { pushedAt: undefined, startedBy: { actor: 'mia', label: 'bug', head: 'aaa', base: 'release/6.1' } },
      /^stale/,
    ],
    [
      'in the event of this run, by somebody else',
      { pushedAt: later, startedBy: { actor: 'tom', label: policy.label, head: 'aaa', base: 'release/6.1' } },
      /^stale/,
    ],
  ])('refuses a label set %s', (_, facts, why) => {
    const approval = approve(policy, { ...good, ...facts })
    expect(approval.kind === 'refused' && approval.why).toMatch(why)
  })

  it('needs no clock when the setting of the label on this head started the run', () => {
    const startedBy = { actor: 'mia', label: policy.label, head: 'aaa', base: 'release/6.1' }
    expect(approve(policy, { ...good, pushedAt: undefined, startedBy }).kind).toBe('approved')
  })

  it('finds no label that is not there now, whoever set it', () => {
    expect(approve(policy, { ...good, labels: ['bug'] })).toEqual({ kind: 'absent' })
  })
})

describe('applyApproval', () => {
  const approved = approve(policy, good)
  const refused: Approval = { kind: 'refused', why: 'stale approval, set it again' }
  const broken = verdictOf({ findings: [changed('kfree', 'x86_64')] })

  it('turns a break into overridden, and leaves all findings', () => {
    const verdict = applyApproval(broken, approved, policy.label)
    expect(verdict).toMatchObject({ result: 'overridden', override: { by: 'mia' } })
    expect(verdict.findings).toEqual(broken.findings)
  })

  it('leaves a break a break when the label was refused, and notes why', () => {
    const verdict = applyApproval(broken, refused, policy.label)
    expect(verdict.result).toBe('break')
    expect(verdict.problems[0]?.message).toMatch(/kabi: break approved.*stale approval, set it again/)
    expect(verdict.reasons.at(-1)).toMatchObject({ weight: 'note', about: { problem: 'approval-refused' } })
  })

  it.each(['approved', 'refused'])('excuses no error, and does not touch a pass (%s)', (kind) => {
    const approval = kind === 'approved' ? approved : refused
    const error = verdictOf({ problems: [{ kind: 'no-symvers', message: 'none' }] })
    for (const verdict of [error, verdictOf({})]) {
      expect(applyApproval(verdict, approval, policy.label)).toBe(verdict)
    }
  })
})
