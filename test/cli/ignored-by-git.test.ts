import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, describe } from 'vitest'
import { ignoredByGit } from '../../src/git/ignored-by-git.ts'
import { checkoutOf, commitAll, git, gitEnvironment } from '../support/git.ts'
import { kabiYml, released, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

/** What the kernel's own has of it. */
const kernelIgnores = '.*\n*.gz\n!.gitignore\n'

const files = {
  'kabi.yml': kabiYml,
  'Module.symvers': released,
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 170\n',
  'arch/x86/configs/x86_64_defconfig': '',
}

function note(folder: string, ...paths: readonly string[]) {
  const session = { cwd: folder, env: gitEnvironment, signal: new AbortController().signal }
  return ignoredByGit(
    paths.map((path) => join(folder, path)),
    session,
  )
}

describe('files that git would leave out of a commit', () => {
  it('are named, also those that are not there yet, and how to add them', async () => {
    const { folder } = checkoutOf({ '.gitignore': kernelIgnores })
    const found = await note(
      folder,
      'kabi.yml',
      'lists/a/symtypes.gz',
      '.github/x y.yml',
      'lists/ä/symtypes.gz',
    )
    expect(found?.excerpt).toEqual(['lists/a/symtypes.gz', '.github/x y.yml', 'lists/ä/symtypes.gz'])
    expect(found?.advice).toContain("git add -f lists/a/symtypes.gz '.github/x y.yml' 'lists/ä/symtypes.gz'")
  })

  it('are told by their folder where they are many', async () => {
    const { folder } = checkoutOf({ '.gitignore': kernelIgnores })
    const variants = Array.from({ length: 7 }, (_, at) => `lists/v${at}/symtypes.gz`)
    const found = await note(folder, ...variants)
    expect(found?.advice).toContain('git add -f lists`')
    expect(found?.excerpt?.at(-1)).toBe('… and 2 more')
  })

  it('are none where git has them already, outside of the tree, and where there is no git', async () => {
    const { folder } = checkoutOf({ '.gitignore': '', 'a.gz': 'x' })
    writeFileSync(join(folder, '.gitignore'), kernelIgnores)
    expect(await note(folder, 'a.gz', '../b.gz')).toBeUndefined()
    expect(await note(workspace({ '.gitignore': kernelIgnores }), 'a.gz')).toBeUndefined()
  })
})

it('whitelist create says which of its files git would leave out, and doctor until they are committed', async () => {
  const { folder } = checkoutOf({ ...files, '.gitignore': 'kabi_*\n' })
  const created = await runMain(['whitelist', 'create'], { cwd: folder })
  expect(created.code).toBe(0)
  expect(created.stdout).toContain('note: Ignored by git: A commit would be without this file')
  expect(created.stdout).toContain('| whitelists/x86_64/kabi_whitelist')
  const sick = await runMain(['doctor'], { cwd: folder })
  expect([sick.code, sick.stdout]).toEqual([3, expect.stringContaining('whitelists/x86_64/kabi_whitelist')])
  git(folder, 'add', '-f', 'whitelists')
  commitAll(folder)
  expect((await runMain(['doctor'], { cwd: folder })).code).toBe(0)
})

it('init says which files of a gate git will leave out of a kernel with the kernel’s own .gitignore', async () => {
  const { folder } = checkoutOf({ ...files, '.gitignore': kernelIgnores })
  rmSync(join(folder, 'kabi.yml'))
  const first = await runMain(['init'], { cwd: folder })
  expect(first.code).toBe(0)
  expect(first.stdout).toContain('| .github/workflows/kabi-gate.yml')
  expect(first.stdout).toContain('| whitelists/VARIANT/symtypes.gz')
  const owners = await runMain(['init', '--codeowners', '@distro/kabi'], { cwd: folder })
  expect(owners.stdout).toContain('git add -f .github/CODEOWNERS')
})
