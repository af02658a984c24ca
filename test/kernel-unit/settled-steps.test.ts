import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settledSteps } from '../../src/kernel/settled-steps.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/write-files.ts'

const tree = new Map(
  [
    ...[
      'Makefile',
      'Kconfig',
      'include/linux/mm.h',
      'include/linux/new.h',
      'kernel/fork.c',
      'lib/options.txt',
    ],
    ...['scripts/mod/modpost.c', 'tools/objtool/check.c', 'arch/x86/tools/relocs.c', 'kernel/bounds.c'],
    ...['Documentation/README.rst', 'arch/x86/kernel/vmlinux.lds.S', 'arch/x86/entry/syscalls.tbl'],
  ].map((path) => [path, 'old']),
)

/** What make left: the configuration was read from a file of a name that C has, and bounds.s was made of two files. */
function folders() {
  const folder = temporaryFolder()
  writeFiles(folder, {
    'config/scripts/kconfig/.conf.o.cmd': 'cmd_scripts/kconfig/conf.o := gcc -c conf.c\ndeps := conf.c \\\n',
    'config/scripts/kconfig/conf.o': '',
    'config/include/config/auto.conf.cmd': 'deps_config := \\\n\tlib/options.txt \\\n\tKconfig\n',
    'build/kernel/.bounds.s.cmd': 'deps_kernel/bounds.s := kernel/bounds.c \\\n  include/linux/mm.h \\\n',
    'build/kernel/bounds.s': '',
  })
  return { config: join(folder, 'config'), build: join(folder, 'build') }
}

const after = (...changed: readonly string[]) =>
  new Map([...tree, ...changed.map((path) => [path, 'new'] as const)])

const both = { configured: true, prepared: true }
const neither = { configured: false, prepared: false }

describe('a kernel whose tree changed', () => {
  it.each<[changed: string, found: ReturnType<typeof settledSteps>]>([
    ['kernel/fork.c', both],
    ['include/linux/new.h', both],
    ['Documentation/README.rst', both],
    ['arch/x86/kernel/vmlinux.lds.S', both],
    ['include/linux/mm.h', { configured: true, prepared: false }],
    ['kernel/bounds.c', { configured: true, prepared: false }],
    ['lib/options.txt', neither],
    ['Kconfig', neither],
    ['Makefile', neither],
    ['arch/x86/entry/syscalls.tbl', neither],
    ['scripts/mod/modpost.c', neither],
    ['tools/objtool/check.c', neither],
    ['arch/x86/tools/relocs.c', neither],
    ['kernel/added.c', both],
    ['drivers/net/added.h', both],
    ['include/linux/added.h', { configured: true, prepared: false }],
    ['arch/x86/include/asm/added.h', { configured: true, prepared: false }],
    ['kernel/mm.h', { configured: true, prepared: false }],
    ['kernel/Makefile', both],
    ['drivers/net/Makefile', both],
    ['drivers/net/Kconfig', neither],
    ['arch/x86/Makefile', neither],
    ['include/Kbuild', neither],
    ['scripts/Makefile', neither],
    ['kernel/Makefile.extra', neither],
  ])('in %s', (changed, found) => {
    expect(settledSteps(tree, after(changed), folders())).toEqual(found)
    expect(settledSteps(tree, after('kernel/fork.c', changed), folders())).toEqual(found)
  })

  it('by nothing is configured and prepared', () => {
    expect(settledSteps(tree, after(), folders())).toEqual(both)
  })

  it.each<[path: string, found: ReturnType<typeof settledSteps>]>([
    ['kernel/fork.c', both],
    ['include/linux/new.h', { configured: true, prepared: false }],
    ['include/linux/mm.h', { configured: true, prepared: false }],
    ['lib/options.txt', neither],
    ['scripts/mod/modpost.c', neither],
  ])('by %s, which is gone', (gone, found) => {
    const less = new Map([...tree].filter(([path]) => path !== gone))
    expect(settledSteps(tree, less, folders())).toEqual(found)
    expect(settledSteps(tree, new Map([...less, ['kernel/exit.c', 'new']]), folders())).toEqual(found)
  })

  it('is neither where make does not tell what it read', () => {
    const made = folders()
    rmSync(join(made.config, 'include'), { recursive: true })
    expect(settledSteps(tree, after('kernel/fork.c'), made)).toEqual(neither)
    const silent = folders()
    rmSync(join(silent.config, 'scripts/kconfig/.conf.o.cmd'))
    expect(settledSteps(tree, after('kernel/fork.c'), silent)).toEqual(neither)
  })
})
