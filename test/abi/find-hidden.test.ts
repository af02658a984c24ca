import { describe, expect, it } from 'vitest'
import { findHidden } from '../../src/abi/find-hidden.ts'
import { kabiMacroKind } from '../../src/abi/kabi-macros.ts'

const hidden = (added: readonly string[], file = 'include/linux/device.h') =>
  findHidden({ files: [{ file, edits: [{ line: 10, removed: [], added }] }] }).map(({ line, how }) => [
    line,
    how,
  ])

describe('a hidden change', () => {
  it.each([
    ['#ifdef __GENKSYMS__', 'genksyms-guard'],
    ['#ifndef __GENKSYMS__ /* keep it */', 'genksyms-guard'],
    ['#  if defined(CONFIG_X) && !defined( __GENKSYMS__ )', 'genksyms-guard'],
    ['\tdefined(__GENKSYMS__)', 'genksyms-guard'],
    ['#undef __GENKSYMS__', 'genksyms-guard'],
    ['\tRH_KABI_REPLACE(int a, long a)', 'kabi-macro'],
    ['\tRH_KABI_USE2(1, u32 a, u32 b)', 'kabi-macro'],
    ['\tKABI_USE(1, struct foo *foo)', 'kabi-macro'],
    ['\tANDROID_KABI_USE(1, u64 x);', 'kabi-macro'],
    ['\tUEK_KABI_FILL_HOLE(int x)', 'kabi-macro'],
    ['\t_KABI_REPLACE(int a, long a);', 'kabi-macro'],
    ['#include RH_KABI_HIDE_INCLUDE(<linux/poll.h>)', 'kabi-macro'],
    ['\tRH_KABI_BROKEN_INSERT_ENUM(BLUE)', 'kabi-macro'],
    ['\tCK_KABI_USE_SPLIT(2, u32 a, u32 b)', 'kabi-macro'],
    ['# define DEEPIN_KABI_EXTEND(_new)', 'kabi-macro'],
    ['KABI_DECLONLY(device);', 'kabi-rule'],
    ['ANDROID_KABI_ENUMERATOR_VALUE(e, LAST, 2);', 'kabi-rule'],
    ['#define KABI_RULE(hint, target, value) x', 'kabi-rule'],
    ['\t__section(".discard.gendwarfksyms.kabi_rules") = "1\\0"', 'kabi-rule'],
    ['\tint __kabi_ignored0;', 'kabi-rule'],
  ])('is %s', (line, how) => {
    expect(hidden(['int x;', line])).toEqual([[11, how]])
  })

  it.each([
    ['reserved fields', '\tRH_KABI_RESERVE(1)'],
    ['other reserved fields', '\tKABI_RESERVE_P(1)'],
    ['an option', '#ifdef CONFIG_RH_KABI_REPLACE'],
    ['the end of a guard', '#endif /* __GENKSYMS__ */'],
    ['a comment to the end of the line', 'int x; // __GENKSYMS__ KABI_USE(1, x)'],
    ['a string', 'pr_info("KABI_USE(1, x)");'],
    ['a forced change of checksums', 'RH_KABI_FORCE_CHANGE(1)'],
    ['another word', 'MY__GENKSYMS__(x) NOKABI_USEFUL(1)'],
  ])('is none of %s', (_, line) => {
    expect(hidden([line])).toEqual([])
  })

  it('does not stand in a comment, wherever the comment began', () => {
    expect(hidden(['/*', ' KABI_USE(1, x)', '*/', 'KABI_USE(2, x)'])).toEqual([[13, 'kabi-macro']])
    expect(hidden([' * KABI_USE(1, x)', ' KABI_USE(1, x) */', 'KABI_USE(2, x)'])).toEqual([
      [12, 'kabi-macro'],
    ])
    expect(
      hidden(['KABI_USE(1, x)', '   ends here */', 'int y; /* __GENKSYMS__', '__GENKSYMS__ */']),
    ).toEqual([])
    expect(hidden(['"/*"', 'KABI_USE(1, x)'])).toEqual([[11, 'kabi-macro']])
    // A declaration on two lines, not a comment.
    expect(hidden(['struct a', ' * KABI_RENAME(b, c);'])).toEqual([[11, 'kabi-macro']])
  })

  it('is an override record in a reference file of genksyms, and only there', () => {
    const record = ['override s#device struct device { int x ; }', 's#a struct a { UNKNOWN }']
    expect(hidden(record, 'drivers/base/core.symref')).toEqual([[10, 'override']])
    expect(hidden(record, 'drivers/base/core.c')).toEqual([])
  })

  it('is an override record behind blanks as well', () => {
    expect(hidden([' \toverride\ts#device struct device { int x ; }'], 'a.symref')).toEqual([
      [10, 'override'],
    ])
  })

  it('is not in documentation or scripts', () => {
    for (const file of ['Documentation/kbuild/x.h', 'README.md', 'a/x.py', 'a/x.rst', 'a/x.txt'])
      expect(hidden(['#ifdef __GENKSYMS__'], file)).toEqual([])
  })

  it('is in a file of any name that the compiler reads, except in documentation', () => {
    const patch = (file: string) => ({
      files: [{ file, edits: [{ line: 1, removed: [], added: ['#ifdef __GENKSYMS__'] }] }],
    })
    const isRead = (): boolean => true
    expect(findHidden(patch('include/linux/more.txt'), isRead)).toMatchObject([{ line: 1 }])
    expect(findHidden(patch('README'), () => false)).toMatchObject([{ line: 1 }])
  })

  it.each([
    ['at the end of a line', ['#ifndef __GENK\\', 'SYMS__'], [10]],
    ['twice', ['#if 1', '#ifndef __GE\\', 'NKSY\\', 'MS__ // x'], [11]],
    ['before blanks that the compiler passes over', ['#ifndef __GENK\\ ', 'SYMS__'], [10]],
    ['between a # and its word', ['#\\', 'ifndef __GENKSYMS__'], [11]],
    ['in a macro', ['\tint a; RH_KABI_\\', 'USE(1, int b)'], [10]],
  ])('is told where a line is broken %s', (_, added, lines) => {
    expect(hidden(added).map(([line]) => line)).toEqual(lines)
  })

  it('is not made of two words on neighbouring lines', () => {
    expect(hidden(['#define a __GENK', 'SYMS__ b'])).toEqual([])
    expect(hidden(['#define a __GENK \\', 'SYMS__ b'])).toEqual([])
    expect(hidden(['#define a __GENK\\', ' SYMS__ b'])).toEqual([])
  })

  it('is a line of a Makefile that defines or takes away what genksyms is known by', () => {
    const lines = ['# -U__GENKSYMS__', 'CFLAGS_x.o += -U__GENKSYMS__', 'obj-y += KABI_USE.o']
    for (const file of ['scripts/Makefile.build', 'Kbuild', 'rules.mk'])
      expect(hidden(lines, file)).toEqual([[11, 'genksyms-guard']])
    expect(hidden(lines, 'Kconfig.x')).toEqual([])
  })

  it('begins with a digraph as well', () => {
    expect(hidden(['%:ifndef __GENKSYMS__'])).toEqual([[10, 'genksyms-guard']])
  })

  it('tells its file, its line and its text', () => {
    const edits = [{ line: 3, removed: ['#ifdef __GENKSYMS__'], added: ['', '#ifdef __GENKSYMS__'] }]
    expect(findHidden({ files: [{ file: 'a.h', edits }] })).toEqual([
      { file: 'a.h', line: 4, kind: 'added', text: '#ifdef __GENKSYMS__', how: 'genksyms-guard' },
    ])
  })
})

describe('a macro of a kabi header', () => {
  it.each(['RH_KABI_RESERVE', 'KABI_RESERVE', '_KABI_RESERVE', 'ANDROID_KABI_RESERVE', 'UEK_KABI_RESERVE_P'])(
    '%s keeps room',
    (name) => {
      expect(kabiMacroKind(name)).toBe('reserve')
    },
  )
})
