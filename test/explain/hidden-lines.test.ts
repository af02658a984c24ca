import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/abi/evidence.ts'
import { hiddenLines } from '../../src/explain/hidden-lines.ts'
import { patchBetween, present, type Files } from '../kernel-unit/places/small-tree.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'

const path = folderOfEachTest()

/** The hidden lines of a patch as a diff shows them; files under `dark/` are read by no object. */
async function lines(before: Files, edited: Files): Promise<readonly string[]> {
  const after = { ...before, ...edited }
  writeFiles(path(), present(after))
  const dependencies = Object.keys(present(after))
    .filter((file) => !file.startsWith('dark/'))
    .map((file) => path(file))
  const objects = new Map([['a.o', { exports: ['f'], types: undefined, dependencies }]])
  const evidence = { build: { objects } } as unknown as Evidence
  const found = await hiddenLines(patchBetween(before, after), [evidence], path())
  return found.map(
    ({ file, line, kind, text, how }) => `${file}:${line}${kind === 'added' ? '+' : '-'}${text} (${how})`,
  )
}

const guarded = `struct device {
	int a;
#ifndef __GENKSYMS__
	/* ours */
#endif
	int b;
};
`

const macros = `#ifdef __GENKSYMS__
#define OUR_HIDE(text)
#define OUR_VIEW 1
#else
#define OUR_HIDE(text) text
#endif
#define OUR_FIELD(text) OUR_HIDE(text;)
`

