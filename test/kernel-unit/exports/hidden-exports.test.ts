import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FoundExport, NotFound } from '../../../src/kernel/exports/find-exports.ts'
import { smallKernel, type SmallKernel } from './small-kernel.ts'

const hasTools = ['make', 'gcc', 'nm', 'sh'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

let kernel: SmallKernel
beforeEach(() => {
  kernel = smallKernel()
})
afterEach(() => kernel.end())

/** What the gate finds of `plain` in its object, in one line; without make, which has no part in that. */
async function plain(flags: readonly string[] = []): Promise<string> {
  const result = await kernel.evaluate('lib/plain', flags)
  if (result.kind !== 'evaluation') return `problem: ${result.kind === 'failed' ? result.why : result.kind}`
  const exports = result.exports.map((row) => ({ ...row, module: 'vmlinux', object: 'lib/plain.o' }))
  const wanted = exports.filter(({ symbol }) => symbol === 'plain')
  return told({ result: { kind: 'found', exports: wanted } })
}

interface Told {
  readonly result:
    { readonly kind: 'found'; readonly exports: readonly Omit<FoundExport, 'file' | 'line'>[] } | NotFound
}

function told({ result }: Told): string {
  if (result.kind === 'not-found')
    return `problem: ${result.problems.map(({ message }) => message).join('; ')}`
  const [row] = result.exports
  if (!row) return 'absent'
  return `${row.type} in "${row.namespace ?? 'none'}" of ${row.object}${row.crc === 0 ? ', no checksum' : ''}`
}

const text = (...lines: readonly string[]) => `${lines.join('\n')}\n`
const include = '#include <linux/export.h>'
const usual = ['int plain;', 'EXPORT_SYMBOL(plain);']
const gpl = '"_gpl", ""'
const asGpl = `EXPORT_SYMBOL(sym) ___EXPORT_SYMBOL(sym, ${gpl})`
const nothing = 'EXPORT_SYMBOL in "" of lib/plain.o'
const isGpl = 'EXPORT_SYMBOL_GPL in "" of lib/plain.o'
const inX = 'EXPORT_SYMBOL in "X" of lib/plain.o'

describe.skipIf(!hasTools)('an export that its source text hides (needs make, gcc and nm)', () => {
  it.each<readonly [string, readonly string[], string]>([
    ['a comment behind #define', ['#define/* ours */DEFAULT_SYMBOL_NAMESPACE X', include, ...usual], inX],
    [
      'a comment behind the name',
      [include, '#undef/**/EXPORT_SYMBOL', `#define/**/${asGpl}`, ...usual],
      isGpl,
    ],
    ['digraphs', [include, '%:undef EXPORT_SYMBOL', `%:define ${asGpl}`, ...usual], isGpl],
    [
      'a comment before the directive',
      [include, '/* */ #undef EXPORT_SYMBOL', `/*\n*/#define ${asGpl}`, ...usual],
      isGpl,
    ],
    ['a broken directive', [include, '#und\\', 'ef EXPORT_SYMBOL', `#def\\\nine ${asGpl}`, ...usual], isGpl],
    [
      'a broken name',
      [
        include,
        '#undef EXPORT_SYM\\',
        'BOL',
        `#define EXPORT_\\ \nSYMBOL(sym) ___EXPORT_SYMBOL(sym, ${gpl})`,
        ...usual,
      ],
      isGpl,
    ],
    [
      'an inner macro',
      [
        include,
        '#undef _EXPORT_SYMBOL',
        '#define _EXPORT_SYMBOL(sym, sec) ___EXPORT_SYMBOL(sym, "_gpl", "")',
        ...usual,
      ],
      isGpl,
    ],
    ['the name of the namespace', ['#define Y X', include, 'int plain;', 'EXPORT_SYMBOL_NS(plain, Y);'], inX],
    [
      'a macro of another name',
      [
        include,
        '#define IN(a) a',
        'int plain;',
        'IN(EXPORT_SYMBOL_GPL)(plain); /*',
        'EXPORT_SYMBOL(plain);',
        '*/',
      ],
      isGpl,
    ],
    [
      'a name that is pasted',
      [
        include,
        '#define CAT(a, b) a##b',
        'int plain;',
        'CAT(EXPORT_SYM,BOL_GPL)(plain);',
        '#if 0',
        'EXPORT_SYMBOL(plain);',
        '#endif',
      ],
      isGpl,
    ],
    [
      'a line directive',
      [
        include,
        'int plain;',
        '#if 0',
        'EXPORT_SYMBOL(plain);',
        '#endif',
        '#define E EXPORT_SYMBOL_GPL',
        `#line 4 "SOURCE"`,
        'E(plain);',
      ],
      isGpl,
    ],
    [
      'a line marker',
      [
        include,
        'int plain;',
        '#if 0',
        'EXPORT_SYMBOL(plain);',
        '#endif',
        '#define E EXPORT_SYMBOL_GPL',
        '# 4 "SOURCE"',
        'E(plain);',
      ],
      isGpl,
    ],
    [
      'a pragma',
      [
        '#pragma push_macro("EXPORT_SYMBOL")',
        `#define ${asGpl}`,
        '#pragma push_macro("EXPORT_SYMBOL")',
        '#undef EXPORT_SYMBOL',
        include,
        '#pragma pop_macro("EXPORT_SYMBOL")',
        ...usual,
      ],
      isGpl,
    ],
    [
      'an operator',
      [
        '#define P(x) _Pragma(#x)',
        `#define ${asGpl}`,
        'P(push_macro("EXPORT_SYMBOL"))',
        '#undef EXPORT_SYMBOL',
        include,
        'P(pop_macro("EXPORT_SYMBOL"))',
        ...usual,
      ],
      isGpl,
    ],
    [
      'an argument that is thrown away',
      [
        include,
        '#define IGNORE(x)',
        'int plain;',
        'EXPORT_SYMBOL_GPL(plain); IGNORE(',
        'EXPORT_SYMBOL(plain);',
        ')',
      ],
      isGpl,
    ],
  ])('has its true type and namespace: %s', async (_, lines, expected) => {
    kernel.write({ 'lib/plain.c': text(...lines).replace('SOURCE', join(kernel.source, 'lib/plain.c')) })
    expect(await plain()).toBe(expected)
  })

  it.each([
    ['a text file', '#include "hidden.txt"', 'lib/hidden.txt'],
    ['a digraph', '%:include "hidden.inc"', 'lib/hidden.inc'],
    ['a macro', '#define FILE "hidden.h"\n#include FILE', 'lib/hidden.h'],
  ])('has its true type when %s is included that changes the macro', async (_, line, file) => {
    kernel.write({
      'lib/plain.c': text(include, line, ...usual),
      [file]: text('#undef EXPORT_SYMBOL', `#define ${asGpl}`),
    })
    expect(await plain()).toBe(isGpl)
  })

  it.each<readonly [string, readonly string[], string]>([
    ['a Makefile gives a namespace', ['-DDEFAULT_SYMBOL_NAMESPACE=X'], inX],
    ['a Makefile changes a macro', ['-include', 'changed.h'], isGpl],
    ['a Makefile defines what genksyms sees', ['-D__GENKSYMS__'], 'absent'],
  ])('has its true type and namespace when %s', async (_, flags, expected) => {
    kernel.write({
      'include/changed.h': text(include, '#undef EXPORT_SYMBOL', `#define ${asGpl}`),
    })
    expect(await plain(flags)).toBe(expected)
  })

  it.each<readonly [string, readonly string[]]>([
    [
      'where __GENKSYMS__ is defined',
      [include, 'int plain;', '#ifdef __GENKSYMS__', 'EXPORT_SYMBOL(plain);', '#endif'],
    ],
    [
      'and the name is broken',
      [include, 'int plain;', '#ifdef __GENK\\', 'SYMS__', 'EXPORT_SYMBOL(plain);', '#endif'],
    ],
    [
      'and the name is pasted',
      [
        include,
        '#define CAT(a, b) a##b',
        'int plain;',
        '#if CAT(__GENK,SYMS__)',
        'EXPORT_SYMBOL(plain);',
        '#endif',
      ],
    ],
    [
      'where a counter says so',
      [
        include,
        'int plain, other;',
        'EXPORT_SYMBOL_GPL(other);',
        '#if __COUNTER__ == 0',
        'EXPORT_SYMBOL(plain);',
        '#endif',
      ],
    ],
    [
      'in a function that is never compiled',
      [include, 'int plain;', 'static inline void f(void)', '{', 'EXPORT_SYMBOL(plain);', '}'],
    ],
    [
      'between directives of the assembler',
      [include, 'int plain;', 'asm(".if 0");', 'EXPORT_SYMBOL(plain);', 'asm(".endif");'],
    ],
    [
      'in a comment of the assembler',
      [include, 'int plain;', 'asm("/*");', 'EXPORT_SYMBOL(plain);', 'asm("*/");'],
    ],
    [
      'in the label of a variable',
      [
        include,
        'int plain;',
        'int odd asm("odd\\n.if 0\\n"); int odd = 1;',
        'EXPORT_SYMBOL(plain);',
        'asm(".endif");',
      ],
    ],
  ])('is absent when only genksyms sees it: %s', async (_, lines) => {
    kernel.write({ 'lib/plain.c': text(...lines) })
    expect(await plain()).toMatch(/^(?:absent|problem: gcc ended with exit code 1)$/)
  })

  it('is looked for in the whole tree when only genksyms sees it where it was', async () => {
    kernel.write({
      'lib/plain.c': text(include, '#ifdef __GENKSYMS__', ...usual, '#endif'),
      'lib/quiet.c': text(
        include,
        '#define CAT(a, b) a##b',
        'int plain;',
        'CAT(EXP,ORT_SYM\\',
        'BOL_GPL)(plain);',
      ),
    })
    expect(told(await kernel.find(['plain']))).toBe('EXPORT_SYMBOL_GPL in "" of lib/quiet.o')
  })

  it('has no checksum when genksyms does not see it', async () => {
    kernel.write({ 'lib/plain.c': text(include, '#ifndef __GENKSYMS__', ...usual, '#endif') })
    expect(await plain()).toBe(`${nothing}, no checksum`)
  })

  it('is an error when it has a checksum of its own making', async () => {
    kernel.write({
      'lib/plain.c': text(include, ...usual, 'asm(".globl __crc_plain\\n.set __crc_plain, 0x1234");'),
    })
    expect(await plain()).toContain('problem')
  })

  it('is told from the compiled object when it is made by hand', async () => {
    kernel.write({
      'lib/plain.c': text(
        include,
        'int plain;',
        'static const char name[] asm("__kstrtab_plain") __attribute__((section("__ksymtab_strings"), used)) = "plain";',
        'static const char ns[] asm("__kstrtabns_plain") __attribute__((section("__ksymtab_strings"), used)) = "HAND";',
        'asm(".section \\"___ksymtab_gpl+plain\\",\\"a\\"\\n__ksymtab_plain: .long plain - ., __kstrtab_plain - ., __kstrtabns_plain - .\\n.previous");',
      ),
    })
    expect(await plain()).toBe('EXPORT_SYMBOL_GPL in "HAND" of lib/plain.o, no checksum')
  })

  it('is an error when the entry made by hand stands for another symbol', async () => {
    kernel.write({
      'lib/plain.c': text(
        include,
        'int plain, other;',
        'asm(".section \\"__ksymtab_strings\\",\\"aMS\\",%progbits,1\\n__kstrtab_plain: .asciz \\"plain\\"\\n__kstrtabns_plain: .asciz \\"\\"\\n.previous");',
        'asm(".section \\"___ksymtab+plain\\",\\"a\\"\\n__ksymtab_plain: .long other - ., __kstrtab_plain - ., __kstrtabns_plain - .\\n.previous");',
      ),
    })
    expect(await plain()).toContain('problem')
  })

  it('is decided by the assembler in an assembler source', async () => {
    kernel.write({
      'lib/thunk.S': text(
        '#include <asm/export.h>',
        '.if 0',
        ' ___EXPORT_SYMBOL thunk_rax, thunk_rax, _gpl',
        '.endif',
      ),
    })
    expect(told(await kernel.find(['thunk_rax']))).toBe('absent')
  })

  it('is what the export header of this kernel makes of it', async () => {
    const header = readFileSync(join(kernel.source, 'include/linux/export.h'), 'utf8')
    kernel.write({
      'include/linux/export.h': header.replace(
        'EXPORT_SYMBOL(sym) _EXPORT_SYMBOL(sym, ""',
        'EXPORT_SYMBOL(sym) _EXPORT_SYMBOL(sym, "_gpl"',
      ),
    })
    expect(await plain()).toBe(isGpl)
  })

  it.each(['#line 7 "grammar.y"', '# 7 "grammar.y"', '#line 7 "/etc/passwd"'])(
    'stands in the source where %s names a file that nobody read',
    async (directive) => {
      kernel.write({ 'lib/plain.c': text(include, 'int plain;', directive, 'EXPORT_SYMBOL(plain);') })
      const result = await kernel.evaluate('lib/plain', [])
      expect(result.kind === 'evaluation' && result.exports).toMatchObject([
        { symbol: 'plain', file: join(kernel.source, 'lib/plain.c'), line: 0 },
      ])
    },
  )

  it('is left out for one name by the export header', async () => {
    const header = readFileSync(join(kernel.source, 'include/linux/export.h'), 'utf8')
    kernel.write({
      'include/linux/export.h': `${header}\n#ifndef __GENKSYMS__\n#undef EXPORT_SYMBOL\n#define EXPORT_SYMBOL(sym) HOW_##sym(sym)\n#define HOW_plain(sym)\n#endif\n`,
    })
    expect(await plain()).toBe('absent')
  })
})
