import { describe, expect, it } from 'vitest'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'
import { checkoutOf } from '../support/git.ts'
import { startForge, type Forge } from './forge.ts'
import { pullRequestPayload } from './payloads.ts'
import { runMain } from './run-main.ts'

const files = {
  Makefile: 'VERSION = 6\n',
  'kabi.yml': kabiYml,
  'whitelists/x86_64/kabi_whitelist': whitelist,
  'Module.symvers': released,
}
const collected = 'e'.repeat(40)
const path = '.github/workflows/release-branch.yml'

interface Asked {
  readonly forge: Forge
  readonly folder: string
  readonly base: string
}

/** A branch `main` whose run 70 left evidence of a commit before the base. */
async function released70(
  change: Partial<Parameters<Forge['runs']['set']>[1]> = {},
  status: Forge['compared'][string] = 'ahead',
): Promise<Asked> {
  const forge = await startForge()
  const folder = workspace(files)
  const { commit: base } = checkoutOf(files, folder)
  forge.runs.set(70, { head: collected, event: 'push', path, workflow: 9, branch: 'main', ...change })
  forge.artifacts.push({ name: `kabi-evidence-all-${collected}`, run: 70 })
  forge.compared[`${collected}...${base}`] = status
  return { forge, folder, base }
}

async function run(
  { forge, folder, base }: Asked,
  inputs: Readonly<Record<string, string>>,
  payload = pullRequestPayload(),
) {
  const common = { 'baseline-ref': base, 'evidence-workflow': 'release-branch.yml' }
  const ran = await runMain(forge, { folder, payload, inputs: { ...common, ...inputs } })
  return { ...ran, warnings: ran.stdout.match(/^::warning.*$/gm) ?? [] }
}

async function planned(asked: Asked, inputs: Readonly<Record<string, string>> = {}, payload?: object) {
  const { code, outputs, warnings } = await run(asked, { command: 'plan', ...inputs }, payload)
  expect(code).toBe(0)
  return { run: outputs.get('earlier-run'), commit: outputs.get('earlier-commit'), warnings }
}

const nothing = { run: '', commit: '', warnings: [] }

/** What makes run 70 one that must not be taken. */
const refused: readonly (readonly [string, () => Promise<Asked>])[] = [
  ['of a pull request', () => released70({ event: 'pull_request' })],
  ['by hand', () => released70({ event: 'workflow_dispatch' })],
  ['of a fork', () => released70({ from: 'pat/linux' })],
  ['of a fork that is gone', () => released70({ from: null })],
  ['of another branch', () => released70({ branch: 'topic' })],
  [
    'by the clock of a branch that is not protected',
    () => released70({ event: 'schedule', branch: 'topic' }),
  ],
  [
    'of another workflow file',
    async () => {
      const asked = await released70({ path: '.github/workflows/evil.yml' })
      asked.forge.runs.set(60, { head: collected, event: 'push', path, workflow: 9, branch: 'main' })
      return asked
    },
  ],
  ['of a commit that is no ancestor', () => released70({}, 'diverged')],
  ['of a commit behind the base', () => released70({}, 'behind')],
  [
    'of a branch whose name a tag has',
    async () => {
      const asked = await released70()
      asked.forge.tags.push('main')
      return asked
    },
  ],
  [
    'whose evidence has expired',
    async () => {
      const asked = await released70()
      const name = `kabi-evidence-all-${collected}`
      asked.forge.artifacts.splice(0, 1, { name, run: 70, expired: true })
      return asked
    },
  ],
  [
    'whose evidence is of another commit than it was started for',
    async () => {
      const asked = await released70()
      const other = 'd'.repeat(40)
      asked.forge.artifacts.splice(0, 1, { name: `kabi-evidence-all-${other}`, run: 70 })
      asked.forge.compared[`${other}...${asked.base}`] = 'ahead'
      return asked
    },
  ],
  [
    'whose evidence was collected with a strategy that was asked for',
    async () => {
      const asked = await released70()
      asked.forge.artifacts.splice(0, 1, { name: `kabi-evidence-full-${collected}-x86_64`, run: 70 })
      return asked
    },
  ],
]

