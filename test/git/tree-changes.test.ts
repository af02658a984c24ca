import { chmodSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changesBetween } from '../../src/git/tree-changes.ts'
import { commitAll, git, gitEnvironment } from '../support/git.ts'
import { workspace, writeFiles } from '../support/workspace.ts'

async function changesIn(folder: string, from: string, to: string, cwd = folder) {
  const session = { cwd, env: gitEnvironment, signal: new AbortController().signal }
  const { value, problems } = await changesBetween(session, from, to)
  const said = value?.map(({ path, before, after }) => `${path} ${before?.mode ?? '-'} ${after?.mode ?? '-'}`)
  return { said, value, problems: problems.map(({ kind }) => kind) }
}

describe('the differences of two trees', () => {
  it('are told of every kind, whatever the settings of the repository and of the tree', async () => {
    const folder = workspace({
      'a.c': 'a\n',
      'gone.h': 'the same text\n',
      'mode.c': 'm\n',
      'file.c': 'f\n',
      'tree/kept.c': 'k\n',
      '.gitattributes': '*.c -diff filter=none text eol=crlf\n',
    })
    symlinkSync('a.c', join(folder, 'link'))
    const before = commitAll(folder)
    git(folder, 'config', 'diff.renames', 'true')
    git(folder, 'config', 'diff.noprefix', 'true')
    git(folder, 'config', 'diff.ignoreSubmodules', 'all')
    git(folder, 'config', 'core.quotePath', 'false')
    writeFiles(folder, { 'a.c': 'b\n', 'gone.h': undefined, 'new.h': 'the same text\n', 'nä "x"\n.c': '' })
    for (const path of ['link', 'file.c']) rmSync(join(folder, path))
    symlinkSync('tree', join(folder, 'link'))
    symlinkSync('a.c', join(folder, 'file.c'))
    chmodSync(join(folder, 'mode.c'), 0o755)
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${before},sub`)
    const after = commitAll(folder)
    const { said, problems } = await changesIn(folder, before, after)
    expect(problems).toEqual([])
    expect(said).toEqual([
      'a.c 100644 100644',
      'file.c 100644 120000',
      'gone.h 100644 -',
      'link 120000 120000',
      'mode.c 100644 100755',
      'new.h - 100644',
      'nä "x"\n.c - 100644',
    ])
  })

  it('are told of submodules', async () => {
    const folder = workspace({ 'a.c': 'a\n' })
    const before = commitAll(folder)
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${before},sub`)
    git(folder, 'commit', '--quiet', '-m', 'sub')
    const { said } = await changesIn(folder, before, git(folder, 'rev-parse', 'HEAD'))
    expect(said).toEqual(['sub - 160000'])
  })

  it('are those of the whole repository, wherever git runs', async () => {
    const folder = workspace({ 'linux/a.c': 'a\n', 'other/b.c': 'b\n' })
    const before = commitAll(folder)
    writeFiles(folder, { 'linux/a.c': 'x\n', 'other/b.c': 'x\n' })
    git(folder, 'config', 'diff.relative', 'true')
    const { said } = await changesIn(folder, before, commitAll(folder), join(folder, 'linux'))
    expect(said).toEqual(['linux/a.c 100644 100644', 'other/b.c 100644 100644'])
  })

  it('name the objects that hold the texts', async () => {
    const folder = workspace({ 'a.c': 'a\n' })
    const before = commitAll(folder)
    writeFiles(folder, { 'a.c': 'x\n' })
    const after = commitAll(folder)
    const { value } = await changesIn(folder, before, after)
    expect(value?.[0]?.after?.object).toBe(git(folder, 'rev-parse', 'HEAD:a.c'))
  })

  it('are a problem where git does not know a commit', async () => {
    const folder = workspace({ 'a.c': 'a\n' })
    const before = commitAll(folder)
    expect((await changesIn(folder, before, 'f'.repeat(40))).problems).toEqual(['unreadable'])
  })
})
