import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { kabiMacroKind } from '../../src/abi/kabi-macros.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

/** scripts/genksyms/genksyms of a built kernel. */
const genksyms = process.env['KABI_GENKSYMS']

const path = folderOfEachTest()

const types = `#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
struct list_head { struct list_head *next, *prev; };
struct kobject { const char *name; struct list_head entry; };
#endif
`

/** Puts the header where a kernel has it, and a file beside it. */
function kernelWith(file: string, text: string): string {
  writeFiles(path(), { 'include/linux/types.h': types, [file]: text })
  copyFileSync('examples/kabi.h', path('include/linux/kabi.h'))
  return path(file)
}

interface Compiled {
  readonly ok: boolean
  readonly said: string
}

const dialects = ['gnu89', 'gnu11'] as const

/** What a compiler says of a source in each dialect of the kernel's C. */
function compile(compiler: string, source: string): readonly Compiled[] {
  const file = kernelWith('a.c', source)
  return dialects.map((dialect) => {
    const options = [
      `-std=${dialect}`,
      '-Wall',
      '-Wextra',
      '-Werror',
      '-fsyntax-only',
      `-I${path('include')}`,
    ]
    const { status, stderr } = spawnSync(compiler, [...options, file], { encoding: 'utf8' })
    return { ok: status === 0, said: stderr }
  })
}

/** The tokens that genksyms reads of a source. */
function seenByGenksyms(source: string): readonly string[] {
  const file = kernelWith('a.c', source)
  const options = ['-E', '-P', '-D__GENKSYMS__', `-I${path('include')}`]
  const text = execFileSync('gcc', [...options, file], { encoding: 'utf8' })
  return text.match(/\w+|[^\s\w]/g) ?? []
}