describe('a line of a patch hides something from the checksums', () => {
  it('when it is added behind a condition that was there', async () => {
    const now = guarded.replace('	/* ours */\n', '	/* ours */\n	int c;\n	int d;\n')
    expect(await lines({ 'a.h': guarded }, { 'a.h': now })).toEqual(['a.h:5+	int c; (genksyms-guard)'])
  })

  it('when it is added to the other branch of such a condition, or to a conditional inside of it', async () => {
    const text = '#ifdef __GENKSYMS__\nint a;\n#else\nlong a;\n#if X\n#endif\n#endif\n'
    expect(await lines({ 'a.h': text }, { 'a.h': text.replace('long a', 'char a') })).toEqual([
      'a.h:4+char a; (genksyms-guard)',
    ])
    expect(await lines({ 'a.h': text }, { 'a.h': text.replace('#if X\n', '#if X\nint b;\n') })).toEqual([
      'a.h:6+int b; (genksyms-guard)',
    ])
  })

  it('when it is taken out there', async () => {
    const text = guarded.replace('	/* ours */\n', '	int c;\n	int d;\n')
    expect(await lines({ 'a.h': text }, { 'a.h': guarded })).toEqual(['a.h:4-	int c; (genksyms-guard)'])
  })

  it('when the end or the beginning of the other branch moves', async () => {
    const text = guarded.replace('#endif\n	int b;\n', '	int b;\n#endif\n')
    expect(await lines({ 'a.h': guarded }, { 'a.h': text })).toEqual([
      'a.h:5-#endif (genksyms-guard)',
      'a.h:6+#endif (genksyms-guard)',
    ])
    const branches = '#ifdef __GENKSYMS__\nint a;\n#else\nint b;\n#endif\n'
    expect(
      await lines({ 'a.h': branches }, { 'a.h': branches.replace('#else\nint b;', 'int b;\n#else') }),
    ).toEqual(['a.h:3-#else (genksyms-guard)', 'a.h:4+#else (genksyms-guard)'])
  })

  it('when the whole region goes, and not when it only is in other words', async () => {
    expect(await lines({ 'a.h': guarded }, { 'a.h': guarded.replace(/#ifndef[^]*#endif\n/, '') })).toEqual([
      'a.h:3-#ifndef __GENKSYMS__ (genksyms-guard)',
    ])
    expect(await lines({ 'a.h': guarded }, { 'a.h': guarded.replace('ifndef ', 'if !defined ') })).toEqual([
      'a.h:3+#if !defined __GENKSYMS__ (genksyms-guard)',
    ])
  })

  it('when it begins such a region, and its fields are not told again', async () => {
    const now = guarded.replace('	int b;\n', '#ifndef __GENKSYMS__\n	int c;\n#else\n	int b;\n#endif\n')
    expect(await lines({ 'a.h': guarded }, { 'a.h': now })).toEqual([
      'a.h:6+#ifndef __GENKSYMS__ (genksyms-guard)',
    ])
  })

  it('when it uses a macro that the tree shows genksyms otherwise, also by way of another', async () => {
    const text = 'struct a {\n	int a;\n};\n'
    for (const line of ['OUR_HIDE(int b;)', 'OUR_FIELD(int b)'])
      expect(
        await lines({ 'our.h': macros, 'a.h': text }, { 'a.h': text.replace('};', `	${line}\n};`) }),
      ).toEqual([`a.h:3+	${line} (kabi-macro)`])
  })

  it('when it asks for such a macro, and behind that', async () => {
    const text = 'struct a {\n	int a;\n};\n'
    const asked = text.replace('};', '#ifndef OUR_VIEW\n	int b;\n#endif\n};')
    expect(await lines({ 'our.h': macros, 'a.h': text }, { 'a.h': asked })).toEqual([
      'a.h:3+#ifndef OUR_VIEW (genksyms-guard)',
    ])
    const more = asked.replace('	int b;\n', '	int b;\n	int c;\n')
    expect(await lines({ 'our.h': macros, 'a.h': asked }, { 'a.h': more })).toEqual([
      'a.h:5+	int c; (genksyms-guard)',
    ])
  })

  it('when it is in a file of any name that is read', async () => {
    const text = 'int a;\n#if !defined(__GENKSYMS__)\nint b;\n#endif\n'
    expect(await lines({ 'more.txt': 'int a;\n' }, { 'more.txt': text })).toEqual([
      'more.txt:2+#if !defined(__GENKSYMS__) (genksyms-guard)',
    ])
    expect(await lines({ 'dark/notes.txt': 'int a;\n' }, { 'dark/notes.txt': text })).toEqual([])
  })

  it('when only the compiler reads its file, and not when genksyms reads it elsewhere', async () => {
    const text = '#ifndef __GENKSYMS__\n#include "dark/b.txt"\n#include "c.h"\n#endif\n'
    const before = {
      ...{ 'a.h': text, 'a.c': '#include "c.h"\n#include "a.h"\n' },
      ...{ 'c.h': 'int c;\n', 'dark/b.txt': 'int a;\n' },
    }
    expect(await lines(before, { 'c.h': 'int d;\n', 'dark/b.txt': 'int b;\nint c;\n' })).toEqual([
      'dark/b.txt:1+int b; (genksyms-guard)',
    ])
  })

  it('when the condition is spelled with a digraph or its word on two lines', async () => {
    for (const line of [
      '%:ifndef __GENKSYMS__',
      '#ifndef __GENK\\\nSYMS__',
      '# /* x */ ifndef __GENKSYMS__',
    ]) {
      const text = guarded.replace('#ifndef __GENKSYMS__', line)
      const now = text.replace('	/* ours */\n', '	int c;\n')
      expect(await lines({ 'a.h': text }, { 'a.h': now })).toEqual([
        `a.h:${line.includes('\n') ? 5 : 4}+	int c; (genksyms-guard)`,
      ])
    }
  })
})

describe('a condition of a patch', () => {
  it('reaches to its end, as far as the tree tells', async () => {
    writeFiles(path(), { 'a.h': guarded })
    const patch = patchBetween({ 'a.h': 'struct device {\n	int a;\n	int b;\n};\n' }, { 'a.h': guarded })
    expect(await hiddenLines(patch, [], path())).toMatchObject([{ line: 3, endLine: 5 }])
    expect((await hiddenLines(patch, [], undefined)).map((one) => [one.line, one.endLine])).toEqual([
      [3, undefined],
    ])
  })
})

describe('no line of a patch hides something', () => {
  it.each([
    ['a comment behind a condition', guarded, guarded.replace('ours', 'theirs')],
    ['a field in front of it', guarded, guarded.replace('int a;', 'int c;')],
    ['a field behind it', guarded, guarded.replace('int b;', 'int c;')],
    [
      'a branch in front of the condition',
      '#if A\nint a;\n#elif __GENKSYMS__\n#endif\n',
      '#if A\nint b;\n#elif __GENKSYMS__\n#endif\n',
    ],
  ])('with %s', async (_, before, after) => {
    expect(await lines({ 'a.h': before }, { 'a.h': after })).toEqual([])
  })

  it('with an export, which the kernel makes for genksyms in its own way', async () => {
    const header =
      '#ifdef __GENKSYMS__\n#define EXPORT_SYMBOL(x) y(x)\n#else\n#define EXPORT_SYMBOL(x)\n#endif\n'
    const files = { 'include/linux/export.h': header, 'a.c': 'int f;\n' }
    expect(await lines(files, { 'a.c': 'int f;\nEXPORT_SYMBOL(f);\n' })).toEqual([])
  })

  it('of which the tree is another one', async () => {
    writeFiles(path(), { 'a.h': 'int other;\n' })
    const patch = patchBetween({ 'a.h': guarded }, { 'a.h': guarded.replace('/* ours */', 'int c;') })
    expect(await hiddenLines(patch, [], path())).toEqual([])
    expect(await hiddenLines(patch, [], undefined)).toEqual([])
  })
})
