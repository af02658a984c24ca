import { describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { head, labeledEvent, startForge } from '../action/forge.ts'
import { mergeGroupPayload, pullRequestPayload, pushPayload } from '../action/payloads.ts'
import { runMain, type MainRun } from '../action/run-main.ts'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'
import { checkout, listFile, type Checkout } from './checkout.ts'
import { git } from '../support/git.ts'

const firstRow = whitelist.replace(/\n[\s\S]*/, '\n')

const waiver = `version: 1
waivers:
  - { symbol: pci_enable_device, variants: all, from: 0x22222222, to: 0xdeadbeef, reason: nobody uses it any more, owner: Eve, expires: 2099-01-01 }
  - { symbol: usb_alloc_urb, variants: all, from: 0x33333333, to: removed, reason: nobody uses it any more, owner: Eve, expires: 2099-01-01 }
`

/** What a patch could do to the files that guard it, so that its break passes. */
const cheats: readonly (readonly [string, Readonly<Record<string, string | undefined>>])[] = [
  ['the whitelist agreeing with the break', { [listFile]: patched.replace(/^.*nobody_cares.*\n/m, '') }],
  ['the rows taken out', { [listFile]: firstRow }],
  ['the whitelist gone', { whitelists: undefined }],
  ['a waiver for it', { 'kabi.yml': `${kabiYml}waivers: w.yml\n`, 'w.yml': waiver }],
  [
    'its weight lowered',
    { 'kabi.yml': `${kabiYml}policy: { kinds: { changed: ignore, removed: ignore } }\n` },
  ],
  [
    'a rule that lets it pass',
    { 'kabi.yml': `${kabiYml}policy: { rules: [{ symbol: '*', action: pass }] }\n` },
  ],
  ['edits allowed', { 'kabi.yml': `${kabiYml}policy: { kinds: { whitelist-edit: ignore } }\n` }],
  ['the variant dropped', { 'kabi.yml': kabiYml.replace('x86_64:', 'other:') }],
  [
    'the promise withdrawn',
    { 'kabi.yml': kabiYml.replace(/symvers:.*/, 'promise: none\n    reason: nobody needs it') },
  ],
  [
    'another build read',
    { 'kabi.yml': kabiYml.replace('Module.symvers', 'better.symvers'), 'better.symvers': released },
  ],
  ['no configuration', { 'kabi.yml': undefined }],
  ['a second configuration', { 'kabi.yaml': kabiYml }],
]

/** The action on a pull request of a checkout. */
async function onPullRequest(
  { folder, base }: Checkout,
  inputs: Readonly<Record<string, string>> = {},
): Promise<MainRun> {
  return runMain(await startForge(), {
    folder,
    payload: pullRequestPayload('synchronize', {}, { base }),
    inputs: { 'baseline-ref': '', 'github-token': '', ...inputs },
  })
}

describe('a break is not excused by', () => {
  it.each(cheats)('%s', async (_, patch) => {
    const run = await onPullRequest(checkout(patch, patched))
    expect([run.code, run.outputs.get('verdict'), run.outputs.get('breaking')]).toEqual([1, 'break', 'true'])
  })

  it('anything of this where the variant is collected on another machine', async () => {
    const [, patch] = cheats[0] ?? ['', {}]
    const there = checkout(patch, patched)
    const collected = await onPullRequest(there, { command: 'collect', variant: 'x86_64' })
    expect(collected.code).toBe(0)
    const run = await onPullRequest(there, { command: 'judge', 'expect-commit': there.patched })
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    expect(run.stdout).toContain('whitelist-edit')
  })
})

describe('a patch that breaks nothing is not green with', () => {
  // A second file beside the configuration changes nothing by itself.
  it.each(cheats.filter(([name]) => name !== 'a second configuration'))('%s', async (_, patch) => {
    const run = await onPullRequest(checkout(patch))
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    expect(run.summary).toContain('edits its own gate')
  })
})

describe('the base that counts', () => {
  const [, patch] = cheats[0] ?? ['', {}]

  it.each([
    ['pull_request', (base: string) => pullRequestPayload('opened', {}, { base })],
    ['merge_group', mergeGroupPayload],
    ['push', (base: string) => pushPayload('topic', base)],
  ])('is that of a %s', async (event, payloadOf) => {
    const { folder, base } = checkout(patch, patched)
    const run = await runMain(await startForge(), {
      folder,
      payload: payloadOf(base),
      inputs: { 'baseline-ref': '' },
      env: { GITHUB_EVENT_NAME: event },
    })
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    expect(run.stdout).toContain('whitelist-edit')
  })

  it('is the work tree only where the workflow says so', async () => {
    const run = await onPullRequest(checkout(patch, patched), { 'baseline-ref': 'none' })
    expect(run.outputs.get('verdict')).toBe('pass')
  })

  it.each(['check', 'collect', 'judge', 'plan'])(
    'is missed by %s in a checkout without the history, which says what to do',
    async (command) => {
      const { folder, base } = checkout(patch, patched)
      const shallow = join(workspace({}), 'copy')
      git(folder, 'clone', '--quiet', '--depth=1', `file://${folder}`, shallow)
      const inputs = command === 'collect' ? { command, variant: 'x86_64' } : { command }
      const run = await onPullRequest({ folder: shallow, base, patched: '' }, inputs)
      expect([run.code, run.outputs.get('verdict')]).toEqual([2, 'error'])
      expect(run.stdout.replace(/\s+/g, ' ')).toContain('fetch-depth: 0')
    },
  )

  it.each([
    ['pull_request', {}],
    ['pull_request', { pull_request: { number: 12, head: { sha: head } } }],
    ['merge_group', { merge_group: {} }],
    ['push', { ref: 'refs/heads/topic' }],
  ])('is an error where the payload of a %s does not name it: %j', async (event, payload) => {
    const { folder } = checkout(patch, patched)
    for (const command of ['check', 'judge', 'plan']) {
      const run = await runMain(await startForge(), {
        folder,
        payload,
        inputs: { 'baseline-ref': '', command },
        env: { GITHUB_EVENT_NAME: event },
      })
      expect([run.code, run.outputs.get('verdict')]).toEqual([2, 'error'])
      expect(run.stdout).toContain('does not say which commit')
    }
  })

  it.each(['workflow_run', 'issue_comment', 'check_run', 'repository_dispatch'])(
    'has to be named for %s, which may be about anybody’s patch',
    async (event) => {
      const { folder, base } = checkout(patch, patched)
      const judged = async (ref: string) =>
        runMain(await startForge(), {
          folder,
          payload: {},
          inputs: { 'baseline-ref': ref, command: 'judge', 'github-token': '' },
          env: { GITHUB_EVENT_NAME: event, GITHUB_REF: 'refs/heads/main' },
        })
      const unnamed = await judged('')
      expect([unnamed.code, unnamed.outputs.get('verdict')]).toEqual([2, 'error'])
      expect(unnamed.stdout).toContain('whose configuration counts')
      expect((await judged(base)).stdout).not.toContain('whose configuration counts')
    },
  )

  it('gives the plan too, so that no variant is lost', async () => {
    const there = checkout({ 'kabi.yml': kabiYml.replace('x86_64:', 'other:') })
    const run = await onPullRequest(there, { command: 'plan' })
    expect(run.code).toBe(0)
    expect(run.outputs.get('matrix')).toContain('"variant":"x86_64"')
  })
})

describe('the override label', () => {
  it('is what approves an edit of the gate, and the record tells of it', async () => {
    const { folder, base } = checkout({ [listFile]: firstRow })
    const forge = await startForge()
    const run = () =>
      runMain(forge, {
        folder,
        payload: pullRequestPayload('synchronize', {}, { base }),
        inputs: { 'baseline-ref': '', 'override-label': 'ok' },
      })
    expect((await run()).outputs.get('verdict')).toBe('break')
    forge.pull.labels.push('ok')
    forge.events.push(labeledEvent('tom', 'ok', '2026-11-20T10:00:00Z'))
    expect((await run()).outputs.get('verdict')).toBe('break')
    forge.events.push(labeledEvent('mia', 'ok', '2026-11-20T10:05:00Z'))
    const approved = await run()
    expect([approved.code, approved.outputs.get('verdict')]).toEqual([0, 'overridden'])
    expect(JSON.parse(approved.audit)).toMatchObject({ by: 'mia', failing: 2, edits: 2, symbols: [] })
    expect(forge.comments[0]?.body).toContain('edits its own gate')
  })
})
