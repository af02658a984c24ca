import { describe, expect, it } from 'vitest'
import { patched, released } from '../support/workspace.ts'
import { checkedOut, head, labeledEvent, startForge, tip, type Forge } from '../action/forge.ts'
import { mergeGroupPayload, pullRequestPayload } from '../action/payloads.ts'
import { runMain, type MainRun } from '../action/run-main.ts'

const label = 'kabi: break approved'
const afterPush = '2026-11-20T10:00:00Z'
const beforePush = '2026-11-20T08:00:00Z'

/** A pull request with the label, set by somebody. */
async function labeled(actor: string, at = afterPush): Promise<Forge> {
  const forge = await startForge()
  forge.pull.labels.push('bug', label)
  forge.events.push(labeledEvent('tom', 'bug', at), labeledEvent(actor, label, at))
  return forge
}

const run = (forge: Forge, inputs: Readonly<Record<string, string>> = {}, payload?: object) =>
  runMain(forge, {
    symvers: patched,
    inputs: { 'override-label': label, ...inputs },
    ...(payload ? { payload } : {}),
  })

function expectRefused({ code, outputs, summary, audit }: MainRun, why: RegExp): void {
  expect([code, outputs.get('verdict'), outputs.get('override-by'), audit]).toEqual([1, 'break', '', ''])
  expect(summary).toMatch(/Override label not accepted/)
  expect(summary).toMatch(why)
}

