import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const tree = () =>
  workspace({ Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n', 'whitelists/x': '', 'kabi/severities': '' })
const init = (cwd: string, owner = '@distro/kabi') => runMain(['init', '--codeowners', owner], { cwd })

describe('kabi-gate init --codeowners', () => {
  it('names every file through which a patch could decide what the gate finds, and writes no kabi.yml', async () => {
    const cwd = tree()
    writeFileSync(join(cwd, 'kabi.yml'), 'mine')
    expect((await init(cwd)).code).toBe(0)
    const patterns = readFileSync(join(cwd, '.github/CODEOWNERS'), 'utf8').split('\n')
    const owned = [
      '/.github/',
      'kabi.yml',
      '*waivers*',
      'Kconfig*',
      'Kbuild*',
      'Makefile*',
      '*.mk',
      '*.lds',
      '*.lds.S',
      'configs/',
      '/scripts/',
      '/whitelists/',
      '/kabi/',
    ]
    for (const one of owned)
      expect(patterns).toContainEqual(
        expect.stringMatching(`^${one.replace(/[*./]/g, '\\$&')} +@distro/kabi$`),
      )
    expect(readFileSync(join(cwd, 'kabi.yml'), 'utf8')).toBe('mine')
  })

  it.each(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'])(
    'leaves %s alone, and shows the lines',
    async (name) => {
      const cwd = tree()
      mkdirSync(join(cwd, name, '..'), { recursive: true })
      writeFileSync(join(cwd, name), '* @torvalds\n')
      const { code, stdout } = await init(cwd)
      expect(code).toBe(3)
      expect(stdout).toContain('/scripts/')
      expect(readFileSync(join(cwd, name), 'utf8')).toBe('* @torvalds\n')
    },
  )

  it.each(['kabi', '@a b', '', '@a\n* @eve'])('takes no owner such as %j', async (owner) => {
    expect((await init(tree(), owner)).code).toBe(2)
  })
})
