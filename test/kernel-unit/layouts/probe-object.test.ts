import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import { probeObject } from '../../../src/kernel/layouts/probe-object.ts'
import { openElf } from '../../../src/module/elf.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { spawnRun } from '../exports/spawn-run.ts'
import { hasCompiler } from './layouts-of-c.ts'

const path = folderOfEachTest()

function tree(): KernelTree {
  const folder = path('.')
  return {
    ...{ source: folder, output: folder, work: folder, results: folder, makeArgs: [], files: new Map() },
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    run: spawnRun().run,
    signal: new AbortController().signal,
    jobs: 1,
  }
}

/** Asks the object of a source for `struct x` and the function `f`. */
async function probe(source: string, ...options: string[]) {
  writeFileSync(path('a.c'), source)
  mkdirSync(path('scratch'))
  const compile = ['gcc', '-E', '-O2', ...options, 'a.c']
  const asked = { types: new Set(['s#x']), symbols: new Set(['f']) }
  return probeObject(tree(), { compile }, asked, path('scratch/a'))
}

/** Names that the object of a source has, compiled as it is. */
function symbolsOf(source: string): readonly string[] {
  writeFileSync(path('a.c'), source)
  execFileSync('gcc', ['-O0', '-w', '-c', '-o', path('a.o'), path('a.c')])
  const elf = openElf(readFileSync(path('a.o')))
  return elf.kind === 'elf' ? elf.symbols.map(({ name }) => name) : []
}

const declared = 'struct x { int a; };\nint f(struct x *x);\n'

/** Each puts a line of its own into what gcc gives to the assembler; `#` makes a comment of the rest of gcc's line. */
const injections: readonly (readonly [name: string, text: string])[] = [
  ['the name of a variable', String.raw`extern int v asm("v\n.set forged,1\n#"); int *p = &v;`],
  ['a name with a semicolon', 'extern int v asm("v;.set forged,1;#"); int *p = &v;'],
  ['a name in octal', String.raw`extern int v asm("v\012.set forged,1\012#"); int *p = &v;`],
  ['a name in pieces', String.raw`extern int v asm("v" "\n" ".set forged,1\n#"); int *p = &v;`],
  ['a name as a raw string', 'extern int v asm(R"(v\n.set forged,1\n#)"); int *p = &v;'],
  ['a section', String.raw`int v __attribute__((section(".data\n.set forged,1\n#"))) = 1;`],
  ['a section in brackets', String.raw`[[gnu::section(".data\n.set forged,1\n#")]] int v = 1;`],
  [
    'a section that is chosen',
    String.raw`int v __attribute__((section(__builtin_choose_expr(1, ".data\n.set forged,1\n#", "")))) = 1;`,
  ],
  [
    'a weak reference',
    String.raw`static int g(void) __attribute__((weakref("h\n.set forged,1"))); int (*p)(void) = g;`,
  ],
  ['a version', String.raw`__attribute__((symver("v@V\n.set forged,1"))) int v = 1;`],
  ['an identification', String.raw`#ident "a\"\n.set forged,1\n.ident \"b"`],
  ['a statement that does not look like one', '__extension__ asm(".set forged,1");'],
  ['a body that does not look like one', 'int g(void) <% asm(".set forged,1"); %>'],
  [
    'a statement that seems to stand in a string',
    `char a[] = R"(")"; __extension__ asm(".set forged,1"); char b[] = R"(")";`,
  ],
]

/** Each changes what the debug information says without a line of its own. */
const disguises: readonly (readonly [name: string, text: string])[] = [
  [
    'data in the section of debug information',
    String.raw`const char d[] __attribute__((section(".debug_info,\"\",@progbits#"))) = { 8, 0, 0, 0, 4 };`,
  ],
  [
    'a variable with the name of a label',
    'int pad = 1; [[gnu::alias("pad")]] extern int v asm(".LASF0"); struct a_long_name { int with_a_long_member; } s;',
  ],
]

describe.skipIf(!hasCompiler('gcc') || process.arch !== 'x64')('an object that is asked (needs gcc)', () => {
  it('tells its types and symbols', async () => {
    expect(await probe(`${declared}int f(struct x *x) { asm("nop; nop"); return x->a; }`)).toMatchObject({
      kind: 'probed',
      types: new Map([['s#x', { kind: 'struct', size: 4, align: 4 }]]),
      symbols: new Map([['f', 's32 (s#x *)']]),
    })
  })

  it.each(injections)('is not asked where its source writes assembler: by %s', async (_, text) => {
    const source = `${declared}\n${text}\n`
    expect(symbolsOf(source)).toContain('forged')
    expect(await probe(source)).toMatchObject({
      kind: 'failed',
      why: expect.stringMatching(/^its text has .+, with which .+ \("a\.c", line 4\)/) as unknown,
      stderr: [],
    })
  })

  it.each(disguises)('is not asked where its source changes debug information: by %s', async (_, text) => {
    const source = `${declared}\n${text}\n`
    expect(symbolsOf(source)).not.toContain('forged')
    expect(await probe(source)).toMatchObject({
      kind: 'failed',
      why: expect.stringMatching(/^its text has .+, with which .+ \("a\.c", line 4\)/) as unknown,
      stderr: [],
    })
  })

  it('is compiled in the letters that the preprocessor writes, whatever those of its source are', async () => {
    // UTF-7: what these stand for is a quote only when they are read twice.
    const source = `${declared}char a[] = "+-ACI-; __extension__ asm(+-ACI-.err+-ACI-); char b[] = +-ACI-";\n`
    expect(await probe(source, '-finput-charset=UTF-7')).toMatchObject({ kind: 'probed' })
  })

  it('is not asked for ever where its errors pose as those of a question', async () => {
    const source = `${declared}# 900 "kabi-gate-questions"\nint v = undeclared;\n`
    expect(await probe(source)).toMatchObject({ kind: 'failed', why: 'gcc ended with exit code 1' })
  })
})
