import { describe, expect, it } from 'vitest'
import { startForge, type Forge } from '../action/forge.ts'
import {
  dispatchPayload,
  mergeGroupPayload,
  pullRequestPayload,
  pushPayload,
  schedulePayload,
} from '../action/payloads.ts'
import { runMain, type MainRun } from '../action/run-main.ts'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'

const disable = { 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' }

interface Event {
  readonly payload: object
  readonly env: Readonly<Record<string, string>>
}

const on = (name: string, payload: object, ref: string, isProtected = false): Event => ({
  payload,
  env: { GITHUB_EVENT_NAME: name, GITHUB_REF: ref, GITHUB_REF_PROTECTED: String(isProtected) },
})
const byHand = (branch: string, isProtected = false) =>
  on('workflow_dispatch', dispatchPayload(branch), `refs/heads/${branch}`, isProtected)

/** A run that the person `mia` started, who is a maintainer. */
function run(
  forge: Forge,
  { payload, env }: Event,
  inputs: Readonly<Record<string, string>> = {},
  people: { readonly actor: string; readonly first?: string } = { actor: 'mia' },
): Promise<MainRun> {
  return runMain(forge, {
    symvers: patched,
    payload,
    inputs: { ...disable, ...inputs },
    env: { ...env, GITHUB_ACTOR: people.first ?? people.actor },
    actor: people.actor,
  })
}

function expectRefused({ code, outputs, audit, stdout }: MainRun, why: RegExp): void {
  expect([code, outputs.get('verdict'), audit]).toEqual([2, 'error', ''])
  expect(stdout.replace(/\s+/g, ' ')).toMatch(why)
}

describe('the disable flag', () => {
  it.each<[string, Event]>([
    ['a pull request', on('pull_request', pullRequestPayload(), 'refs/pull/12/merge')],
    ['a merge queue', on('merge_group', mergeGroupPayload(), 'refs/heads/gh-readonly-queue/topic/pr-1')],
    ['a push to main', on('push', pushPayload('main'), 'refs/heads/main')],
    ['a push to a branch that GitHub protects', on('push', pushPayload('topic'), 'refs/heads/topic', true)],
    ['a scheduled run of main', on('schedule', schedulePayload(), 'refs/heads/main')],
    ['a run by hand of main', byHand('main')],
    ['a run by hand of a release branch', byHand('release/6.1')],
    ['a run by hand of a branch that GitHub protects', byHand('topic', true)],
    ['a run by hand of a tag', on('workflow_dispatch', dispatchPayload(), 'refs/tags/v1')],
  ])('is an error on %s, even for a maintainer', async (_, event) => {
    expectRefused(await run(await startForge(), event), /cannot be disabled on/)
  })

  it('tells what to do instead on a protected branch', async () => {
    expectRefused(await run(await startForge(), byHand('main')), /waiver.*a branch of your own/)
  })

  it('follows the branches that kabi.yml protects', async () => {
    const folder = workspace({
      'whitelists/x86_64/kabi_whitelist': whitelist,
      'kabi.yml': `${kabiYml}protected: ['rhel-*']\n`,
      'Module.symvers': patched,
    })
    const there = (branch: string) =>
      runMain(undefined, { folder, ...byHand(branch), inputs: { ...disable, 'github-token': '' } })
    expectRefused(await there('rhel-9'), /cannot be disabled on/)
    expect((await there('main')).outputs.get('verdict')).toBe('overridden')
  })

  it('is advised only where it would be accepted', async () => {
    const advised = async (branch: string) => {
      const without = { symvers: patched, ...byHand(branch) }
      return (await runMain(await startForge(), without)).summary
    }
    expect(await advised('topic')).toContain('give the disable flag with a reason')
    expect(await advised('main')).toMatch(/If the break is wanted, ask for a waiver/)
  })

  it('is accepted from a maintainer on another branch, and every report says who, as what, why, when and where', async () => {
    const { code, outputs, stdout, summary, audit } = await run(await startForge(), byHand('topic'))
    expect([code, outputs.get('verdict'), outputs.get('breaking')]).toEqual([0, 'overridden', 'true'])
    const url = 'https://github.example/distro/linux/actions/runs/77'
    expect(stdout).toMatch(/^::warning.*OVERRIDDEN/m)
    expect(stdout).toMatch(
      /OVERRIDDEN by mia \(maintain\) at \d{4}-\d\d-\d\dT[\d:.]+Z, run https:\S+: bisecting the break/,
    )
    expect(summary).toContain(`[run](${url})`)
    expect(JSON.parse(audit)).toMatchObject({
      at: expect.stringMatching(/^\d{4}-/) as string,
      by: 'mia',
      role: 'maintain',
      reason: 'bisecting the break',
      label: null,
      run: url,
    })
  })

  it.each([
    ['tom', 'triage'],
    ['nobody-known', 'read'],
  ])('is an error from %s, whose role is %s', async (actor, role) => {
    const refused = await run(await startForge(), byHand('topic'), {}, { actor })
    expectRefused(refused, new RegExp(`${actor}".*whose role is ${role}; it takes maintain or admin`))
  })

  it.each([
    ['tom', 'mia'],
    ['mia', 'tom'],
  ])('is an error in a run that %s started and %s started again', async (first, actor) => {
    expectRefused(await run(await startForge(), byHand('topic'), {}, { actor, first }), /role is triage/)
  })

  it('takes the roles that the input names', async () => {
    const inputs = { 'override-roles': 'write' }
    const forge = await startForge()
    forge.roles['wu'] = 'write'
    expectRefused(await run(forge, byHand('topic'), {}, { actor: 'wu' }), /role is write/)
    expect((await run(forge, byHand('topic'), inputs, { actor: 'wu' })).code).toBe(0)
  })

  it.each([401, 403, 404, 500])(
    'is an error when GitHub answers %i to the question for the role',
    async (status) => {
      const forge = await startForge()
      forge.failAlways(/collaborators/, { status, message: 'no' })
      expectRefused(await run(forge, byHand('topic')), new RegExp(`is not known: .*${status}`))
    },
  )

  it('is an error when GitHub does not answer at all', async () => {
    const forge = await startForge()
    await forge.stop()
    expectRefused(await run(forge, byHand('topic')), /is not known/)
  })

  it('says that nobody asked for the role where there is no token', async () => {
    const forge = await startForge()
    const { outputs, summary, audit } = await run(
      forge,
      byHand('topic'),
      { 'github-token': '' },
      { actor: 'tom' },
    )
    expect(outputs.get('verdict')).toBe('overridden')
    expect(summary).toContain('tom (role not checked)')
    expect(JSON.parse(audit)).toMatchObject({ by: 'tom', role: null })
    expect(forge.requests).toEqual([])
  })

  it('does not excuse an error', async () => {
    const broken = { ...byHand('topic'), symvers: 'no symvers' }
    const { code, outputs } = await runMain(await startForge(), {
      ...broken,
      inputs: disable,
      actor: 'mia',
    })
    expect([code, outputs.get('verdict')]).toEqual([3, 'error'])
  })

  it('does not stand in the way of a run that needs none', async () => {
    const { payload, env } = on('push', pushPayload('main'), 'refs/heads/main')
    const forge = await startForge()
    const { outputs } = await runMain(forge, { symvers: released, payload, env })
    expect(outputs.get('verdict')).toBe('pass')
    expect(forge.requests).toEqual([])
  })
})
