import { describe, expect, it } from 'vitest'
import type { DefinitionChange } from '../../../src/abi/cause.ts'
import type { Patch } from '../../../src/abi/patch.ts'
import { parsePatch } from '../../../src/abi/parse-patch.ts'
import { findDefinitions } from '../../../src/explain/locate/find-definitions.ts'
import { patchLinesOf } from '../../../src/explain/locate/patch-lines.ts'
import { reservedNear } from '../../../src/explain/locate/reserved-near.ts'
import { openSourceTexts } from '../../../src/explain/locate/source-texts.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'
import { patchBetween } from '../../kernel-unit/places/small-tree.ts'

const path = folderOfEachTest()

/** The lines as a diff shows them, with their numbers. */
async function lines(
  files: Readonly<Record<string, string>>,
  patch: string | Patch,
  change: DefinitionChange,
): Promise<readonly string[]> {
  writeFiles(path(), files)
  const sources = openSourceTexts(path())
  const paths = Object.keys(files)
    .filter((file) => !file.startsWith('unread/'))
    .map((file) => path(file))
  const text = change.after.includes('UNKNOWN') ? change.before : change.after
  const found = (await findDefinitions(sources, [{ name: change.name, text, files: paths }])).get(change.name)
  const context = {
    sources,
    files: paths,
    patch: typeof patch === 'string' ? parsePatch(patch, 'patch').value : patch,
  }
  return patchLinesOf(change, found, context).map(
    ({ file, line, kind, text: line_ }) => `${file}:${line}${kind === 'added' ? '+' : '-'}${line_}`,
  )
}

const edit = (file: string, line: number, removed: readonly string[], added: readonly string[]): Patch => ({
  files: [{ file, edits: [{ line, removed, added }] }],
})

const header = `struct before {
	int a;
};
struct device {
	int a;
	long b;
	char c;
};
int after;
`

const deviceChange = (before: string, after: string): DefinitionChange => ({
  name: 's#device',
  before: `struct device { ${before} }`,
  after: `struct device { ${after} }`,
})

describe('the lines of a patch', () => {
  it('are those of files that are included within the definition, too', async () => {
    const before = {
      'a.h': header.replace('	long b;\n', '	long b;\n#include "unread/more.txt"\n'),
      'unread/more.txt': '#include "less.txt"\n',
      'unread/less.txt': 'int x;\n',
      'other.txt': 'int x;\n',
    }
    const after = { ...before, 'unread/less.txt': 'int x;\nint new;\n', 'other.txt': 'int x;\nint new;\n' }
    const change = deviceChange('int a ; long b ; char c ;', 'int a ; long b ; int x ; int new ; char c ;')
    expect(await lines(after, patchBetween(before, after), change)).toEqual(['unread/less.txt:2+int new;'])
  })

  it('are those inside of the definition, the most telling first', async () => {
    const patch: Patch = {
      files: [
        {
          file: 'a.h',
          edits: [
            { line: 2, removed: ['	long b;'], added: ['	int a;'] },
            { line: 5, removed: [], added: ['	int a;', '	/* long b */'] },
            { line: 7, removed: ['	int b;'], added: ['	long b;'] },
            { line: 10, removed: [], added: ['	long b;'] },
          ],
        },
        { file: 'b.h', edits: [{ line: 5, removed: [], added: ['	long b;'] }] },
      ],
    }
    const text = header.replace('	int a;\n	long b;', '	int a;\n	/* long b */\n	long b;')
    const change = deviceChange('int a ; int b ; char c ;', 'int a ; long b ; char c ;')
    expect(await lines({ 'a.h': text, 'b.h': text.replaceAll('device', 'x') }, patch, change)).toEqual([
      'a.h:7+	long b;',
      'a.h:7-	int b;',
      'a.h:5+	int a;',
    ])
  })

  it('that were removed stand before the line that follows them, also at either end', async () => {
    const change = deviceChange('int gone ; int a ; long b ; char c ;', 'int a ; long b ; char c ;')
    const at = (line: number) => lines({ 'a.h': header }, edit('a.h', line, ['	int gone;'], []), change)
    expect(await at(4)).toEqual([])
    expect(await at(5)).toEqual(['a.h:5-	int gone;'])
    expect(await at(8)).toEqual(['a.h:8-	int gone;'])
    expect(await at(9)).toEqual([])
  })

  it('that replace a whole declaration and its neighbours are only its own', async () => {
    const change = { name: 'f', before: 'int f ( int )', after: 'int f ( long )' }
    const text = 'int e(long);\nint f(long);\nint g(long);\n'
    const patch = edit('a.h', 1, ['int e(int);', 'int f(int);', 'int g(int);'], text.trimEnd().split('\n'))
    expect((await lines({ 'a.h': text }, patch, change)).filter((line) => line.includes('+'))).toEqual([
      'a.h:2+int f(long);',
    ])
  })

  it('of an enumerator may stand above it in its enumeration, not below', async () => {
    const change = { name: 'E#LAST', before: '1', after: '2' }
    const text = 'enum e {\n	A,\n	NEW,\n	LAST,\n	MORE,\n};\n'
    expect(await lines({ 'a.h': text }, edit('a.h', 3, [], ['	NEW,']), change)).toEqual(['a.h:3+	NEW,'])
    expect(await lines({ 'a.h': text }, edit('a.h', 5, [], ['	MORE,']), change)).toEqual([])
  })

  it('are none when the definition was not found or the patch is elsewhere', async () => {
    const change = {
      name: 's#nosuch',
      before: 'struct nosuch { int a ; }',
      after: 'struct nosuch { long a ; }',
    }
    expect(await lines({ 'a.h': header }, edit('a.h', 5, [], ['	int a;']), change)).toEqual([])
  })
})

