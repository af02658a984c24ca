import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pushPayload } from '../action/payloads.ts'
import { nodes, runAction, type Finished } from './run-bundle.ts'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'

interface ActionRun extends Finished {
  readonly outputs: ReadonlyMap<string, string>
  readonly summary: string
}

/** The runner's file format: NAME<<MARK, value, MARK; the last value counts. */
function parseOutputs(text: string): Map<string, string> {
  const outputs = new Map<string, string>()
  for (const [, name = '', , value = ''] of text.matchAll(/^(\S+)<<(\S+)\n([\s\S]*?)\n?\2$/gm))
    outputs.set(name, value)
  return outputs
}

function annotations({ stdout }: Finished): string[] {
  return stdout.split('\n').filter((line) => /^::(error|warning|notice)/.test(line))
}

describe.each(nodes)('$name', ({ node }) => {
  const missing = existsSync(node) ? '' : ' (skipped: npm has no Node 24 for this machine)'
  /** The committed action, with what a runner gives it. */
  async function act(
    files: Readonly<Record<string, string>>,
    inputs: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<ActionRun> {
    const folder = workspace({ 'whitelists/x86_64/kabi_whitelist': whitelist, 'kabi.yml': kabiYml, ...files })
    return actIn(folder, inputs, env)
  }

  /** Another step of the same job. */
  async function actIn(
    folder: string,
    inputs: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ActionRun> {
    const runner = join(folder, '.runner')
    mkdirSync(runner, { recursive: true })
    const file = (name: string, contents = '') => {
      writeFileSync(join(runner, name), contents)
      return join(runner, name)
    }
    const output = file('output')
    const summary = file('summary')
    const finished = await runAction(
      {
        cwd: folder,
        env: {
          GITHUB_ACTIONS: 'true',
          GITHUB_ACTOR: 'octocat',
          GITHUB_TRIGGERING_ACTOR: 'hubot',
          GITHUB_EVENT_NAME: 'push',
          GITHUB_EVENT_PATH: file('event.json', JSON.stringify(pushPayload('topic', '0'.repeat(40)))),
          GITHUB_REF: 'refs/heads/topic',
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_WORKSPACE: folder,
          RUNNER_TEMP: runner,
          ...Object.fromEntries(
            Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
          ),
          ...env,
        },
      },
      node,
    )
    return {
      ...finished,
      outputs: parseOutputs(readFileSync(output, 'utf8')),
      summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
    }
  }

  describe.skipIf(missing !== '')(`the action${missing}`, () => {
    it('passes a kernel that keeps its promises, quietly', async () => {
      const run = await act({ 'Module.symvers': released })
      expect(run.code).toBe(0)
      expect(Object.fromEntries(run.outputs)).toMatchObject({
        verdict: 'pass',
        breaking: 'false',
        protected: '3',
        compared: '3',
        added: '1',
      })
      expect(annotations(run).filter((line) => line.startsWith('::error'))).toEqual([])
      expect(run.summary).toMatch(/pass/i)
    })

    it('fails on a break: verdict first, then at most nine annotations, all outputs, summary and report files', async () => {
      const run = await act({ 'Module.symvers': patched })
      expect(run.code).toBe(1)
      expect(Object.fromEntries(run.outputs)).toMatchObject({
        verdict: 'break',
        breaking: 'true',
        changed: '1',
        removed: '1',
        'override-by': '',
      })
      const [first, ...rest] = annotations(run)
      expect(first).toMatch(/^::error.*BREAK/)
      expect(rest.length).toBeLessThan(10)
      expect(rest.join('\n')).toContain('file=whitelists/x86_64/kabi_whitelist')
      expect(run.summary).toContain('pci_enable_device')
      expect(readFileSync(run.outputs.get('report-json') ?? '', 'utf8')).toContain('"0xdeadbeef"')
      expect(readFileSync(run.outputs.get('report-markdown') ?? '', 'utf8')).toContain('usb_alloc_urb')
      expect(readFileSync(run.outputs.get('report-text') ?? '', 'utf8')).toMatch(/^BREAK/)
    })

    it('does not fail with the disable flag, and records who and why', async () => {
      const run = await act(
        { 'Module.symvers': patched },
        { 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' },
        { GITHUB_EVENT_NAME: 'workflow_dispatch' },
      )
      expect(run.code).toBe(0)
      expect(Object.fromEntries(run.outputs)).toMatchObject({
        verdict: 'overridden',
        breaking: 'true',
        'override-by': 'hubot',
        'override-reason': 'bisecting the break',
      })
      expect(annotations(run)[0]).toMatch(/^::warning.*OVERRIDDEN/)
    })

    it.each<[string, Record<string, string>, RegExp]>([
      ['the flag without a reason', { 'disable-kabi-check': 'true' }, /ten|10 characters/],
      ['a boolean that is none', { 'disable-kabi-check': 'yes' }, /disable-kabi-check.*true or false.*yes/],
      ['an unknown command', { command: 'chek' }, /command.*chek/],
      ['jobs that are no number', { jobs: 'many' }, /jobs.*many/],
      ['an unknown variant', { variant: 'x86-64' }, /x86-64/],
      ['a configuration that is not there', { config: 'nothing.yml' }, /nothing\.yml/],
    ])('exits with 2 on %s', async (_, inputs, message) => {
      const run = await act({ 'Module.symvers': released }, inputs)
      expect(run.code).toBe(inputs['config'] ? 3 : 2)
      expect(run.outputs.get('verdict')).toBe('error')
      expect(annotations(run).join('\n')).toMatch(message)
    })

    it('says error, exit 3, when the build left no Module.symvers', async () => {
      const run = await act({})
      expect(run.code).toBe(3)
      expect(run.outputs.get('verdict')).toBe('error')
      expect(run.stdout).toContain('Module.symvers')
    })

    it('gives a matrix for one job a variant', async () => {
      const run = await act({}, { command: 'plan' })
      expect(run.code).toBe(0)
      expect(JSON.parse(run.outputs.get('matrix') ?? '')).toEqual({
        include: [{ variant: 'x86_64', arch: 'x86_64', runner: 'ubuntu-24.04', strategy: 'prebuilt' }],
      })
      expect(run.outputs.get('verdict')).toBe('')
    })

    it('keeps commands inside quoted text from the runner', async () => {
      const run = await act({
        'Module.symvers': released + '::error file=x::forged\n::set-output name=verdict::pass\n',
      })
      expect(run.code).toBe(3)
      const fenced = /::stop-commands::(\S+)\n[\s\S]*?\n::\1::/.exec(run.stdout)?.[0] ?? ''
      const outside = run.stdout.replace(fenced, '').split('\n')
      expect(outside.filter((line) => line.startsWith('::error file=x'))).toEqual([])
      expect(outside.filter((line) => line.startsWith('::set-output'))).toEqual([])
    })

    it('keeps its verdict when summary and report files cannot be written', async () => {
      const run = await act(
        { 'Module.symvers': patched, occupied: 'a file, not a folder' },
        { 'report-dir': 'occupied' },
        { GITHUB_STEP_SUMMARY: '/nonexistent/summary' },
      )
      expect(run.code).toBe(1)
      expect(run.outputs.get('verdict')).toBe('break')
      expect(
        annotations(run).filter((line) => line.includes('could not be delivered')).length,
      ).toBeGreaterThan(0)
    })
  })

  describe.skipIf(missing !== '')(`collect and judge${missing}`, () => {
    const files = {
      'whitelists/x86_64/kabi_whitelist': whitelist,
      'kabi.yml': kabiYml,
      'Module.symvers': patched,
    }

    it('give the verdict and the reports of check', async () => {
      const folder = workspace(files)
      const reports = async (inputs: Record<string, string>) => {
        const run = await actIn(folder, inputs)
        const json = readFileSync(run.outputs.get('report-json') ?? '', 'utf8')
        return {
          code: run.code,
          json: json.replace(/"seconds": [\d.e-]+/g, ''),
          outputs: Object.fromEntries(run.outputs),
        }
      }
      const expected = await reports({})
      expect(expected.code).toBe(1)
      const collected = await actIn(folder, { command: 'collect', variant: 'x86_64' })
      expect([
        collected.code,
        collected.outputs.get('verdict'),
        collected.outputs.get('report-json'),
      ]).toEqual([0, '', ''])
      expect(existsSync(join(folder, 'evidence', 'x86_64', 'evidence.json'))).toBe(true)
      rmSync(join(folder, 'Module.symvers'))
      expect(await reports({ command: 'judge' })).toEqual(expected)
    })

    it('say error, exit 3, for a leg that failed, and for one that is missing', async () => {
      const folder = workspace(files)
      expect((await actIn(folder, { command: 'judge' })).code).toBe(3)
      rmSync(join(folder, 'Module.symvers'))
      const collected = await actIn(folder, { command: 'collect', variant: 'x86_64' })
      expect([collected.code, collected.outputs.get('verdict')]).toEqual([3, 'error'])
      const judged = await actIn(folder, { command: 'judge' })
      expect([judged.code, judged.outputs.get('verdict')]).toEqual([3, 'error'])
      expect(judged.summary).toContain('Module.symvers')
    })

    it('say error, exit 3, for evidence of no known commit where one is expected', async () => {
      const folder = workspace(files)
      await actIn(folder, { command: 'collect', variant: 'x86_64' })
      const judged = await actIn(folder, { command: 'judge', 'expect-commit': 'a'.repeat(40) })
      expect([judged.code, judged.outputs.get('verdict')]).toEqual([3, 'error'])
    })

    it.each(['pull_request_target', 'issue_comment', 'workflow_run'])(
      'collect nothing on %s',
      async (event) => {
        const run = await act(files, { command: 'collect', variant: 'x86_64' }, { GITHUB_EVENT_NAME: event })
        expect([run.code, run.outputs.get('verdict')]).toEqual([2, 'error'])
        expect(run.stdout).toContain(event)
      },
    )

    it.each<[string, Record<string, string>]>([
      ['collect without a variant', { command: 'collect' }],
      ['judge with a variant', { command: 'judge', variant: 'x86_64' }],
      ['judge with a shortened commit', { command: 'judge', 'expect-commit': 'abc123' }],
    ])('exit with 2 on %s', async (_, inputs) => {
      const run = await act(files, inputs)
      expect([run.code, run.outputs.get('verdict')]).toEqual([2, 'error'])
    })
  })
})
