import { describe, expect, it } from 'vitest'
import { checkedOut, head, startForge, type Forge } from './forge.ts'
import { runMain } from './run-main.ts'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'

const own = 77
const path = '.github/workflows/kabi.yml'
const run = { head, event: 'pull_request', path, workflow: 5 }
const name = (variant: string, commit = checkedOut) => `kabi-evidence-${commit}-${variant}`

/** A repository in which run 70 left the evidence of both variants, and run 77 asks. */
async function forgeWithRun(change: Partial<typeof run> = {}): Promise<Forge> {
  const forge = await startForge()
  forge.runs.set(own, { ...run, path: `${path}@refs/heads/main` })
  forge.runs.set(70, { ...run, ...change })
  forge.artifacts.push({ name: name('debug'), run: 70 }, { name: name('x86_64'), run: 70 })
  return forge
}

async function evidenceRun(forge: Forge, inputs: Readonly<Record<string, string>> = {}, env = {}) {
  const folder = workspace({
    'kabi.yml': `${kabiYml}  debug: { arch: x86_64, symvers: Module.symvers }
  preview: { arch: x86_64, promise: none, reason: a technology preview }
`,
    'whitelists/x86_64/kabi_whitelist': whitelist,
    'whitelists/debug/kabi_whitelist': whitelist,
    'Module.symvers': released,
  })
  const { code, outputs, stdout, waits } = await runMain(forge, {
    folder,
    inputs: { command: 'plan', 'reuse-evidence': 'true', ...inputs },
    env,
  })
  expect(code).toBe(0)
  expect(outputs.get('matrix')).toContain('"variant":"debug"')
  return { id: outputs.get('evidence-run'), warnings: stdout.match(/^::warning.*$/gm) ?? [], waits }
}

describe('plan with reuse-evidence', () => {
  it('names the earlier run that has the evidence of every variant', async () => {
    expect(await evidenceRun(await forgeWithRun())).toMatchObject({ id: '70', warnings: [] })
  })

  it('names the newest of them', async () => {
    const forge = await forgeWithRun()
    forge.runs.set(75, run)
    forge.artifacts.push({ name: name('x86_64'), run: 75 }, { name: name('debug'), run: 75 })
    expect((await evidenceRun(forge)).id).toBe('75')
  })

  it('names one whose verdict was a break, as long as all its evidence is good', async () => {
    const forge = await forgeWithRun()
    forge.jobs.push(
      { run: 70, name: 'gate / collect debug', conclusion: 'success' },
      { run: 70, name: 'gate / verdict', conclusion: 'failure' },
    )
    expect((await evidenceRun(forge)).id).toBe('70')
  })

  it('finds them among more artifacts than a page has', async () => {
    const forge = await forgeWithRun()
    for (let one = 0; one < 130; one++) forge.artifacts.unshift({ name: `log-${one}`, run: 70 })
    expect((await evidenceRun(forge)).id).toBe('70')
  })

  it('goes by the commit that the workflow expects', async () => {
    const forge = await forgeWithRun()
    const other = 'd'.repeat(40)
    expect((await evidenceRun(forge, { 'expect-commit': other })).id).toBe('')
    for (const variant of ['x86_64', 'debug']) forge.artifacts.push({ name: name(variant, other), run: 70 })
    expect((await evidenceRun(forge, { 'expect-commit': other })).id).toBe('70')
  })

  it.each<[string, (forge: Forge) => void]>([
    ['lacks a variant', (forge) => forge.artifacts.pop()],
    [
      'has one that is expired',
      (forge) => forge.artifacts.splice(0, 1, { name: name('debug'), run: 70, expired: true }),
    ],
    [
      'has them of another commit',
      (forge) =>
        forge.artifacts.splice(
          0,
          2,
          ...['x86_64', 'debug'].map((one) => ({ name: name(one, head), run: 70 })),
        ),
    ],
    [
      'collected without success',
      (forge) => forge.jobs.push({ run: 70, name: 'gate / collect debug', conclusion: 'failure' }),
    ],
    ['is of another head', (forge) => forge.runs.set(70, { ...run, head: 'd'.repeat(40) })],
    [
      'is of another workflow file',
      (forge) => forge.runs.set(70, { ...run, path: '.github/workflows/evil.yml' }),
    ],
    ['is of another workflow', (forge) => forge.runs.set(70, { ...run, workflow: 6 })],
    ['is of another event', (forge) => forge.runs.set(70, { ...run, event: 'workflow_dispatch' })],
    [
      'is this very run',
      (forge) =>
        forge.artifacts.splice(0, 2, ...['x86_64', 'debug'].map((one) => ({ name: name(one), run: own }))),
    ],
    [
      'is newer than this one',
      (forge) => {
        forge.runs.set(80, run)
        forge.artifacts.splice(0, 2, ...['x86_64', 'debug'].map((one) => ({ name: name(one), run: 80 })))
      },
    ],
  ])('names none that %s', async (_, change) => {
    const forge = await forgeWithRun()
    change(forge)
    expect(await evidenceRun(forge)).toMatchObject({ id: '', warnings: [] })
  })

  it.each([
    [401, /github-token/],
    [403, /needs actions: read/],
    [404, /may lack actions: read/],
    [422, /not accepted/],
  ])('names none and warns when the API answers %i', async (status, why) => {
    for (const request of [
      /actions\/runs\/77/,
      /actions\/artifacts/,
      /runs\/70\/artifacts/,
      /runs\/70\/jobs/,
    ]) {
      const forge = await forgeWithRun()
      forge.failAlways(request, { status, message: 'no' })
      const { id, warnings } = await evidenceRun(forge)
      expect(id).toBe('')
      expect(warnings.join('\n')).toMatch(why)
    }
  })

  it('waits for a limit, comes through 5xx answers, and warns when the API is down', async () => {
    const forge = await forgeWithRun()
    forge.fail(/actions\/artifacts/, { status: 429, message: 'slow', headers: { 'retry-after': '3' } })
    forge.fail(/runs\/70/, { status: 502, message: 'Bad Gateway' })
    expect(await evidenceRun(forge)).toMatchObject({ id: '70', waits: [3_000, 500] })
    await forge.stop()
    const { id, warnings } = await evidenceRun(forge)
    expect([id, warnings.length]).toEqual(['', 1])
  })

  it('asks nothing unless told to, and warns where it cannot ask', async () => {
    const forge = await forgeWithRun()
    expect(await evidenceRun(forge, { 'reuse-evidence': 'false' })).toMatchObject({ id: '', warnings: [] })
    expect((await evidenceRun(forge, { 'github-token': '' })).warnings).toHaveLength(1)
    expect((await evidenceRun(forge, {}, { GITHUB_RUN_ID: '' })).warnings).toHaveLength(1)
    expect(forge.requests).toEqual([])
  })

  it('is a usage error with another word than true or false', async () => {
    const forge = await startForge()
    const { code } = await runMain(forge, { inputs: { command: 'plan', 'reuse-evidence': 'yes' } })
    expect(code).toBe(2)
  })
})