describe('the override label', () => {
  it('excuses a break when a maintainer has set it since the push, and stands in every report', async () => {
    const forge = await labeled('mia')
    const { code, outputs, summary, stdout, audit } = await run(forge)
    expect(code).toBe(0)
    expect(Object.fromEntries(outputs)).toMatchObject({
      verdict: 'overridden',
      breaking: 'true',
      'override-by': 'mia',
      'override-reason': 'pull request 12: net: new flags',
    })
    expect(summary).toMatch(
      /by mia \(maintain\), with the label “kabi: break approved” at 2026-11-20T10:00:00Z/,
    )
    expect(stdout).toMatch(/^::warning.*OVERRIDDEN/m)
    expect(forge.comments[0]?.body).toMatch(/OVERRIDDEN/)
    expect(JSON.parse(audit)).toMatchObject({
      by: 'mia',
      role: 'maintain',
      actor: 'hubot',
      commit: head,
      run: 'https://github.example/distro/linux/actions/runs/77',
    })
  })

  it('is what the author is told to ask for while it is not set, and a waiver where no label counts', async () => {
    const asked = await run(await startForge())
    expect(asked.summary).toMatch(/ask a maintainer for the label “kabi: break approved”, or for a waiver/)
    expect(asked.summary).not.toContain('disable flag')
    const { summary } = await run(await startForge(), { 'override-label': '' })
    expect(summary).toMatch(/If the break is wanted, ask for a waiver/)
  })

  it('is refused when the author set it, who is an admin', async () => {
    expectRefused(await run(await labeled('pat')), /pat set it on a pull request of their own/)
  })

  it('is refused with the role triage, which GitHub calls read', async () => {
    expectRefused(await run(await labeled('tom')), /tom set it, whose role is triage/)
  })

  it('is refused when a push came after it', async () => {
    expectRefused(await run(await labeled('mia', beforePush)), /stale approval, set it again/)
  })

  it('is refused when somebody without the role set it again last', async () => {
    const forge = await labeled('mia')
    forge.events.push(labeledEvent('tom', label, '2026-11-20T10:30:00Z'))
    expectRefused(await run(forge), /tom set it, whose role is triage/)
  })

  it('does not count once it is taken away, and then is only what to ask for', async () => {
    const forge = await labeled('mia')
    forge.pull.labels.length = 0
    const { code, summary } = await run(forge, {}, pullRequestPayload('labeled', { label: { name: label } }))
    expect(code).toBe(1)
    expect(summary).not.toMatch(/override/i)
    expect(forge.requests.filter((line) => /events|collaborators/.test(line))).toEqual([])
  })

  it('is refused for a run of an older head', async () => {
    const forge = await labeled('mia')
    forge.pull.head = 'd'.repeat(40)
    expectRefused(await run(forge), /newer commits than the one that was checked/)
  })

  it('is refused when the activity of the branch ends with another commit', async () => {
    const forge = await labeled('mia')
    forge.activity.push({ id: 2, after: 'e'.repeat(40), timestamp: '2026-11-20T09:30:00Z' })
    expectRefused(await run(forge), /stale approval, set it again/)
  })

  it('counts from the newest push of a commit that was there before', async () => {
    const forge = await labeled('mia')
    forge.activity.push(
      { id: 2, after: 'e'.repeat(40), timestamp: '2026-11-20T09:30:00Z' },
      { id: 3, after: head, timestamp: '2026-11-20T11:00:00Z' },
    )
    expectRefused(await run(forge), /stale approval, set it again/)
  })

  it('needs no activity when its setting on this head started the run', async () => {
    const forge = await labeled('mia')
    forge.failAlways(/activity/, { status: 404, message: 'Not Found' })
    const started = pullRequestPayload('labeled', { label: { name: label }, sender: { login: 'mia' } })
    expectRefused(await run(forge), /stale approval, set it again/)
    expect((await run(forge, {}, started)).outputs.get('verdict')).toBe('overridden')
  })

  it('is bound to the branch that it was set for: another base makes it void until it is set again', async () => {
    const forge = await labeled('mia')
    const retarget = { event: 'base_ref_changed', id: 5, actor: { login: 'pat' } }
    forge.events.push({ ...retarget, created_at: '2026-11-20T10:10:00Z' })
    forge.pull.base = 'release/6.1'
    const edited = { changes: { base: { ref: { from: 'main' } } } }
    const payload = pullRequestPayload('edited', edited, { baseRef: 'release/6.1' })
    expectRefused(await run(forge, {}, payload), /stale approval.*pointed at release\/6\.1 since/)
    forge.events.push(labeledEvent('mia', label, '2026-11-20T10:20:00Z'))
    expect((await run(forge, {}, payload)).outputs.get('verdict')).toBe('overridden')
    // And back again: neither was it set for this.
    forge.pull.base = 'main'
    expectRefused(await run(forge, {}, payload), /to be merged into main by now/)
    forge.events.push({ ...retarget, created_at: '2026-11-20T10:30:00Z' })
    expectRefused(await run(forge), /stale approval/)
  })

  it('set for one branch starts a run that does not excuse a break on another', async () => {
    const forge = await labeled('mia')
    forge.pull.base = 'release/6.1'
    const payload = pullRequestPayload('labeled', { label: { name: label }, sender: { login: 'mia' } })
    expectRefused(await run(forge, {}, payload), /to be merged into release\/6\.1 by now/)
  })

  it('is not looked for on another host, whatever the API says about the next page', async () => {
    const forge = await labeled('mia')
    const other = await startForge()
    const link = `<${other.url.replace('127.0.0.1', 'localhost')}/repos/distro/linux/issues/12/events?page=2>; rel="next"`
    forge.answerOnce(/issues\/12\/events/, { body: [], headers: { link } })
    expectRefused(await run(forge), /leads to another host: localhost/)
    expect(other.requests).toEqual([])
  })

  it('is found among more events than a page has', async () => {
    const forge = await startForge()
    forge.pull.labels.push(label)
    for (let second = 0; second < 250; second++) {
      const at = new Date(Date.parse(beforePush) + second * 1_000).toISOString()
      forge.events.push(labeledEvent('tom', second === 0 ? label : 'bug', at))
    }
    forge.events.push(labeledEvent('mia', label, afterPush))
    expect((await run(forge)).outputs.get('override-by')).toBe('mia')
    expect(forge.requests.filter((line) => line.includes('/events'))).toHaveLength(3)
  })

  it('takes the roles that the input names', async () => {
    const forge = await labeled('wu')
    forge.roles['wu'] = 'write'
    expectRefused(await run(forge), /whose role is write/)
    expect((await run(forge, { 'override-roles': 'write, security' })).code).toBe(0)
    forge.roles['wu'] = 'security'
    expect((await run(forge, { 'override-roles': 'write, security' })).code).toBe(0)
  })

  it.each([
    [/pulls\/12/, 500],
    [/events/, 403],
    [/collaborators/, 404],
    [/collaborators/, 401],
  ])('is refused when %s answers %i', async (request, status) => {
    const forge = await labeled('mia')
    forge.failAlways(request, { status, message: 'no' })
    expectRefused(await run(forge), new RegExp(`it could not be checked: .*${status}`))
  })

  it('is refused when the API is down', async () => {
    const forge = await labeled('mia')
    await forge.stop()
    expectRefused(await run(forge), /it could not be checked/)
  })

  it('is not asked for without the input, on a pass, or without a token', async () => {
    const forge = await labeled('mia')
    await runMain(forge, { symvers: patched, inputs: { comment: 'never' } })
    await runMain(forge, { symvers: released, inputs: { comment: 'never', 'override-label': label } })
    const alone = await run(forge, { 'github-token': '' })
    expect(alone.code).toBe(1)
    expect(forge.requests).toEqual([])
  })

  it('is a usage error with a role that may not write', async () => {
    const { code, stdout } = await run(await labeled('tom'), { 'override-roles': 'triage' })
    expect(code).toBe(2)
    expect(stdout).toMatch(/override-roles.*at least write.*triage/)
  })
})

