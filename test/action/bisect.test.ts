import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bisectionSchema } from '../cli/bisection-schema.ts'
import { bisectedKernel, canBuildCopyingKernel } from '../support/bisected-kernel.ts'
import { git } from '../support/git.ts'
import { startForge } from './forge.ts'
import { dispatchPayload, pullRequestPayload, pushPayload, schedulePayload } from './payloads.ts'
import { runMain, type MainOptions, type MainRun } from './run-main.ts'

const byHand = {
  payload: dispatchPayload('main'),
  env: { GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_REF: 'refs/heads/main' },
}
const question = {
  command: 'bisect',
  good: 'v1',
  bad: 'main',
  'github-token': '',
  'baseline-ref': '',
}

/** A bisection by hand, unless told otherwise. */
function bisect(inputs: Readonly<Record<string, string>> = {}, options: MainOptions = {}): Promise<MainRun> {
  return runMain(undefined, { ...byHand, ...options, inputs: { ...question, ...inputs } })
}

const read = (run: MainRun, output: string): string => readFileSync(run.outputs.get(output) ?? '', 'utf8')
const jsonOf = (run: MainRun) => bisectionSchema.parse(JSON.parse(read(run, 'report-json')))

describe.skipIf(!canBuildCopyingKernel)('the command bisect', () => {
  it('ends green with what it found, in summary, log, files and one audit line, and verifies nothing', async () => {
    const folder = bisectedKernel()
    git(folder, 'remote', 'add', 'origin', 'https://github.example/distro/linux.git')
    const run = await bisect({}, { folder, actor: 'mia' })
    expect(run.code).toBe(0)
    expect(run.outputs.get('verdict')).toBe('')
    expect(run.outputs.get('breaking')).toBe('false')
    const found = git(folder, 'rev-parse', 'main~3')
    expect(run.summary).toMatch(/^## ⚠️ kabi-gate bisect: FOUND\n/)
    expect(run.summary).toContain(
      `| \`pci_enable_device\` | checksum changed | 1: \`pci_enable_device\` | [\`${found.slice(0, 12)}\`](https://github.example/distro/linux/commit/${found}) pci: enable \\*more\\* devices |`,
    )
    expect(run.summary).toContain('### 1 commit skipped')
    expect(read(run, 'report-markdown')).toBe(run.summary)
    expect(run.stdout).toContain(read(run, 'report-text'))
    expect(run.stdout).not.toMatch(/^::(error|warning)/m)
    const { breaks, result } = jsonOf(run)
    expect(result).toBe('found')
    const audit = JSON.parse(run.audit) as object
    expect(audit).toMatchObject({
      actor: 'mia',
      repository: 'distro/linux',
      run: 'https://github.example/distro/linux/actions/runs/77',
      bisection: 'found',
      good: { name: 'v1', commit: git(folder, 'rev-parse', 'v1') },
      bad: { name: 'main', commit: git(folder, 'rev-parse', 'main') },
      symbol: null,
      found: breaks.length,
    })
    expect(audit).toHaveProperty(
      'breaks',
      breaks.map(({ broken: { name, finding }, commits }) => ({
        ...{ name, finding, symbols: 1 },
        commits: commits.map(({ hash }) => hash),
      })),
    )
    expect(git(folder, 'status', '--porcelain', '--untracked-files=no')).toBe('')
  })

  it('ends green where nothing that was asked for is broken', async () => {
    const run = await bisect({ symbol: 'usb_alloc_urb' }, { folder: bisectedKernel() })
    expect([run.code, run.outputs.get('verdict')]).toEqual([0, ''])
    expect(run.summary).toMatch(/^## ✅ kabi-gate bisect: INTACT\n/)
    expect(JSON.parse(run.audit)).toMatchObject({ bisection: 'intact', symbol: 'usb_alloc_urb', breaks: [] })
  })

  it('takes a branch that the checkout has only as one of the server, and links no other repository', async () => {
    const folder = bisectedKernel()
    git(folder, 'remote', 'add', 'origin', 'https://github.example/somebody/else')
    git(folder, 'update-ref', 'refs/remotes/origin/release/6.1', 'main~3')
    const run = await bisect({ bad: 'release/6.1', 'first-parent': 'true' }, { folder })
    expect(run.code).toBe(0)
    const { bad, firstParent, breaks } = jsonOf(run)
    expect([bad, firstParent]).toEqual([
      { name: 'origin/release/6.1', commit: git(folder, 'rev-parse', 'main~3') },
      true,
    ])
    expect(breaks.map(({ broken }) => broken.name)).toEqual(['pci_enable_device'])
    expect(run.summary).not.toContain('/commit/')
  })

  it('keeps the lines of earlier runs in the audit file, and goes on where it was', async () => {
    const folder = bisectedKernel()
    const reports = join(folder, '.runner', 'kabi-gate-report')
    mkdirSync(reports, { recursive: true })
    appendFileSync(join(reports, 'audit.jsonl'), '{"at":"before"}\n')
    const run = await bisect({ symbol: 'kmalloc' }, { folder })
    expect(run.audit.trimEnd().split('\n')).toHaveLength(2)
    expect(existsSync(join(folder, '.runner', 'kabi-gate', 'released', 'bisection'))).toBe(true)
  })

  it('ends red, and says why, when a file of the result cannot be written', async () => {
    const folder = bisectedKernel()
    appendFileSync(join(folder, 'occupied'), '')
    const run = await bisect({ symbol: 'usb_alloc_urb', 'report-dir': 'occupied' }, { folder })
    expect(run.code).toBe(3)
    expect(run.stdout).toMatch(/^::warning.*could not be delivered/m)
  })

  describe('that cannot answer', () => {
    const failedOn = async (inputs: Readonly<Record<string, string>>, options: MainOptions = {}) => {
      const run = await bisect(inputs, { folder: bisectedKernel(), ...options })
      expect(run.outputs.get('verdict')).toBe('error')
      expect(run.summary).toMatch(/^## ❌ kabi-gate bisect: ERROR\n/)
      expect(run.stdout).toMatch(/^::error/m)
      expect(jsonOf(run)).toMatchObject({ result: 'error', breaks: [] })
      expect(JSON.parse(run.audit)).toMatchObject({ bisection: 'error', breaks: [] })
      return { code: run.code, summary: run.summary }
    }

    it.each([
      ['a commit that is not there', { bad: 'nowhere' }, 'nowhere'],
      ['an option in place of a commit', { good: '--all' }, 'no name of a commit'],
      ['commits the wrong way round', { good: 'main', bad: 'v1' }, 'does not come after'],
      ['a symbol that the good commit lacks', { symbol: 'nobody' }, 'nobody'],
      ['a variant that is not there', { variant: 's390x' }, 's390x'],
      ['a strategy that builds nothing', { strategy: 'prebuilt' }, 'read from a finished build'],
    ])('is red for %s', async (_, inputs, why) => {
      const { code, summary } = await failedOn(inputs)
      expect(code).toBeGreaterThan(1)
      expect(summary).toContain(why)
    })

    it('is red for a name that is a tag here and another branch on the server', async () => {
      const kernel = bisectedKernel()
      git(kernel, 'update-ref', 'refs/remotes/origin/v1', 'main~1')
      const { code, summary } = await failedOn({}, { folder: kernel })
      expect(code).toBe(2)
      expect(summary).toContain('more than one meaning')
    })

    it.each([
      ['pull_request', pullRequestPayload()],
      ['pull_request_target', pullRequestPayload()],
      ['push', pushPayload()],
      ['schedule', schedulePayload()],
      ['workflow_run', {}],
    ])('is red on %s, whose job could stand in for a check', async (event, payload) => {
      const { code, summary } = await failedOn({}, { payload, env: { GITHUB_EVENT_NAME: event } })
      expect(code).toBe(2)
      expect(summary).toContain('started by hand')
    })
  })
})

describe('the inputs of bisect', () => {
  const refusedWith = async (inputs: Readonly<Record<string, string>>, options: MainOptions = {}) => {
    const forge = await startForge()
    const run = await runMain(forge, { ...byHand, ...options, inputs: { ...question, ...inputs } })
    expect([run.code, run.outputs.get('verdict'), run.audit]).toEqual([2, 'error', ''])
    expect(forge.requests).toEqual([])
    return run.stdout.replace(/\s+/g, ' ')
  }

  it.each([
    ['good', { good: '' }],
    ['bad', { bad: '' }],
    ['type', { symbol: 'a', type: 'struct a' }],
    ['type', { type: 'struct a struct b' }],
    ['first-parent', { 'first-parent': 'yes' }],
    ['disable-kabi-check', { 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' }],
    ['github-token', { 'github-token': 't0ken' }],
    ['baseline-ref', { 'baseline-ref': 'main' }],
    ['symvers', { symvers: 'x86_64=Module.symvers' }],
    ['override-label', { 'override-label': 'approved' }],
    ['expect-commit', { 'expect-commit': 'c'.repeat(40) }],
    ['reuse-evidence', { 'reuse-evidence': 'true' }],
    ['suggestions', { suggestions: 'true' }],
  ])('are refused for %s: %j', async (name, inputs) => {
    expect(await refusedWith(inputs)).toContain(`input ${name}: expected `)
  })

  it('are refused with the disable flag because a bisection excuses nothing', async () => {
    const flag = { 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' }
    expect(await refusedWith(flag)).toContain('a bisection excuses nothing')
  })

  it('never show the token', async () => {
    expect(await refusedWith({ 'github-token': 't0ken' })).not.toContain('t0ken')
  })

  it.each(['good', 'bad', 'symbol', 'type', 'first-parent'])(
    'are refused by every other command: %s',
    async (name) => {
      const inputs = { good: '', bad: '', 'baseline-ref': 'none', [name]: 'true' }
      for (const command of ['check', 'plan', 'collect', 'judge'])
        expect(await refusedWith({ ...inputs, command })).toContain('as only bisect takes it')
    },
  )
})
