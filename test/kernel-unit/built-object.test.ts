import { describe, expect, it } from 'vitest'
import { builtObject, plannedObject } from '../../src/kernel/built-object.ts'

describe('builtObject', () => {
  it.each([
    ['  CC      init/main.o', 'init/main.o'],
    ['  CC [M]  fs/ext4/inode.o', 'fs/ext4/inode.o'],
    ['  AS      arch/x86/entry/entry_64.o', 'arch/x86/entry/entry_64.o'],
    ['  AS [M]  arch/x86/crypto/aes.o', 'arch/x86/crypto/aes.o'],
    ['  RUSTC L rust/core.o', undefined],
    ['  HOSTCC  scripts/kconfig/conf.o', undefined],
    ['  CC      kernel/bounds.s', undefined],
    ['  CC [M]  fs/ext4/ext4.mod.o', undefined],
    ['  AR      init/built-in.a', undefined],
    ['kernel/fork.c:1: note:   CC      init/main.o', undefined],
    ['', undefined],
  ])('reads %j', (line, object) => {
    expect(builtObject(line)).toBe(object)
  })
})

describe('plannedObject', () => {
  it.each([
    [
      "set -e;  echo '  CC      init/main.o';    trap 'rm -f init/main.o' HUP; gcc -c -o init/main.o",
      'init/main.o',
    ],
    ["set -e;  echo '  CC [M]  fs/fat/dir.o';   gcc -c -o fs/fat/dir.o", 'fs/fat/dir.o'],
    ["  echo '  AS      lib/x.o'; gcc -c -o lib/x.o", 'lib/x.o'],
    ["set -e;  echo '  AR      init/built-in.a'; ar", undefined],
    ['make -f scripts/Makefile.build obj=init', undefined],
  ])('reads %j', (line, object) => {
    expect(plannedObject(line)).toBe(object)
  })
})