describe('a type that became known', () => {
  const change = { name: 's#priv', before: 'struct priv { UNKNOWN }', after: 'struct priv { int x ; }' }
  const files = {
    'k.c': '#include <linux/a.h>\n#include <linux/other.h>\n#include "local.h"\nint x;\n',
    'include/linux/a.h': 'int a;\n#include <linux/way.h>\n',
    'include/linux/other.h': 'int o;\n',
    'include/linux/way.h': '#include <linux/priv.h>\n',
    'include/linux/priv.h': 'struct priv {\n	int x;\n};\n',
    'local.h': '#include <linux/priv.h>\n',
    'drivers/x.c': '#include <linux/priv.h>\n',
  }
  const patch: Patch = {
    files: [
      { file: 'include/linux/a.h', edits: [{ line: 2, removed: [], added: ['#include <linux/way.h>'] }] },
      {
        file: 'k.c',
        edits: [
          {
            line: 1,
            removed: [],
            added: [
              '#include <linux/a.h> /* for a */',
              '#include <linux/other.h>',
              '#include "local.h"',
              'int x;',
            ],
          },
        ],
      },
      { file: 'unread/y.c', edits: [{ line: 1, removed: [], added: ['#include <linux/priv.h>'] }] },
    ],
  }

  it('did so by the added include that leads to it, first that of the source file', async () => {
    expect(await lines(files, patch, change)).toEqual([
      'k.c:3+#include "local.h"',
      'k.c:1+#include <linux/a.h> /* for a */',
      'include/linux/a.h:2+#include <linux/way.h>',
    ])
  })

  it('or by lines of its own when no include leads there', async () => {
    const own = edit('include/linux/priv.h', 1, [], ['struct priv {', '	int x;', '};'])
    expect(await lines(files, own, change)).toHaveLength(3)
  })
})

describe('a type that became unknown', () => {
  it('did so by the removed include that leads to a file that defines it', async () => {
    const change = { name: 's#priv', before: 'struct priv { int x ; }', after: 'struct priv { UNKNOWN }' }
    writeFiles(path(), {
      'include/linux/way.h': '#include <linux/priv.h>\n',
      'include/linux/priv.h': 'struct priv {\n	int x;\n};\n',
      'include/linux/none.h': 'struct priv;\n',
    })
    const removed = ['#include <linux/none.h>', '#include <linux/way.h>']
    const files = { 'k.c': 'int x;\n', 'include/linux/a.h': '\n' }
    expect(await lines(files, edit('k.c', 1, removed, []), change)).toEqual(['k.c:1-#include <linux/way.h>'])
  })
})

describe('reserved fields', () => {
  const near = (...members: string[]) => {
    const lines = ['struct a {', ...members, '};', 'struct b {', '	RH_KABI_RESERVE(9)', '};', '']
    writeFiles(path(), { 'a.h': lines.join('\n') })
    const place = { file: 'a.h', line: 1, endLine: members.length + 2 }
    return reservedNear(place, openSourceTexts(path()))
  }

  it.each([
    'RH_KABI_RESERVE',
    'KABI_RESERVE',
    'ANDROID_KABI_RESERVE',
    'UEK_KABI_RESERVE',
    'DEEPIN_KABI_RESERVE',
    '_KABI_RESERVE',
  ])('of %s are counted where they are still free', (macro) => {
    const used = macro.replace('RESERVE', 'USE')
    const members = [
      `${used}(1, int x)`,
      `${macro}(2)`,
      `${used}(${macro}(3), int y)`,
      `/* ${macro}(4) */`,
      `${macro}(5)`,
    ]
    expect(near(...members)).toEqual({
      ...{ macro, left: 2, place: { file: 'a.h', line: 3, endLine: 6 } },
      first: { line: 3, argument: '2' },
    })
  })

  it('of SUSE are one pointer or an array', () => {
    const place = { file: 'a.h', line: 2, endLine: 2 }
    expect(near('	void *suse_kabi_padding;')).toEqual({ macro: 'suse_kabi_padding', left: 1, place })
    expect(near('	unsigned long suse_kabi_padding[4];')).toEqual({
      macro: 'suse_kabi_padding',
      left: 4,
      place,
    })
  })

  it('are none where there are none', () => {
    expect(near('	int x;')).toBeUndefined()
  })
})