describe('the override label in a merge queue', () => {
  /** The group that holds the pull request alone, as a merge commit on the tip of its branch. */
  async function queued(actor: string, at = afterPush): Promise<Forge> {
    const forge = await labeled(actor, at)
    forge.parents[checkedOut] = [tip, head]
    return forge
  }

  const inQueue = (forge: Forge, payload: object = mergeGroupPayload()) =>
    runMain(forge, {
      symvers: patched,
      payload,
      inputs: { 'override-label': label },
      env: { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: `refs/heads/gh-readonly-queue/main/pr-12-${tip}` },
    })

  it('excuses the break of the pull request that was approved, and writes no comment', async () => {
    const forge = await queued('mia')
    const { code, outputs, audit } = await inQueue(forge)
    expect([code, outputs.get('verdict'), outputs.get('override-by')]).toEqual([0, 'overridden', 'mia'])
    expect(JSON.parse(audit)).toMatchObject({ commit: checkedOut, by: 'mia', role: 'maintain' })
    expect(forge.comments).toEqual([])
  })

  it.each<[string, (forge: Forge) => void, RegExp]>([
    [
      'other pull requests stand before it',
      (forge) => (forge.tip = 'e'.repeat(40)),
      /stand before it in the merge queue/,
    ],
    ['the queue squashes', (forge) => (forge.parents[checkedOut] = [tip]), /made no merge commit/],
    [
      'the group starts elsewhere',
      (forge) => (forge.parents[checkedOut] = [head, tip]),
      /made no merge commit/,
    ],
    [
      'the group holds a third line',
      (forge) => (forge.parents[checkedOut] = [tip, head, 'e'.repeat(40)]),
      /made no merge commit/,
    ],
    [
      'the group holds an older commit of the pull request',
      (forge) => (forge.parents[checkedOut] = [tip, 'd'.repeat(40)]),
      /newer commits than the one that was checked/,
    ],
    [
      'a push came after it',
      (forge) => void forge.activity.push({ id: 2, after: head, timestamp: '2026-11-20T11:00:00Z' }),
      /stale approval/,
    ],
    ['the commit of the group is not known', (forge) => (forge.parents = {}), /could not be checked: .*404/],
    [
      'the API is down',
      (forge) => forge.failAlways(/./, { status: 503, message: 'no' }),
      /could not be checked/,
    ],
  ])('is refused when %s', async (_, change, why) => {
    const forge = await queued('mia')
    change(forge)
    expectRefused(await inQueue(forge), why)
  })

  it.each([
    ['pat', /on a pull request of their own/],
    ['tom', /whose role is triage/],
  ])('is refused from %s', async (actor, why) => {
    expectRefused(await inQueue(await queued(actor)), why)
  })

  it('is not asked for where the group names no pull request', async () => {
    const forge = await queued('mia')
    const { code } = await inQueue(forge, { merge_group: { base_sha: tip } })
    expect(code).toBe(1)
    expect(forge.requests).toEqual([])
  })
})