describe('plan with evidence-workflow', () => {
  it('names the run of a push to the branch, and the commit that it left evidence of', async () => {
    expect(await planned(await released70())).toEqual({ run: '70', commit: collected, warnings: [] })
  })

  it('takes a tag that only begins with the name of the branch for no tag of that name', async () => {
    const asked = await released70()
    asked.forge.tags.push('main-1.0')
    expect((await planned(asked)).run).toBe('70')
  })

  it('names the newest of which the patch is based on the commit', async () => {
    const asked = await released70()
    const [newer, newest] = ['1'.repeat(40), '2'.repeat(40)] as const
    asked.forge.runs.set(75, { head: newer, event: 'push', path, workflow: 9, branch: 'main' })
    asked.forge.runs.set(76, { head: newest, event: 'push', path, workflow: 9, branch: 'main' })
    for (const [id, head] of [
      [75, newer],
      [76, newest],
    ] as const)
      asked.forge.artifacts.push({ name: `kabi-evidence-all-${head}`, run: id })
    asked.forge.compared[`${newer}...${asked.base}`] = 'ahead'
    asked.forge.compared[`${newest}...${asked.base}`] = 'behind'
    expect(await planned(asked)).toEqual({ run: '75', commit: newer, warnings: [] })
  })

  it('asks nothing of how two commits stand to each other for evidence of the base itself', async () => {
    const asked = await released70()
    asked.forge.runs.set(71, { head: asked.base, event: 'push', path, workflow: 9, branch: 'main' })
    asked.forge.artifacts.push({ name: `kabi-evidence-all-${asked.base}`, run: 71 })
    expect((await planned(asked)).commit).toBe(asked.base)
    expect(asked.forge.requests.filter((line) => line.includes('/compare/'))).toEqual([])
  })

  it('names a run by the clock, of the default branch, where no push has left any', async () => {
    const asked = await released70({ event: 'schedule', head: 'f'.repeat(40), branch: 'main' })
    const other = { name: `kabi-evidence-all-${'9'.repeat(40)}`, run: 70 }
    asked.forge.artifacts.unshift(other)
    asked.forge.compared[`${'9'.repeat(40)}...${asked.base}`] = 'diverged'
    expect(await planned(asked)).toEqual({ run: '70', commit: collected, warnings: [] })
  })

  it.each(refused)('names no run %s', async (_, make) => {
    expect(await planned(await make())).toEqual(nothing)
  })

  it('warns where the branch is not protected, where there is no base, no token or no such workflow', async () => {
    const asked = await released70()
    const topic = pullRequestPayload('synchronize', {}, { baseRef: 'topic' })
    const cases = [
      [{}, topic, /`protected` in the configuration names the branch "topic"/],
      [{ 'baseline-ref': 'none' }, undefined, /no base/],
      [{ 'github-token': '' }, undefined, /github-token/],
      [{ 'evidence-workflow': 'other.yml' }, undefined, /no workflow "other.yml"/],
    ] as const
    for (const [inputs, payload, why] of cases) {
      const { run: found, warnings } = await planned(asked, inputs, payload)
      expect([found, warnings.length, warnings.join()]).toEqual(['', 1, expect.stringMatching(why)])
    }
  })

  it.each([401, 403, 422])(
    'warns and names none when the API answers %i, whatever was asked',
    async (status) => {
      for (const request of [/matching-refs/, /workflows\/release/, /runs\/70\/artifacts/, /compare/]) {
        const asked = await released70()
        asked.forge.failAlways(request, { status, message: 'no' })
        const { run: found, warnings } = await planned(asked)
        expect([found, warnings.length]).toEqual(['', 1])
      }
    },
  )

  it('asks nothing without the input, and refuses what is no name of a workflow file', async () => {
    const asked = await released70()
    expect(await planned(asked, { 'evidence-workflow': '' })).toEqual(nothing)
    expect(asked.forge.requests).toEqual([])
    for (const name of ['../x.yml', 'a/b.yml', 'release', '.yml'])
      expect((await run(asked, { command: 'plan', 'evidence-workflow': name })).code).toBe(2)
    expect((await run(asked, { command: 'plan', 'earlier-run': '70' })).code).toBe(2)
    expect((await run(asked, { command: 'plan', 'earlier-run': 'x' })).code).toBe(2)
  })
})

describe('judge with earlier-run', () => {
  const judging = { command: 'judge', 'earlier-run': '70', 'expect-commit': 'c'.repeat(40) }

  it.each([
    ...refused,
    ['that is not there', async () => ({ ...(await released70()), forge: await startForge() })],
  ] as const)('believes no plan that names a run %s, and is an error then', async (_, make) => {
    const { code, warnings, outputs } = await run(await make(), judging)
    expect([code, outputs.get('verdict')]).toEqual([3, 'error'])
    expect(warnings.join('\n')).toContain('The evidence of run 70 does not count')
  })

  it('does not count it without the name of the workflow or without a token', async () => {
    for (const without of [{ 'evidence-workflow': '' }, { 'github-token': '' }]) {
      const { code, warnings } = await run(await released70(), { ...judging, ...without })
      expect([code, warnings.join('\n')]).toEqual([3, expect.stringContaining('does not count')])
    }
  })

  it('has nothing against a good one', async () => {
    const { warnings } = await run(await released70(), judging)
    expect(warnings.join('\n')).not.toContain('does not count')
  })
})
