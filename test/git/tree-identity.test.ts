import { createHash } from 'node:crypto'
import { existsSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scrubbedEnvironment } from '../../src/processes/scrubbed-environment.ts'
import { treeIdentity } from '../../src/git/tree-identity.ts'
import { writeProgram } from '../kernel-unit/fake-kernel.ts'
import { commitAll, git as runGit } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

let tree = ''

beforeEach(() => {
  tree = temporaryFolder()
  writeFiles(tree, {
    Makefile: 'VERSION = 6\n',
    'kernel/fork.c': 'int fork;\n',
    'Documentation/index.rst': 'words\n',
    '.gitignore': '*.o\n',
  })
})

// Without HOME, the settings of who runs the test do not count.
const env = { ...scrubbedEnvironment(process.env), HOME: '/nonexistent' }
const identity = (folder = tree) => treeIdentity(folder, env, new AbortController().signal)

const git = (...args: readonly string[]) => runGit(tree, ...args)
const commit = () => commitAll(tree)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('a git checkout', () => {
  it('is its commit while it is clean', async () => {
    const head = commit()
    expect(await identity()).toEqual({ commit: head })
    writeFiles(tree, { 'kernel/fork.o': 'ignored' })
    expect(await identity()).toEqual({ commit: head })
  })

  it.each<[string, () => void]>([
    ['a changed file', () => writeFiles(tree, { 'kernel/fork.c': 'long fork;\n' })],
    ['a removed file', () => rmSync(join(tree, 'kernel/fork.c'))],
    ['a new file', () => writeFiles(tree, { 'include/linux/new.h': '\n' })],
    [
      'a staged change',
      () => {
        writeFiles(tree, { 'kernel/fork.c': 'long fork;\n' })
        git('add', '.')
      },
    ],
  ])('is its files with %s', async (_, change) => {
    commit()
    change()
    expect(await identity()).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
  })

  it('is its files without a commit, and in a folder below the top', async () => {
    git('init', '--quiet')
    expect(await identity()).toHaveProperty('digest')
    commit()
    expect(await identity(join(tree, 'kernel'))).toEqual({
      digest: sha256(`${sha256('int fork;\n')}  fork.c\n`),
    })
  })

  it('is not written to, and starts no file monitor', async () => {
    const head = commit()
    const hook = join(tree, '.git', 'monitor')
    writeProgram(hook, `touch ${join(tree, '.git', 'started')}\n`)
    git('config', 'core.fsmonitor', hook)
    const index = join(tree, '.git', 'index')
    const before = statSync(index, { bigint: true }).ctimeNs
    // Git would note the new date in its index.
    utimesSync(join(tree, 'Makefile'), 1, 1)
    expect(await identity()).toEqual({ commit: head })
    expect(statSync(index, { bigint: true }).ctimeNs).toBe(before)
    expect(existsSync(join(tree, '.git', 'started'))).toBe(false)
  })
})

describe('a folder of files', () => {
  const line = (path: string, text: string): string => `${sha256(text)}  ${path}\n`

  it('is the digest of what sha256sum would print for its files, in order', async () => {
    symlinkSync('../Makefile', join(tree, 'kernel', 'link'))
    const digest = sha256(
      line('Makefile', 'VERSION = 6\n') +
        line('kernel/fork.c', 'int fork;\n') +
        line('kernel/link', '../Makefile'),
    )
    expect(await identity()).toEqual({ digest })
  })

  it('has another digest when a file has another name', async () => {
    const before = await identity()
    renameSync(join(tree, 'kernel/fork.c'), join(tree, 'kernel/spoon.c'))
    expect(await identity()).not.toEqual(before)
  })

  it('has no identity when the run is stopped', async () => {
    expect(await treeIdentity(tree, env, AbortSignal.abort())).toMatchObject({ kind: 'interrupted' })
  })
})