/** The checksum of a function that takes a `struct s *`. */
function checksum(source: string): string {
  // What a source file defines itself is no part of a checksum.
  writeFiles(path(), { 'include/s.h': source })
  const file = kernelWith('a.c', '#include <s.h>\nint f(struct s *s);\n__GENKSYMS_EXPORT_SYMBOL(f);\n')
  const options = ['-E', '-D__GENKSYMS__', `-I${path('include')}`]
  const input = execFileSync('gcc', [...options, file], { encoding: 'utf8' })
  const printed = execFileSync(genksyms ?? '', [], { input, encoding: 'utf8' })
  expect(printed).toMatch(/^#SYMVER f 0x[0-9a-f]{8}$/m)
  return printed
}

const compilers = ['gcc', 'clang', 'i686-linux-gnu-gcc', 's390x-linux-gnu-gcc', 'aarch64-linux-gnu-gcc']
const missing = compilers.filter((name) => spawnSync(name, ['--version']).status !== 0)

/** A structure of a release, and the same after a change that uses a macro; it may grow with `grows`. */
const changes: Readonly<
  Record<string, { readonly before: string; readonly after: string; readonly grows?: true }>
> = {
  KABI_USE: { before: 'KABI_RESERVE(1)', after: 'KABI_USE(1, struct foo *foo)' },
  'KABI_USE with two small fields': {
    before: 'KABI_RESERVE(1)',
    after: 'KABI_USE(1, u32 one; u8 two, three)',
  },
  'KABI_USE with a function pointer': {
    before: 'KABI_RESERVE(1)',
    after: 'KABI_USE(1, int (*call)(int, void *))',
  },
  'KABI_USE with bit-fields': { before: 'KABI_RESERVE(1)', after: 'KABI_USE(1, u32 one:1, two:31)' },
  KABI_USE2: { before: 'KABI_RESERVE(1)\nKABI_RESERVE(2)', after: 'KABI_USE2(1, 2, struct list_head list)' },
  KABI_REPLACE: { before: 'int flags;', after: 'KABI_REPLACE(int flags, unsigned int flags)' },
  'KABI_REPLACE of two fields': {
    before: 'int a;\nint (*call)(int, int);',
    after: 'KABI_REPLACE(int a, u32 a)\nKABI_REPLACE(int (*call)(int, int), void (*call)(void))',
  },
  KABI_FILL_HOLE: { before: '', after: 'KABI_FILL_HOLE(u8 cookie)' },
  KABI_EXTEND: { before: '', after: 'KABI_EXTEND(u64 stamp; u64 other)', grows: true },
}

const include = '#include <linux/types.h>\n#include <linux/kabi.h>\n'

const structOf = (name: string, changed: string, grows?: true): string =>
  grows
    ? `struct ${name} {\nlong first;\nu8 small;\nlong last;\n${changed}\n};\n`
    : `struct ${name} {\nlong first;\nu8 small;\n${changed}\nlong last;\n};\n`

const sameAs = (before: string, after: string, members: readonly string[]): string =>
  members
    .map((member) => {
      const at = (name: string) => `__builtin_offsetof(struct ${name}, ${member})`
      return `_Static_assert(${at(before)} == ${at(after)}, "${member} moved");\n`
    })
    .join('')

describe('the sample header for kernels without KABI macros', () => {
  it('has only macros that kabi-gate knows, and says what each does to layout and checksum', () => {
    const text = readFileSync('examples/kabi.h', 'utf8')
    const names = new Set([...text.matchAll(/^#define (KABI_\w+)/gm)].map(([, name = '']) => name))
    expect([...names].sort()).toEqual(
      ['EXTEND', 'FILL_HOLE', 'REPLACE', 'RESERVE', 'USE', 'USE2'].map((name) => `KABI_${name}`),
    )
    for (const name of names) {
      expect(kabiMacroKind(name), name).toBe(name === 'KABI_RESERVE' ? 'reserve' : 'hides')
      expect(text, name).toMatch(new RegExp(String.raw`^ \* ${name}\(.*\)\n \* Layout: .*Checksum: `, 'm'))
    }
  })

  it.each(Object.entries(changes))(
    'shows genksyms the text of the release: %s',
    (_, { before, after, grows }) => {
      const released = seenByGenksyms(include + structOf('s', before, grows))
      expect(seenByGenksyms(include + structOf('s', after, grows))).toEqual(released)
    },
  )

  it.skipIf(genksyms === undefined).each(Object.entries(changes))(
    'leaves the checksum of genksyms (KABI_GENKSYMS) alone: %s',
    (_, { before, after, grows }) => {
      const released = checksum(include + structOf('s', before, grows))
      expect(checksum(include + structOf('s', after, grows))).toBe(released)
      expect(checksum(include + structOf('s', `${before}\nint other;`, grows))).not.toBe(released)
    },
  )

  describe.each(compilers)('with %s', (compiler) => {
    it.skipIf(missing.includes(compiler)).each(Object.entries(changes))(
      'moves nothing: %s',
      (_, { before, after, grows }) => {
        const size = grows
          ? ''
          : '_Static_assert(sizeof(struct before) == sizeof(struct after), "size");\n' +
            '_Static_assert(__alignof__(struct before) == __alignof__(struct after), "alignment");\n'
        const members = sameAs('before', 'after', ['first', 'small', 'last'])
        const source =
          include + structOf('before', before, grows) + structOf('after', after, grows) + size + members
        for (const { ok, said } of compile(compiler, source)) expect(said, String(ok)).toBe('')
        const forGenksyms = compile(compiler, `#define __GENKSYMS__\n${source}`)
        for (const { ok, said } of forGenksyms) expect(said, String(ok)).toBe('')
      },
    )

    it.skipIf(missing.includes(compiler)).each<[what: string, macro: string, why: string]>([
      ['is larger than 8 bytes', 'KABI_USE(1, struct list_head list; u8 more)', 'larger'],
      ['is larger than 16 bytes', 'KABI_USE2(1, 2, struct list_head list; u64 more[2])', 'larger'],
      [
        'is more strictly aligned',
        'KABI_USE(1, u8 byte __attribute__((aligned(16))))',
        'more strictly aligned',
      ],
      ['is larger than the old one', 'KABI_REPLACE(u8 flags, u32 flags)', 'larger'],
      [
        'needs more alignment than the old one',
        'KABI_REPLACE(char flags[8], u64 flags)',
        'more strictly aligned',
      ],
    ])('is refused for a new field that %s', (_, macro, why) => {
      for (const { ok, said } of compile(compiler, include + structOf('s', macro))) {
        expect(ok).toBe(false)
        expect(said).toMatch(new RegExp(`KABI: the new field is ${why}`))
      }
    })
  })

  describe('in the example of docs/fixing-a-break.md', () => {
    const page = readFileSync('docs/fixing-a-break.md', 'utf8')
    const [, section = ''] = /^### A kernel without KABI macros\n([\s\S]*?)^### /m.exec(page) ?? []
    const blocks = [...section.matchAll(/^```c\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
    const [release = '', hole = '', reserved = '', used = ''] = blocks
    const members = ['bus', 'list', 'hotplug', 'number', 'kobj']
    const both = (before: string, after: string): string =>
      `#include <linux/types.h>\n${before.replace('pci_slot', 'before')}${after.replace('pci_slot', 'after')}` +
      '_Static_assert(sizeof(struct before) == sizeof(struct after), "size");\n' +
      sameAs('before', 'after', members)

    it('the checksum stays, with a hole and with a reserved field', () => {
      const seen = (text: string) => seenByGenksyms(`#include <linux/types.h>\n${text}`)
      expect(blocks).toHaveLength(4)
      expect(seen(hole)).toEqual(seen(release))
      expect(seen(used)).toEqual(seen(reserved))
      expect(seen(reserved)).not.toEqual(seen(release))
    })

    it('nothing moves, but on 32-bit x86, where the hole is smaller', () => {
      for (const compiler of compilers.filter((name) => !missing.includes(name))) {
        const isSmall = compiler.startsWith('i686')
        for (const { ok } of compile(compiler, both(release, hole))) expect(ok, compiler).toBe(!isSmall)
        for (const { ok } of compile(compiler, both(reserved, used))) expect(ok, compiler).toBe(true)
      }
    })

    it('the section names every macro of the header', () => {
      const header = readFileSync('examples/kabi.h', 'utf8')
      for (const [, name = ''] of header.matchAll(/^#define (KABI_\w+)/gm))
        expect(section).toContain(`\`${name}(`)
    })
  })
})
