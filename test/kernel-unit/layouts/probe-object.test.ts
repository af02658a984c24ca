import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatLayouts } from '../../../src/abi/layouts/format-layouts.ts'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import type { Names } from '../../../src/kernel/layouts/gather-layouts.ts'
import { probeObject, type Probed } from '../../../src/kernel/layouts/probe-object.ts'
import { openElf } from '../../../src/module/elf.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { spawnRun } from '../exports/spawn-run.ts'
import { hasCompiler } from './layouts-of-c.ts'

const path = folderOfEachTest()
const { run, commands } = spawnRun()

function tree(): KernelTree {
  const folder = path('.')
  return {
    ...{ source: folder, output: folder, work: folder, results: folder, makeArgs: [], files: new Map() },
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    run,
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

/** Compilers with the options of a machine, and what differs between machines: bytes of a pointer, and how 64 bits are aligned. */
const machines: readonly (readonly [
  command: readonly [string, ...string[]],
  pointer: number,
  wide: number,
])[] = [
  [['gcc'], 8, 8],
  [['clang'], 8, 8],
  [['s390x-linux-gnu-gcc'], 8, 8],
  [['clang', '--target=s390x-linux-gnu'], 8, 8],
  [['i686-linux-gnu-gcc'], 4, 4],
  [['clang', '--target=i686-linux-gnu'], 4, 4],
]

const everything = `
typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64;
struct inner { u32 x; };
struct opaque;
struct packed { u8 c; u32 l; } __attribute__((packed));
struct aligned { u8 c; u32 l __attribute__((aligned(16))); };
struct flexible { u32 n; struct inner flex[]; };
struct nameless { u8 c; union { u32 u; struct { u8 z[3]; } in; }; struct { u8 q; } arr[4]; u32 grid[2][3]; };
struct bits { u32 f:3, :2, g:5; u32 h:30; u64 wide:40; u8 last; };
struct moved { u8 c; u64 w; struct opaque *p; };
struct unused { u32 only_a_complete_type; };
union either { u8 c; u64 w; };
enum above { A = 1, B = 0x80000000, C = 0xffffffff };
enum below { D = -1, E = 0x7fffffff };
enum large { F = 1, G = 0x100000000ULL };
typedef struct { int counter; } atomic_t;
int f(struct moved *m, enum large e, const char *s, ...) { return m->c; }
`

const named = ['inner', 'packed', 'aligned', 'flexible', 'nameless', 'bits', 'moved', 'unused', 'opaque']
const askedOf = {
  types: new Set([
    ...named.map((name) => `s#${name}`),
    ...['u#either', 'e#above', 'e#below', 'e#large', 't#atomic_t', 't#u32'],
  ]),
  symbols: new Set(['f']),
}

function expectedOn(pointer: number, wide: number): string {
  const head = wide * 8
  const end = wide + 8 + pointer
  return `pointer ${pointer}
o a.o
v f 0 s32 (s#moved *, e#large, ?8 *, ...)
e#above enum 4 - 0
 A 1
 B 2147483648
 C 4294967295
e#below enum 4 - 0
 D -1
 E 2147483647
e#large enum 8 - 0
 F 1
 G 4294967296
s#aligned struct 32 16 0
 c 0 u8
 l 128 u32
s#bits struct 16 ${wide} 0
 f 0:3 u32
 g 5:5 u32
 h 32:30 u32
 wide 64:40 u64
 last 104 u8
s#flexible struct 4 4 0
 n 0 u32
 flex 32 s#inner[]
s#inner struct 4 4 0
 x 0 u32
s#moved struct ${end} ${wide} 0
 c 0 u8
 w ${head} u64
 p ${head + 64} s#opaque *
s#nameless struct 36 4 0
 c 0 u8
 - 32 {4} union
  u 32 u32
  in 32 {3} struct
   z 32 u8[3]
 arr 64 {1} struct[4]
  q 64 u8
 grid 96 u32[2][3]
s#packed struct 5 1 0
 c 0 u8
 l 8 u32
s#unused struct 4 4 0
 only_a_complete_type 0 u32
t#atomic_t struct 4 4 0
 counter 0 s32
u#either union 8 ${wide} 0
 c 0 u8
 w 0 u64`
}

/** Asks an object of a text, compiled by one of several compilers, for all of it. */
async function probeAll(
  text: string,
  [program, ...target]: readonly [string, ...string[]],
  asked: Names = askedOf,
  ...options: readonly string[]
): Promise<Probed> {
  writeFileSync(path('a.c'), text)
  mkdirSync(path('scratch'))
  const compile = [program, '-E', '-O2', ...target, ...options, 'a.c']
  const probed = await probeObject(tree(), { compile }, asked, path('scratch/a'))
  if (probed.kind !== 'probed') throw new Error(JSON.stringify(probed))
  return probed
}

describe.each(machines.filter(([[program]]) => hasCompiler(program)))(
  'an object that %j compiles for its types',
  (command, pointer, wide) => {
    it('tells of all kinds of types as that machine lays them out', async () => {
      const { types, symbols, aliases, ...rest } = await probeAll(everything, command)
      const from = <Value>(all: ReadonlyMap<string, Value>) =>
        new Map([...all].map(([name, value]) => [name, { value, object: 0 }]))
      const layouts = { ...rest, objects: ['a.o'], types: from(types), symbols: from(symbols) }
      const shown = formatLayouts({ ...layouts, unknown: new Map() })
        .split('\n')
        .slice(1, -2)
        .join('\n')
      expect(shown.replace(/[su]8 \*, \.\.\./, '?8 *, ...')).toBe(expectedOn(pointer, wide))
      expect([...aliases, ...rest.unclear]).toEqual(['t#u32'])
    })

    it('is asked once more without all that it does not know, however much that is', async () => {
      const many = Array.from({ length: 300 }, (_, at) => `struct gone_${at};\n`).join('')
      const types = new Set(['s#inner', ...Array.from({ length: 300 }, (_, at) => `s#gone_${at}`)])
      const started = commands.length
      const probed = await probeAll(everything + many, command, { types, symbols: new Set() })
      expect([...probed.types.keys()]).toEqual(['s#inner'])
      expect(commands.length - started).toBeLessThanOrEqual(4)
    })

    it('is an object of the machine where the kernel is optimized when it is linked', async () => {
      const lto =
        command[0] === 'clang' ? ['-flto=thin', '-fsplit-lto-unit', '-fvisibility=hidden'] : ['-flto']
      const probed = await probeAll(everything, command, askedOf, ...lto)
      expect(probed.types.get('s#packed')).toMatchObject({ size: 5, align: 1 })
    })
  },
)