describe('a macro behind a definition', () => {
  const text = (define: string, body: string): string =>
    `#define OTHER 3\n${define}\nstruct device {\n	int a;\n${body}\n};\n`
  const change: DefinitionChange = {
    name: 's#device',
    before: 'struct device { int a ; char b [ 16 ] ; }',
    after: 'struct device { int a ; char b [ 32 ] ; }',
  }
  const toldBy = async (
    before: Readonly<Record<string, string>>,
    after: Readonly<Record<string, string>>,
    one: DefinitionChange = change,
  ): Promise<readonly string[]> => lines(after, patchBetween(before, after), one)

  it('is named where it is the bound of an array', async () => {
    const [before, after] = ['#define LEN 16', '#define LEN 32'].map((one) => text(one, '	char b[LEN];'))
    expect(await toldBy({ 'a.h': before ?? '' }, { 'a.h': after ?? '' })).toEqual([
      'a.h:2+#define LEN 32',
      'a.h:2-#define LEN 16',
    ])
  })

  it('is named in another file, behind other macros, over several lines', async () => {
    const a = '#include "b.h"\nstruct device {\n	int a;\n	char b[LEN];\n};\n'
    const b = (value: number): string =>
      `#define LEN (BASE)\n#define BASE \\\n	${value}\n#define UNUSED ${value}\n`
    expect(await toldBy({ 'a.h': a, 'b.h': b(16) }, { 'a.h': a, 'b.h': b(32) })).toEqual([
      'b.h:3+	32',
      'b.h:3-	16',
    ])
  })

  it('is named for the width of a bit-field, the value of an enumerator and fields that it declares', async () => {
    const widths = ['#define LEN 4', '#define LEN 5'].map((one) => text(one, '	int b:LEN;'))
    const width = {
      ...change,
      before: 'struct device { int a ; int b : 4 ; }',
      after: 'struct device { int a ; int b : 5 ; }',
    }
    expect(await toldBy({ 'a.h': widths[0] ?? '' }, { 'a.h': widths[1] ?? '' }, width)).toContain(
      'a.h:2+#define LEN 5',
    )
    const values = [7, 8].map((one) => `#define START ${one}\nenum colour { RED = START, GREEN };\n`)
    const value = {
      name: 'e#colour',
      before: 'enum colour { RED = 7 , GREEN }',
      after: 'enum colour { RED = 8 , GREEN }',
    }
    expect(await toldBy({ 'a.h': values[0] ?? '' }, { 'a.h': values[1] ?? '' }, value)).toContain(
      'a.h:1+#define START 8',
    )
    const bodies = ['#define FIELDS int c;', '#define FIELDS int c; long d;'].map((one) =>
      text(one, '	FIELDS'),
    )
    const body = {
      ...change,
      before: 'struct device { int a ; int c ; }',
      after: 'struct device { int a ; int c ; long d ; }',
    }
    expect(await toldBy({ 'a.h': bodies[0] ?? '' }, { 'a.h': bodies[1] ?? '' }, body)).toContain(
      'a.h:2+#define FIELDS int c; long d;',
    )
  })

  it('stands behind the line of the definition itself, and is not named when it is not used or was the same', async () => {
    const before = '#define LEN 16\n#define UNUSED 16\nstruct device {\n	int a;\n	char b[16];\n};\n'
    const after = '#define LEN 16\n#define UNUSED 32\nstruct device {\n	int a;\n	char b[32];\n};\n'
    expect(await toldBy({ 'a.h': before }, { 'a.h': after })).toEqual([
      'a.h:5+	char b[32];',
      'a.h:5-	char b[16];',
    ])
    const comment = text('#define LEN 16 /* bytes */', '	char b[LEN];')
    expect(await toldBy({ 'a.h': text('#define LEN 16', '	char b[LEN];') }, { 'a.h': comment })).toEqual([])
  })
})
