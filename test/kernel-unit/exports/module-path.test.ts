import { describe, expect, it } from 'vitest'
import { moduleIndex, modulePaths, plannedModule } from '../../../src/kernel/exports/module-path.ts'

describe('plannedModule', () => {
  it.each([
    [
      `set -e; trap 'rm -f a/usb-storage.mod' HUP; printf '%s\\n' usb.o | awk '!x' > a/usb-storage.mod; printf 'x'`,
      'a/usb-storage',
    ],
    [`{ echo  a/x.o;  echo; } > a/x.mod`, 'a/x'],
    [`  echo '  LD [M]  fs/ext4/ext4.o'; ld -r -o fs/ext4/ext4.o fs/ext4/a.o`, 'fs/ext4/ext4'],
    [`echo '  LD [M]  fs/ext4/ext4.ko'; ld`, 'fs/ext4/ext4'],
    [`echo '  CC [M]  fs/ext4/inode.o'; gcc`, undefined],
    [`gcc -include include/linux/a.modx.h > b`, undefined],
  ])('finds in %s the module %s', (line, module) => {
    expect(plannedModule(line)).toBe(module)
  })
})

describe('modulePaths', () => {
  const modules = moduleIndex([
    'drivers/usb/storage/usb-storage',
    'arch/x86/kvm/kvm',
    'a/one',
    'a/two',
    'b/sub/one',
  ])
  it.each([
    ['mm/slub.o', undefined, ['vmlinux']],
    ['drivers/usb/storage/usb.o', 'usb_storage', ['drivers/usb/storage/usb-storage']],
    ['drivers/usb/storage/deep/er/x.o', 'usb_storage', ['drivers/usb/storage/usb-storage']],
    ['arch/x86/kvm/../../../virt/kvm/eventfd.o', 'kvm', ['arch/x86/kvm/kvm']],
    ['virt/kvm/eventfd.o', 'kvm', ['arch/x86/kvm/kvm']],
    ['a/shared.o', 'one:two', ['a/one', 'a/two']],
    ['b/sub/x.o', 'one', ['b/sub/one']],
    ['net/alone-here.o', 'alone_here', ['net/alone-here']],
    ['c/one.o', 'one', ['c/one']],
  ])('puts %s with KBUILD_MODNAME %s into %s', (object, modname, expected) => {
    expect(modulePaths({ object, modname }, modules)).toEqual(expected)
  })
})
