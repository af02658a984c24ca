import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startForge } from '../action/forge.ts'
import { pullRequestPayload } from '../action/payloads.ts'
import { runMain as runAction } from '../action/run-main.ts'
import { runMain } from '../cli/run-main.ts'
import { kabiYml, patched, workspace } from '../support/workspace.ts'
import { openSourceTexts } from '../../src/explain/locate/source-texts.ts'
import { checkout, listFile } from './checkout.ts'
import { git } from '../support/git.ts'

/** What a runner has and no report may show. */
const secret = 'top-s3cret: of the runner\n'

/** A checkout whose patch has links to a file, or a folder, of the runner. */
function linked(path: string, target: 'file' | 'folder') {
  const there = checkout({})
  const outside = workspace({ 'kabi.yml': secret, 'x86_64/kabi_whitelist': secret, file: secret })
  const link = join(there.folder, path)
  rmSync(link, { recursive: true, force: true })
  mkdirSync(join(link, '..'), { recursive: true })
  symlinkSync(target === 'file' ? join(outside, 'file') : outside, link)
  return there
}

const cases = [
  ['kabi.yml', 'file'],
  [listFile, 'file'],
  ['whitelists/x86_64/baseline.yml', 'file'],
  ['whitelists/x86_64', 'folder'],
  ['whitelists', 'folder'],
  ['Module.symvers', 'file'],
] as const

describe('a link in the patch to a file of the runner', () => {
  it.each(cases)(
    'at %s (%s) is an edit or an error, and nothing of the file is told',
    async (path, target) => {
      const { folder, base } = linked(path, target)
      git(folder, 'add', '--all')
      git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'links')
      const forge = await startForge()
      const run = await runAction(forge, {
        folder,
        payload: pullRequestPayload('synchronize', {}, { base }),
        inputs: { 'baseline-ref': '', comment: 'always' },
      })
      expect(run.code).toBe(path === 'Module.symvers' ? 3 : 1)
      const told = run.stdout + run.stderr + run.summary + JSON.stringify(forge.comments)
      expect(told).not.toContain('s3cret')
      if (path !== 'Module.symvers') expect(told).toContain('edits its own gate')
    },
  )

  it.each(cases)('at %s (%s) is not followed either where nobody committed it', async (path, target) => {
    const { folder, base } = linked(path, target)
    const { code, stdout, stderr } = await runMain(['check', '--baseline-ref', base], { cwd: folder })
    expect(code).toBe(path === 'Module.symvers' ? 3 : 1)
    expect(stdout + stderr).not.toContain('s3cret')
  })

  it('at a file of the sources is not read to quote its lines', () => {
    const folder = workspace({ 'tree/a.h': 'int a;\n', secret })
    symlinkSync(join(folder, 'secret'), join(folder, 'tree/b.h'))
    symlinkSync('a.h', join(folder, 'tree/c.h'))
    const { text } = openSourceTexts(join(folder, 'tree'))
    const read = (name: string) => text(join(folder, 'tree', name))
    expect([read('a.h'), read('b.h'), read('c.h')]).toEqual(['int a;\n', undefined, 'int a;\n'])
  })
})

describe('what the patch would have count', () => {
  it('is on a forge what is committed, whatever the work tree says', async () => {
    const { folder, base } = checkout({ 'kabi.yml': `${kabiYml}policy: { kinds: { changed: ignore } }\n` })
    writeFileSync(join(folder, 'kabi.yml'), kabiYml)
    const run = await runAction(await startForge(), {
      folder,
      payload: pullRequestPayload('synchronize', {}, { base }),
      inputs: { 'baseline-ref': '' },
    })
    expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
  })

  it('is on the command line also what is not committed: changed, new, moved and gone', async () => {
    const { folder, base } = checkout({})
    const check = () => runMain(['check', '--baseline-ref', base], { cwd: folder })
    expect((await check()).code).toBe(0)
    writeFileSync(join(folder, listFile), patched)
    expect((await check()).stdout).toContain('row changed')
    git(folder, 'checkout', '--quiet', '.')
    writeFileSync(join(folder, 'w.yml'), 'version: 1\nwaivers: []\n')
    writeFileSync(join(folder, 'kabi.yml'), `${kabiYml}waivers: w.yml\n`)
    expect((await check()).code).toBe(0)
    git(folder, 'checkout', '--quiet', '.')
    renameSync(join(folder, 'kabi.yml'), join(folder, 'other.yml'))
    expect((await check()).stdout).toContain('configuration gone')
  })
})
