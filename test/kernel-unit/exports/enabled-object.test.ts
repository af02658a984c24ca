import { describe, expect, it } from 'vitest'
import { parseChecksumLine } from '../../../src/kernel/exports/enabled-object.ts'

const none = () => undefined

const c61 =
  `set -e;     trap 'rm -f mm/slub.o; trap - HUP; kill -s HUP $$' HUP; if nm mm/slub.o 2>/dev/null | grep -q __ksymtab; then ` +
  `gcc -E -D__GENKSYMS__ -Wp,-MMD,mm/.slub.o.d -nostdinc -DKBUILD_MODFILE='"mm/slub"' -DKBUILD_MODNAME='"slub"' ` +
  `-D__KBUILD_MODNAME=kmod_slub /src/mm/slub.c | scripts/genksyms/genksyms   -r /dev/null >> mm/.slub.o.cmd; fi`

const c419 =
  `if objdump -h fs/.tmp_locks.o | grep -q __ksymtab; then gcc -E -D__GENKSYMS__ -Wp,-MD,fs/.locks.o.d -DMODULE ` +
  `-D"KBUILD_BASENAME=KBUILD_STR(locks)" -D"KBUILD_MODNAME=KBUILD_STR(my_locks)" fs/locks.c | ` +
  `scripts/genksyms/genksyms -s _ -R -r /dev/null > fs/.tmp_locks.ver; ld -r -o fs/locks.o; fi`

const assembler61 =
  `set -e; if nm lib/memcpy.o 2>/dev/null | grep -q __ksymtab; then { echo "#include <linux/kernel.h>" ; ` +
  `echo "#include <asm/asm-prototypes.h>" ; gcc -E -Wp,-MMD,lib/.memcpy.o.d -D__ASSEMBLY__ /src/lib/memcpy.S | ` +
  String.raw`grep "\<___EXPORT_SYMBOL\>" | sed 's/.*___EXPORT_SYMBOL[[:space:]]*\([a-zA-Z0-9_]*\).*/EXPORT_SYMBOL(\1);/' ; } | ` +
  `gcc -E -D__GENKSYMS__ -Wp,-MMD,lib/.memcpy.o.d -O2 -xc - | scripts/genksyms/genksyms >> lib/.memcpy.o.cmd; fi`

const assembler612 =
  String.raw`set -e; { echo "#include <linux/kernel.h>" ; nm lib/memcpy.o | sed -n 's/.* __export_symbol_\(.*\)/EXPORT_SYMBOL(\1);/p' ; } | ` +
  `gcc -E -D__GENKSYMS__ -Wp,-MMD,lib/.memcpy.o.d -O2 -xc - | ./scripts/genksyms/genksyms >> lib/.memcpy.o.cmd`

const assembling =
  `set -e;  echo '  AS      lib/memcpy.o'; gcc -Wp,-MMD,lib/.memcpy.o.d -D__ASSEMBLY__ -c -o lib/memcpy.o /src/lib/memcpy.S ; ` +
  `./tools/objtool/objtool lib/memcpy.o; scripts/basic/fixdep lib/.memcpy.o.d lib/memcpy.o 'gcc -c -o x /src/lib/memcpy.S'`

/** As Linux 7.2 prints them, with fewer options. */
const dwarf = {
  compiling:
    `set -e;  echo '  CC      kernel/fork.o';   trap 'rm -f kernel/fork.o; trap - HUP; kill -s HUP $$' HUP; ` +
    `gcc -Wp,-MMD,kernel/.fork.o.d -nostdinc -g -gdwarf-5 -DKBUILD_MODNAME='"fork"' -c -o kernel/fork.o /src/kernel/fork.c   ; ` +
    `./tools/objtool/objtool --hacks=jump_label   kernel/fork.o; ./scripts/basic/fixdep kernel/.fork.o.d kernel/fork.o ` +
    String.raw`'gcc -Wp,-MMD,kernel/.fork.o.d -DKBUILD_MODNAME='\''"fork"'\'' -c -o kernel/fork.o /src/kernel/fork.c   ' ` +
    `> kernel/.fork.o.cmd; rm -f kernel/.fork.o.d`,
  c:
    `set -e;    trap 'rm -f kernel/fork.o; trap - HUP; kill -s HUP $$' HUP; if nm kernel/fork.o 2>/dev/null | grep -q ' __export_symbol_'; ` +
    String.raw`then  nm kernel/fork.o | sed -n 's/.* __export_symbol_\(.*\)/\1/p' | ` +
    `./scripts/gendwarfksyms/gendwarfksyms  --stable kernel/fork.o >> kernel/.fork.o.cmd; fi`,
  assembler:
    `set -e; if nm lib/memcpy.o 2>/dev/null | grep -q ' __export_symbol_'; then { echo "#include <linux/kernel.h>" ; echo "#include <asm/asm-prototypes.h>" ; ` +
    String.raw`nm lib/memcpy.o | sed -n 's/.* __export_symbol_\(.*\)/EXPORT_SYMBOL(\1);/p' ; } | ` +
    `gcc -Wp,-MMD,lib/.memcpy.o.d -O2 -g -c -o lib/memcpy.gendwarfksyms.o -xc -; ` +
    String.raw`nm lib/memcpy.o | sed -n 's/.* __export_symbol_\(.*\)/\1/p' | ` +
    `./scripts/gendwarfksyms/gendwarfksyms   lib/memcpy.gendwarfksyms.o >> lib/.memcpy.o.cmd; fi`,
  linking:
    `set -e;  echo '  HOSTLD  scripts/gendwarfksyms/gendwarfksyms'; gcc   -o scripts/gendwarfksyms/gendwarfksyms ` +
    `scripts/gendwarfksyms/gendwarfksyms.o scripts/gendwarfksyms/cache.o -ldw -lelf -lz`,
}

