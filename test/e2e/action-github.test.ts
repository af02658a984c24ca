import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  forgeEnvironment,
  head,
  labeledEvent,
  startForge,
  type Forge,
  type Trouble,
} from '../action/forge.ts'
import { pullRequestPayload } from '../action/payloads.ts'
import { runAction } from './run-bundle.ts'
import { kabiYml, patched, released, whitelist, workspace } from './workspace.ts'

const label = 'kabi: break approved'

/** The committed action on a pull request of the pretended forge. */
async function act(
  forge: Pick<Forge, 'url'>,
  symvers: string,
  inputs: Readonly<Record<string, string>> = {},
) {
  const folder = workspace({
    'whitelists/x86_64/kabi_whitelist': whitelist,
    'kabi.yml': kabiYml,
    'Module.symvers': symvers,
  })
  const runner = join(folder, '.runner')
  mkdirSync(runner)
  const file = (name: string, contents = '') => {
    writeFileSync(join(runner, name), contents)
    return join(runner, name)
  }
  const summary = file('summary')
  const output = file('output')
  const all = { 'github-token': 't0ken', 'baseline-ref': 'none', ...inputs }
  const { code, stdout } = await runAction({
    cwd: folder,
    env: {
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'octocat',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: folder,
      RUNNER_TEMP: runner,
      ...forgeEnvironment(forge, file('event.json', JSON.stringify(pullRequestPayload()))),
      ...Object.fromEntries(
        Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    },
  })
  return { code, stdout, summary: readFileSync(summary, 'utf8'), output: readFileSync(output, 'utf8') }
}

describe('the action on a pull request', () => {
  it('makes its comment, then updates it in place, then leaves it alone', async () => {
    const forge = await startForge()
    expect((await act(forge, patched)).code).toBe(1)
    expect(forge.comments[0]?.body).toMatch(
      new RegExp(`^<!-- kabi-gate key=kabi-gate head=${head} -->\n[^]*BREAK`),
    )
    const green = await act(forge, released)
    expect(green.code).toBe(0)
    expect(green.output).toContain('#issuecomment-9000')
    expect(forge.comments).toHaveLength(1)
    expect(forge.comments[0]?.body).toContain('PASS')
    const writes = () => forge.requests.filter((line) => line.startsWith('PATCH')).length
    expect(writes()).toBe(1)
    await act(forge, released)
    expect(writes()).toBe(1)
  })

  it.each<[string, Trouble, RegExp]>([
    ['401', { status: 401, message: 'Bad credentials' }, /401.*github-token/],
    [
      '403 for a fork',
      { status: 403, message: 'Resource not accessible by integration' },
      /needs pull-requests: write/,
    ],
    ['404', { status: 404, message: 'Not Found' }, /may lack pull-requests: write/],
    ['422', { status: 422, message: 'Validation Failed' }, /422: Validation Failed/],
  ])('keeps its verdict and says why on %s', async (_, trouble, said) => {
    const forge = await startForge()
    forge.failAlways(/^POST .*comments/, trouble)
    const run = await act(forge, patched)
    expect(run.code).toBe(1)
    expect(run.summary).toMatch(said)
    expect(run.stdout).not.toContain('t0ken')
  })

  it('comes through a 429 and a 502', async () => {
    const forge = await startForge()
    forge.fail(/^GET .*comments/, { status: 502, message: 'Bad Gateway' })
    forge.fail(/^POST .*comments/, { status: 429, message: 'slow down', headers: { 'retry-after': '1' } })
    const started = Date.now()
    await act(forge, patched)
    expect(Date.now() - started).toBeGreaterThan(1_500)
    expect(forge.comments).toHaveLength(1)
  })

  it.each([
    ['mia', 0],
    ['pat', 1],
    ['tom', 1],
  ])('lets the label of %s decide: exit code %i', async (actor, code) => {
    const forge = await startForge()
    forge.pull.labels.push(label)
    forge.events.push(labeledEvent(actor, label, '2026-11-20T10:00:00Z'))
    const run = await act(forge, patched, { 'override-label': label, comment: 'never' })
    expect(run.code).toBe(code)
    expect(run.summary).toContain(code === 0 ? 'OVERRIDDEN' : 'Override label not accepted')
  })

  it('stays red when the API is down', async () => {
    const forge = await startForge()
    await forge.stop()
    const run = await act(forge, patched, { 'override-label': label })
    expect(run.code).toBe(1)
    expect(run.summary).toMatch(/it could not be checked/)
  }, 40_000)
})
