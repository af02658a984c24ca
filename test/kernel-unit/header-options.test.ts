import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { KernelBuild, ObjectRecord } from '../../src/abi/evidence.ts'
import { headerOptions } from '../../src/kernel/header-options.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

const build: KernelBuild = {
  arch: 'x86_64',
  kernel: '6.1.170',
  genksyms: '',
  options: new Map([['CONFIG_SMP', 'y']]),
}

it('gives the options that the headers of all objects mention, and no others', () => {
  const folder = temporaryFolder()
  writeFiles(folder, {
    'include/linux/a.h': '#ifdef CONFIG_SMP\n',
    'include/linux/b.h': '#ifdef CONFIG_NUMA\n',
    'include/linux/unread.h': '#ifdef CONFIG_UNREAD\n',
    'include/generated/autoconf.h': '#define CONFIG_EVERYTHING 1\n',
    'kernel/fork.c': '#ifdef CONFIG_SOURCE\n',
  })
  const record = (...paths: string[]): ObjectRecord => ({
    exports: ['one'],
    types: '',
    dependencies: paths.map((path) => join(folder, path)),
  })
  const objects = new Map([
    ['a.o', record('kernel/fork.c', 'include/linux/a.h', 'include/generated/autoconf.h')],
    ['b.o', record('include/linux/a.h', 'include/linux/b.h')],
  ])
  expect(headerOptions({ ...build, objects })).toEqual(
    new Map([
      ['CONFIG_SMP', 'y'],
      ['CONFIG_NUMA', 'n'],
    ]),
  )
})

it('gives nothing for a build that does not say what was read', () => {
  expect(headerOptions(build)).toBeUndefined()
})