describe('parseChecksumLine', () => {
  it('reads a C object of the kernel itself', () => {
    expect(parseChecksumLine(c61, none)).toEqual({
      object: 'mm/slub.o',
      source: '/src/mm/slub.c',
      modname: undefined,
      compile: [
        'gcc',
        '-E',
        '-D__GENKSYMS__',
        '-nostdinc',
        '-DKBUILD_MODFILE="mm/slub"',
        '-DKBUILD_MODNAME="slub"',
        '-D__KBUILD_MODNAME=kmod_slub',
        '/src/mm/slub.c',
      ],
      checksums: { kind: 'genksyms', command: ['scripts/genksyms/genksyms', '-r', '/dev/null'] },
    })
  })

  it('reads a C object of a module as Linux 4.x writes it, with the options of its genksyms', () => {
    expect(parseChecksumLine(c419, none)).toMatchObject({
      object: 'fs/locks.o',
      source: 'fs/locks.c',
      modname: 'my_locks',
      checksums: { command: ['scripts/genksyms/genksyms', '-s', '_', '-R', '-r', '/dev/null'] },
    })
  })

  it('keeps the way in which make names an object of another folder', () => {
    const line = c61.replaceAll('mm/.slub', 'arch/x86/kvm/../../../virt/kvm/.eventfd')
    expect(parseChecksumLine(line, none)).toMatchObject({
      object: 'arch/x86/kvm/../../../virt/kvm/eventfd.o',
    })
  })

  it('reads an assembler object whose exports are listed by the preprocessor', () => {
    expect(parseChecksumLine(assembler61, none)).toEqual({
      object: 'lib/memcpy.o',
      source: '/src/lib/memcpy.S',
      modname: undefined,
      compile: ['gcc', '-E', '-D__GENKSYMS__', '-O2', '-xc', '-'],
      checksums: { kind: 'genksyms', command: ['scripts/genksyms/genksyms'] },
      assembler: {
        prototypes: ['#include <linux/kernel.h>', '#include <asm/asm-prototypes.h>'],
        listing: { kind: 'text', command: ['gcc', '-E', '-D__ASSEMBLY__', '/src/lib/memcpy.S'] },
      },
    })
  })

  it('reads an assembler object that has to be assembled first, without its output', () => {
    expect(parseChecksumLine(assembler612, () => assembling)).toMatchObject({
      source: '/src/lib/memcpy.S',
      assembler: {
        prototypes: ['#include <linux/kernel.h>'],
        listing: { kind: 'object', command: ['gcc', '-D__ASSEMBLY__', '-c', '/src/lib/memcpy.S'] },
      },
    })
  })

  it('reads a C object that has to be compiled for gendwarfksyms', () => {
    const making = (object: string) => (object === 'kernel/fork.o' ? dwarf.compiling : undefined)
    expect(parseChecksumLine(dwarf.c, making)).toEqual({
      object: 'kernel/fork.o',
      source: '/src/kernel/fork.c',
      modname: undefined,
      compile: ['gcc', '-nostdinc', '-g', '-gdwarf-5', '-DKBUILD_MODNAME="fork"', '-c', '/src/kernel/fork.c'],
      checksums: { kind: 'gendwarfksyms', command: ['./scripts/gendwarfksyms/gendwarfksyms', '--stable'] },
    })
  })

  it('reads a C object of a module for gendwarfksyms', () => {
    const compiling = dwarf.compiling.replace('-nostdinc', '-DMODULE')
    expect(parseChecksumLine(dwarf.c, () => compiling)).toMatchObject({ modname: 'fork' })
  })

  it('reads an assembler object for gendwarfksyms', () => {
    expect(parseChecksumLine(dwarf.assembler, () => assembling)).toEqual({
      object: 'lib/memcpy.o',
      source: '/src/lib/memcpy.S',
      modname: undefined,
      compile: ['gcc', '-O2', '-g', '-c', '-xc', '-'],
      checksums: { kind: 'gendwarfksyms', command: ['./scripts/gendwarfksyms/gendwarfksyms'] },
      assembler: {
        prototypes: ['#include <linux/kernel.h>', '#include <asm/asm-prototypes.h>'],
        listing: { kind: 'object', command: ['gcc', '-D__ASSEMBLY__', '-c', '/src/lib/memcpy.S'] },
      },
    })
  })

  it('says nothing about other lines', () => {
    expect(parseChecksumLine(dwarf.linking, none)).toBeUndefined()
    expect(parseChecksumLine(dwarf.compiling, none)).toBeUndefined()
    expect(parseChecksumLine('  CC      mm/slub.o', none)).toBeUndefined()
    expect(parseChecksumLine(assembling, none)).toBeUndefined()
  })

  it.each([
    ['a quotation that does not end', c61.replace(`'"slub"'`, `'"slub"`)],
    ['no genksyms', c61.replace('| scripts', '> scripts')],
    ['an expansion of the shell', c61.replace('-nostdinc', '$(cat flags)')],
    ['nothing that names the object', c61.replace('-Wp,-MMD,mm/.slub.o.d', '')],
    ['a module without a name', c61.replace(`-DKBUILD_MODNAME='"slub"'`, '-DMODULE')],
    ['an assembler source that nothing was found about', assembler612],
    ['an object that nothing compiles', dwarf.c],
    ['an assembler source of gendwarfksyms that nothing was found about', dwarf.assembler],
  ])('does not pass over a line with %s', (_, line) => {
    expect(parseChecksumLine(line, none)).toHaveProperty('fault')
  })
})
