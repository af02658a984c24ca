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

  it('is not in documentation or build files', () => {
    for (const file of [
      'Documentation/kbuild/x.h',
      'README.md',
      'scripts/Makefile.build',
      'a/x.py',
      'a/x.rst',
    ])
      expect(hidden(['#ifdef __GENKSYMS__'], file)).toEqual([])
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
