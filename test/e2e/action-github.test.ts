import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkedOut,
  forgeEnvironment,
  head,
  labeledEvent,
  startForge,
  tip,
  type Forge,
  type Trouble,
} from '../action/forge.ts'
import {
  dispatchPayload,
  forkPayload,
  mergeGroupPayload,
  pullRequestPayload,
  pushPayload,
  schedulePayload,
} from '../action/payloads.ts'
import { nodes, runAction } from './run-bundle.ts'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'

const label = 'kabi: break approved'
const bot = { login: 'github-actions[bot]', type: 'Bot' }
const old = `<!-- kabi-gate key=kabi-gate head=${'0'.repeat(40)} -->\nold`

interface ActOptions {
  readonly inputs?: Readonly<Record<string, string>>
  readonly payload?: object
  readonly env?: Readonly<Record<string, string>>
}

describe.each(nodes)('the action on GitHub under $name', ({ name, node }) => {
  /** The committed action, with a pretended forge. */
  async function act(forge: Pick<Forge, 'url'>, symvers: string, options: ActOptions = {}) {
    const { inputs = {}, payload = pullRequestPayload(), env = {} } = options
    const folder = workspace({
      'whitelists/x86_64/kabi_whitelist': whitelist,
      'kabi.yml': kabiYml,
      'Module.symvers': symvers,
    })
    const runner = join(folder, '.runner')
    mkdirSync(runner)
    const file = (path: string, contents = '') => {
      writeFileSync(join(runner, path), contents)
      return join(runner, path)
    }
    const summary = file('summary')
    const output = file('output')
    const waits = file('waits')
    const all = { 'github-token': 't0ken', 'baseline-ref': 'none', ...inputs }
    const { code, stdout } = await runAction(
      {
        cwd: folder,
        waits,
        env: {
          GITHUB_ACTIONS: 'true',
          GITHUB_ACTOR: 'mia',
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_WORKSPACE: folder,
          RUNNER_TEMP: runner,
          ...forgeEnvironment(forge, file('event.json', JSON.stringify(payload))),
          ...Object.fromEntries(
            Object.entries(all).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]),
          ),
          ...env,
        },
      },
      node,
    )
    return {
      code,
      stdout,
      summary: readFileSync(summary, 'utf8'),
      output: readFileSync(output, 'utf8'),
      waits: readFileSync(waits, 'utf8').split('\n').filter(Boolean).map(Number),
    }
  }

  const writes = ({ requests }: Forge) => requests.filter((line) => /^(POST|PATCH) (?!\/graphql)/.test(line))

  describe.skipIf(!existsSync(node))('(npm has no Node 24 for this machine)', () => {
    it('is run by the version that the name says', () => {
      const version = execFileSync(node, ['--version'], { encoding: 'utf8' })
      expect(version).toContain(name.replace('Node ', '').replace(/^(?=\d)/, 'v'))
    })

    it('makes its comment, then updates it in place, then leaves it alone', async () => {
      const forge = await startForge()
      expect((await act(forge, patched)).code).toBe(1)
      expect(forge.comments[0]?.body).toMatch(
        new RegExp(`^<!-- kabi-gate key=kabi-gate head=${head} -->\\n[\\s\\S]*BREAK`),
      )
      const run = await act(forge, released)
      expect(run.code).toBe(0)
      expect(run.output).toContain('#issuecomment-9000')
      expect(forge.comments).toHaveLength(1)
      expect(forge.comments[0]?.body).toContain('PASS')
      expect(writes(forge)).toHaveLength(2)
      await act(forge, released)
      expect(writes(forge)).toHaveLength(2)
    })

    it('finds its own comment on page four, not that of somebody else with our marker', async () => {
      const forge = await startForge()
      for (let id = 1; id <= 310; id++) {
        const user = id === 305 ? bot : { login: 'eve', type: 'User' }
        forge.comments.push({ id, user, body: id === 7 || id === 305 ? old : 'talk' })
      }
      await act(forge, patched)
      expect(forge.requests.filter((line) => /GET .*issues\/12\/comments/.test(line))).toHaveLength(4)
      expect(writes(forge)).toEqual(['PATCH /repos/distro/linux/issues/comments/305'])
    })

    it('writes nothing over a newer head', async () => {
      const forge = await startForge()
      forge.pull.head = 'd'.repeat(40)
      forge.comments.push({ id: 2, user: bot, body: old })
      expect((await act(forge, patched)).code).toBe(1)
      expect(writes(forge)).toEqual([])
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
      const run = await act(forge, patched, { payload: forkPayload() })
      expect(run.code).toBe(1)
      expect(run.summary).toMatch(said)
      expect(run.stdout).not.toContain('t0ken')
    })

    it('comes through a 429 and a 502', async () => {
      const forge = await startForge()
      forge.fail(/^GET .*comments/, { status: 502, message: 'Bad Gateway' })
      forge.fail(/^POST .*comments/, { status: 429, message: 'slow down', headers: { 'retry-after': '1' } })
      expect((await act(forge, patched)).waits).toEqual([500, 1_000])
      expect(forge.comments).toHaveLength(1)
    })

    it.each([
      ['mia', '10', 0],
      ['mia', '08', 1],
      ['pat', '10', 1],
      ['tom', '10', 1],
    ])('lets the label of %s at %s:00 decide: exit code %i', async (actor, hour, code) => {
      const forge = await startForge()
      forge.pull.labels.push(label)
      forge.events.push(labeledEvent(actor, label, `2026-11-20T${hour}:00:00Z`))
      const run = await act(forge, patched, { inputs: { 'override-label': label, comment: 'never' } })
      expect(run.code).toBe(code)
      expect(run.summary).toContain(code === 0 ? 'OVERRIDDEN' : 'Override label not accepted')
    })

    it.each<[string, object, string]>([
      ['push', pushPayload('main'), 'refs/heads/main'],
      ['merge_group', mergeGroupPayload(), `refs/heads/gh-readonly-queue/main/pr-12-${tip}`],
      ['workflow_dispatch', dispatchPayload(), 'refs/heads/topic'],
      ['schedule', schedulePayload(), 'refs/heads/main'],
    ])('judges on %s, and asks GitHub nothing', async (event, payload, ref) => {
      const forge = await startForge()
      const env = { GITHUB_EVENT_NAME: event, GITHUB_REF: ref }
      expect((await act(forge, patched, { payload, env })).code).toBe(1)
      expect((await act(forge, released, { payload, env })).code).toBe(0)
      expect(forge.requests).toEqual([])
    })

    it('lets the label decide in a merge queue', async () => {
      const forge = await startForge()
      forge.pull.labels.push(label)
      forge.events.push(labeledEvent('mia', label, '2026-11-20T10:00:00Z'))
      const options = {
        payload: mergeGroupPayload(),
        inputs: { 'override-label': label },
        env: { GITHUB_EVENT_NAME: 'merge_group' },
      }
      expect((await act(forge, patched, options)).code).toBe(1)
      forge.parents[checkedOut] = [tip, head]
      const run = await act(forge, patched, options)
      expect(run.code).toBe(0)
      expect(run.summary).toContain('OVERRIDDEN')
    })

    it.each([
      ['mia', 0],
      ['tom', 2],
    ])('asks for the role of %s, who gave the disable flag: exit code %i', async (actor, code) => {
      const run = await act(await startForge(), patched, {
        payload: dispatchPayload(),
        inputs: { 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' },
        env: {
          GITHUB_EVENT_NAME: 'workflow_dispatch',
          GITHUB_REF: 'refs/heads/topic',
          GITHUB_TRIGGERING_ACTOR: actor,
        },
      })
      expect(run.code).toBe(code)
    })

    it('names the earlier run whose evidence can be judged again', async () => {
      const forge = await startForge()
      const made = { head, event: 'pull_request', path: '.github/workflows/kabi.yml', workflow: 5 }
      forge.runs.set(77, made).set(70, made)
      forge.artifacts.push({ name: `kabi-evidence-${checkedOut}-x86_64`, run: 70 })
      const run = await act(forge, released, { inputs: { command: 'plan', 'reuse-evidence': 'true' } })
      expect(run.code).toBe(0)
      expect(run.output).toMatch(/^evidence-run<<(\S+)\n70\n\1$/m)
    })

    it('stays red when the API is down', async () => {
      const forge = await startForge()
      await forge.stop()
      const run = await act(forge, patched, { inputs: { 'override-label': label } })
      expect(run.code).toBe(1)
      expect(run.summary).toMatch(/it could not be checked/)
      expect(run.waits.slice(0, 3)).toEqual([500, 1_000, 2_000])
    })
  })
})
