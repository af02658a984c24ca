import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  firstDifference,
  hidingFiles,
  readSnapshot,
  saveSnapshot,
  takeSnapshot,
  whyNotReusable,
  type BuiltFrom,
} from '../../src/kernel/tree-snapshot.ts'
import { filesRead } from '../../src/kernel/files-read.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

let tree = ''
let built: BuiltFrom = { settings: {}, finished: 0, files: new Map() }

const settings = { source: '/linux', compiler: 'gcc 12' }

const old = new Date('2020-01-01')

beforeEach(async () => {
  tree = temporaryFolder()
  writeFiles(tree, {
    'kernel/fork.c': 'int fork;\n',
    'include/uapi/linux/sched.h': '\n',
    '.git/index': 'one',
    'Documentation/index.rst': 'one',
  })
  for (const file of ['kernel/fork.c', 'include/uapi/linux/sched.h']) utimesSync(join(tree, file), old, old)
  // Dates of files come from a coarser clock than the one that says when a build ended.
  built = { settings, finished: Date.now() - 100, files: await takeSnapshot(tree) }
})

const reason = async () => whyNotReusable(built, settings, await takeSnapshot(tree))

describe('whyNotReusable', () => {
  it('lets make do its work on a tree that is the same or was edited', async () => {
    expect(await reason()).toBeUndefined()
    writeFileSync(join(tree, 'kernel/fork.c'), 'long fork;\n')
    expect(await reason()).toBeUndefined()
  })

  it('finds a file that was replaced by one with an old date', async () => {
    writeFileSync(join(tree, 'kernel/fork.c'), 'new fork;\n')
    utimesSync(join(tree, 'kernel/fork.c'), old, old)
    expect(statSync(join(tree, 'kernel/fork.c')).size).toBe('int fork;\n'.length)
    expect(await reason()).toContain('kernel/fork.c')
  })

  it('finds files that were moved into place with their folder', async () => {
    writeFiles(tree, { 'other/fork.c': 'new fork;\n' })
    utimesSync(join(tree, 'other/fork.c'), old, old)
    built = { ...built, files: await takeSnapshot(tree) }
    rmSync(join(tree, 'kernel'), { recursive: true })
    renameSync(join(tree, 'other'), join(tree, 'kernel'))
    expect(await reason()).toContain('kernel/fork.c')
  })

  it('finds that the build was made for something else', async () => {
    const files = await takeSnapshot(tree)
    expect(whyNotReusable(built, { ...settings, compiler: 'gcc 13' }, files)).toBe('compiler was gcc 12')
    expect(whyNotReusable(built, { ...settings, arch: 'arm64' }, files)).toBe('arch was not known')
  })

  it('does not mind version control and documentation', async () => {
    writeFiles(tree, { '.git/index': 'two', 'Documentation/index.rst': 'two' })
    for (const file of ['.git/index', 'Documentation/index.rst']) utimesSync(join(tree, file), old, old)
    expect(await reason()).toBeUndefined()
  })
})

describe('hidingFiles', () => {
  const hiding = async (...read: readonly string[]) =>
    hidingFiles(built, await takeSnapshot(tree), () => (read.length > 0 ? new Set(read) : undefined))

  it('finds a new file that has the name of one that was read, whatever its date', async () => {
    writeFiles(tree, { 'include/linux/fresh.h': '\n', 'drivers/net/sched.h': '\n', 'lib/table.inc': '\n' })
    expect(await hiding('fork.c', 'types.h')).toEqual([])
    expect(await hiding('fork.c', 'table.inc', 'sched.h')).toEqual(['drivers/net/sched.h', 'lib/table.inc'])
  })

  it('takes every header of the tree for one that was read, where nobody knows', async () => {
    writeFiles(tree, { 'include/linux/fresh.h': '\n' })
    expect(await hiding()).toEqual([])
    writeFiles(tree, { 'include/linux/sched.h': '\n' })
    expect(await hiding()).toEqual(['include/linux/sched.h'])
  })

  it('asks for what was read only where there is a new file', async () => {
    writeFileSync(join(tree, 'kernel/fork.c'), 'long fork;\n')
    const unasked = () => {
      throw new Error('asked')
    }
    expect(hidingFiles(built, await takeSnapshot(tree), unasked)).toEqual([])
  })
})

describe('filesRead', () => {
  const record =
    'cmd_lib/a.o := gcc -c a.c\n\nsource_lib/a.o := /linux/lib/a.c\n\ndeps_lib/a.o := \\\n    $(wildcard include/config/NET) \\\n  /linux/include/linux/types.h \\\n\nlib/a.o: $(deps_lib/a.o)\n'

  it('reads both forms of kbuild’s lists', () => {
    writeFiles(tree, {
      'build/lib/a.o': '',
      'build/lib/.a.o.cmd': record,
      'build/tools/b.o': '',
      'build/tools/.b.o.cmd':
        '# using basic dep data\n\nb.o: \\\n b.c /usr/include/stdio.h relo_core.h \\\n btf.h\n',
    })
    const read = filesRead([join(tree, 'build'), join(tree, 'nothing')])
    for (const name of ['a.c', 'types.h', 'stdio.h', 'relo_core.h', 'btf.h', 'autoconf.h'])
      expect(read?.has(name), name).toBe(true)
    expect(read?.has('net.h')).toBe(false)
  })

  it('does not know where an object has no list', () => {
    writeFiles(tree, { 'build/lib/a.o': '', 'build/lib/.a.o.cmd': record, 'build/.tmp_vmlinux1.o': '' })
    expect(filesRead([join(tree, 'build')])).toBeDefined()
    writeFiles(tree, { 'build/lib/c.o': '' })
    expect(filesRead([join(tree, 'build')])).toBeUndefined()
  })
})

describe('firstDifference', () => {
  const difference = async () => firstDifference(built.files, await takeSnapshot(tree))

  it('finds a changed and a removed file', async () => {
    expect(await difference()).toBeUndefined()
    writeFileSync(join(tree, 'kernel/fork.c'), 'new fork;\n')
    expect(await difference()).toBe('kernel/fork.c')
    rmSync(join(tree, 'kernel/fork.c'))
    expect(await difference()).toBe('kernel/fork.c')
  })

  it('finds a new header, but not a new file that no build can read by itself', async () => {
    writeFiles(tree, { 'kernel/fork.c.orig': 'int fork;\n' })
    expect(await difference()).toBeUndefined()
    writeFiles(tree, { 'include/linux/sched.h': '\n' })
    expect(await difference()).toBe('include/linux/sched.h')
  })
})

describe('a kept snapshot', () => {
  it('is read as it was written', async () => {
    const path = join(tree, 'snapshot.json')
    await saveSnapshot(path, built)
    expect(await readSnapshot(path)).toEqual(built)
  })

  it.each([
    '',
    '{',
    'null',
    '{"source":"/linux","finished":1,"files":[["a"]]}',
    '{"source":"/linux","files":[]}',
  ])('is not trusted as %j', async (text) => {
    writeFileSync(join(tree, 'snapshot.json'), text)
    expect(await readSnapshot(join(tree, 'snapshot.json'))).toBeUndefined()
  })

  it('may be absent', async () => {
    expect(await readSnapshot(join(tree, 'none.json'))).toBeUndefined()
  })
})
