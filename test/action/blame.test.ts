import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reportSchema } from '../report/report-schema.ts'
import { canBuildCopyingKernel } from '../support/bisected-kernel.ts'
import { broken, copyingKernel, released } from '../support/copying-kernel.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { workspace, writeFiles } from '../support/workspace.ts'
import { pullRequestPayload } from './payloads.ts'
import { runMain } from './run-main.ts'

/** Runs `check` on a pull request whose base exports this, and which breaks a symbol. */
async function pullRequest(base: string, inputs: Readonly<Record<string, string>>) {
  const folder = workspace({
    ...{ ...copyingKernel, exports: base, '.gitignore': '/.runner\n' },
    'kabi.yml': `version: 1
variants:
  x86_64: { arch: x86_64, config: configs/x86_64.config, strategy: full }
policy: { pre-existing: warn }
`,
  })
  commitAll(folder, 'base')
  const sha = git(folder, 'rev-parse', 'HEAD')
  writeFiles(folder, { exports: broken, 'net/core.c': 'int flags;\n' })
  commitAll(folder, 'head')
  const run = await runMain(undefined, {
    folder,
    payload: pullRequestPayload('synchronize', {}, { base: sha }),
    inputs: { 'github-token': '', 'baseline-ref': '', 'work-dir': temporaryFolder(), ...inputs },
  })
  const json = run.outputs.get('report-json') ?? ''
  const { origins, findings } = reportSchema.parse(JSON.parse(readFileSync(json, 'utf8')))
  const found = findings.map(({ symbol, severity, origin }) => `${symbol} ${severity} ${origin}`)
  return { code: run.code, verdict: run.outputs.get('verdict'), origins, found, summary: run.summary, sha }
}

describe.skipIf(!canBuildCopyingKernel)('the input blame', () => {
  it('lets a pull request pass what its base has, where the policy does, and shows it', async () => {
    const { code, verdict, origins, found, summary, sha } = await pullRequest(broken, { blame: 'true' })
    expect([code, verdict, found]).toEqual([0, 'pass', ['pci_enable_device warn pre-existing']])
    expect(origins).toMatchObject({ base: sha, policy: 'warn', preExisting: 1 })
    expect(summary).toContain('was there before, so it only warns')
  })

  it.each([{}, { blame: 'false' }, { blame: '' }])('is not asked for anything with %j', async (inputs) => {
    const { code, found, origins } = await pullRequest(broken, inputs)
    expect([code, found, origins]).toEqual([1, ['pci_enable_device fail null'], null])
  })

  it('fails on what the pull request did', async () => {
    const { code, found } = await pullRequest(released, { blame: 'true' })
    expect([code, found]).toEqual([1, ['pci_enable_device fail introduced']])
  })

  it('fails on all of it against a commit that does not count', async () => {
    const { code, found } = await pullRequest(released, { blame: 'HEAD' })
    expect([code, found]).toEqual([1, ['pci_enable_device fail pre-existing']])
  })
})

it.each(['plan', 'collect', 'judge'])('the input blame is refused by %s', async (command) => {
  const { code, stdout } = await runMain(undefined, {
    inputs: { command, blame: 'true', 'github-token': '' },
  })
  expect(code).not.toBe(0)
  expect(stdout).toContain('as only check looks at a base')
})
