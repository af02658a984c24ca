import { describe, expect, it } from 'vitest'
import { doubter, type DoubtKind } from '../../src/abi/carry-over.ts'
import type { Basis } from '../../src/abi/evidence.ts'
import type { TreeChange, TreeEntry } from '../../src/abi/tree-change.ts'

const basis: Basis = {
  files: new Set(['include/linux/fs.h', 'fs/inode.c', 'scripts/mod/modpost.c', 'include/net/xt_TCPMSS.h']),
  names: new Set(['asm-offsets.h', 'odd.txt']),
  asksForFiles: false,
  configuration: '',
  setup: '',
  layouts: '',
}

const file: TreeEntry = { mode: '100644', object: 'a' }
const other: TreeEntry = { mode: '100644', object: 'b' }
const link: TreeEntry = { mode: '120000', object: 'c' }
const changed = (path: string): TreeChange => ({ path, before: file, after: other })
const added = (path: string): TreeChange => ({ path, after: file })
const removed = (path: string): TreeChange => ({ path, before: file })

describe('evidence of another tree', () => {
  it.each<readonly [string, TreeChange]>([
    ['a source that nobody read', changed('drivers/net/wifi.c')],
    ['a header that nobody read', changed('include/linux/wifi.h')],
    [
      'a file whose mode alone changed',
      { path: 'drivers/a.c', before: file, after: { ...file, mode: '100755' } },
    ],
    ['a new header of a name that nobody read', added('include/linux/wifi.h')],
    ['a header that is gone and that nobody read', removed('include/linux/wifi.h')],
    ['a page of the documentation', changed('Documentation/process/howto.rst')],
    ['a new page of the documentation', added('Documentation/process/why.txt')],
    ['the list of maintainers', changed('MAINTAINERS')],
    ['a test for user space', changed('tools/testing/selftests/mm/Makefile.inc')],
    ['a device tree', changed('arch/arm64/boot/dts/qcom/sm8250.dtsi')],
    ['a workflow', changed('.github/workflows/kabi.yml')],
  ])('holds after a change of %s', (_, change) => {
    expect(doubter(basis)(change)).toBeUndefined()
  })

  it.each<readonly [string, TreeChange, DoubtKind]>([
    ['a file that was read', changed('include/linux/fs.h'), 'read'],
    ['one that differs from it in case alone', changed('include/net/xt_tcpmss.h'), 'read'],
    ['a file that was read and is gone', removed('include/linux/fs.h'), 'read'],
    ['a file that may be one that a command named', changed('drivers/x/asm-offsets.h'), 'read'],
    ['documentation that a command named', changed('Documentation/odd.txt'), 'read'],
    ['a new file with the name of one that was read', added('include/asm/fs.h'), 'hides'],
    ['one whose name differs in case', added('include/asm/FS.h'), 'hides'],
    ['a new file with the name of a generated one', added('include/asm-offsets.h'), 'hides'],
    ['a Makefile', changed('drivers/net/Makefile'), 'build'],
    ['a Kconfig file', changed('drivers/net/Kconfig'), 'build'],
    ['a Kconfig file of the documentation', changed('Documentation/Kconfig'), 'build'],
    ['a script without an ending', changed('kernel/gen_kheaders'), 'build'],
    ['a new script', added('scripts/new.sh'), 'build'],
    ['a source of a program of the build', changed('scripts/kconfig/menu.c'), 'build'],
    ['a header of a program of the build', changed('tools/objtool/include/arch.h'), 'build'],
    ['a linker script', changed('arch/x86/kernel/module.lds'), 'build'],
    ['a table', changed('arch/x86/entry/syscalls/syscall_64.tbl'), 'build'],
    ['attributes of git', changed('drivers/.gitattributes'), 'build'],
    ['a program for the boot', changed('arch/x86/boot/main.c'), 'build'],
    ['a new source', added('drivers/net/wifi.c'), 'source'],
    ['a source that is gone', removed('drivers/net/wifi.c'), 'source'],
    ['a new link', { path: 'include/linux/wifi.h', after: link }, 'link'],
    ['a file that became a link', { path: 'drivers/a.c', before: file, after: link }, 'link'],
    [
      'a link to elsewhere',
      { path: 'Documentation/a', before: link, after: { ...link, object: 'd' } },
      'link',
    ],
    ['a submodule', { path: 'drivers/x', before: { mode: '160000', object: 'd' }, after: other }, 'link'],
  ])('is in doubt after a change of %s', (_, change, kind) => {
    expect(doubter(basis)(change)).toBe(kind)
  })

  it('is in doubt after any file came or went where one that was read asks for files', () => {
    const asking = doubter({ ...basis, asksForFiles: true })
    expect([added, removed, changed].map((make) => asking(make('include/linux/wifi.h')))).toEqual([
      'asks',
      'asks',
      undefined,
    ])
  })
})
