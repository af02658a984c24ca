import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkTree } from '../../src/kernel/check-tree.ts'
import { checkWorkDir } from '../../src/kernel/check-work-dir.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

let tree = ''

beforeEach(() => {
  tree = temporaryFolder()
  writeFiles(tree, {
    Makefile: '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 170\n',
    Kbuild: '',
    'scripts/Kbuild.include': '',
    'arch/x86/Makefile': '',
    'arch/arm64/Makefile': '',
  })
})

describe('checkTree', () => {
  it.each(['x86_64', 'i386', 'x86', 'arm64'])('accepts a clean tree for %s', async (arch) => {
    expect(await checkTree(tree, arch)).toBeUndefined()
  })

  it.each(['Makefile', 'Kbuild', 'scripts'])(
    'knows that a folder without %s is no kernel tree',
    async (name) => {
      rmSync(join(tree, name), { recursive: true })
      const problem = await checkTree(tree, 'x86_64')
      expect(problem).toMatchObject({ kind: 'tree-not-kernel', place: { file: tree } })
      expect(problem?.message).toContain(name)
    },
  )

  it('knows that another project’s Makefile is none of a kernel', async () => {
    writeFiles(tree, { Makefile: 'VERSION = 1.2\nall:\n' })
    expect(await checkTree(tree, 'x86_64')).toMatchObject({ kind: 'tree-not-kernel' })
  })

  it.each([
    ['.config', 'x86_64'],
    ['include/config/auto.conf', 'x86_64'],
    ['include/generated/autoconf.h', 'x86_64'],
    ['arch/x86/include/generated/asm/unistd.h', 'i386'],
    ['arch/arm64/include/generated/asm/unistd.h', 'arm64'],
  ])('refuses a tree that was built in: %s', async (file, arch) => {
    writeFiles(tree, { [file]: '' })
    expect(await checkTree(tree, arch)).toMatchObject({ kind: 'tree-not-clean' })
  })

  it('refuses an architecture that the tree does not know', async () => {
    const problem = await checkTree(tree, 'vax')
    expect(problem).toMatchObject({ kind: 'config' })
    expect(problem?.message).toContain('arch/vax')
  })
})

describe('checkWorkDir', () => {
  it('accepts folders outside of the tree, whether they exist or not', async () => {
    const other = temporaryFolder()
    expect(await checkWorkDir(other, tree)).toBeUndefined()
    expect(await checkWorkDir(join(other, 'a', 'b'), tree)).toBeUndefined()
    expect(await checkWorkDir(`${tree}-work/x86_64`, tree)).toBeUndefined()
  })

  it('refuses folders inside of the tree, also by a link', async () => {
    expect(await checkWorkDir(tree, tree)).toMatchObject({ kind: 'usage' })
    expect(await checkWorkDir(join(tree, 'work', 'x86_64'), tree)).toMatchObject({ kind: 'usage' })
    const other = temporaryFolder()
    mkdirSync(join(tree, 'build'))
    symlinkSync(join(tree, 'build'), join(other, 'link'))
    expect(await checkWorkDir(join(other, 'link', 'x86_64'), tree)).toMatchObject({ kind: 'usage' })
  })

  it.each(['with space', 'with:colon'])('refuses a folder %j that make cannot handle', async (name) => {
    expect(await checkWorkDir(join(temporaryFolder(), name), tree)).toMatchObject({ kind: 'usage' })
  })
})
