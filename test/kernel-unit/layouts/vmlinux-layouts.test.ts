import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareAllLayouts } from '../../../src/abi/layouts/compare-all-layouts.ts'
import { formatLayouts } from '../../../src/abi/layouts/format-layouts.ts'
import type { Layouts } from '../../../src/abi/layouts/layout.ts'
import { parseLayouts } from '../../../src/abi/layouts/parse-layouts.ts'
import { vmlinuxLayouts } from '../../../src/kernel/layouts/vmlinux-layouts.ts'
import { runs } from '../../support/properties.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { hasCompiler, typesOfC } from './layouts-of-c.ts'

const path = folderOfEachTest()
const typedefs = 'typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64;'

/** Compiles texts into one file, as a vmlinux is linked from several. */
function linked(compiler: string, texts: readonly string[], ...flags: readonly string[]): string {
  const keep = compiler.includes('clang') ? ['-fstandalone-debug'] : []
  const objects = texts.map((text, at) => {
    writeFileSync(path(`${at}.c`), `${typedefs}\n${text}\n`)
    execFileSync(compiler, ['-O1', '-w', ...keep, ...flags, '-c', '-o', path(`${at}.o`), path(`${at}.c`)])
    return path(`${at}.o`)
  })
  if (objects.length === 1) return objects[0] ?? ''
  execFileSync(compiler, ['-nostdlib', '-static', '-Wl,-e,0', '-o', path('vmlinux'), ...objects])
  return path('vmlinux')
}

/** Keeps only BTF, as a stripped vmlinux has it. */
function btfOf(file: string): string {
  execFileSync('pahole', ['--btf_gen_floats', `--btf_encode_detached=${path('btf')}`, file])
  return path('btf')
}

function names(...all: readonly string[]) {
  return {
    types: new Set(all.filter((name) => name.includes('#'))),
    symbols: new Set(all.filter((name) => !name.includes('#'))),
  }
}

async function read(file: string, ...all: readonly string[]): Promise<Layouts> {
  const { value, problems } = await vmlinuxLayouts(file, names(...all))
  if (!value) throw new Error(problems[0]?.message)
  expect(parseLayouts(formatLayouts(value), 'layouts.gz')).toEqual({ value, problems: [] })
  return value
}

const lines = (layouts: Layouts) => formatLayouts(layouts).split('\n').slice(1, -2)

describe.skipIf(!hasCompiler('gcc'))('a vmlinux of a kernel that randomizes structures (needs gcc)', () => {
  const vermagic = (text: string) => `
    struct x { int a; };
    int f(struct x *p) { return p->a; }
    static const char vermagic[] __attribute__((used)) = "6.1.0 SMP preempt mod_unload modversions ${text}";
  `

  it.each(['RANDSTRUCT_', 'RANDSTRUCT_PLUGIN_'])('tells nothing of layouts: %s', async (word) => {
    const file = linked('gcc', [vermagic(`${word}${'0a'.repeat(32)}`)], '-g')
    const { value, problems } = await vmlinuxLayouts(file, names('s#x', 'f'))
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'no-layouts' }])
    expect(problems[0]?.message).toMatch(/randomizes how structures lie in memory.*vermagic/)
  })

  it('is none for speaking of it', async () => {
    const file = linked('gcc', [vermagic('RANDSTRUCT_PLUGIN_ RANDSTRUCT_0a')], '-g')
    expect([...(await read(file, 's#x')).types.keys()]).toEqual(['s#x'])
  })
})

const everything = `
  struct inner { u32 x; };
  struct opaque;
  enum small { A, B = 7, C = -1 };
  enum large { X = 0x7fffffff, Y = 0xffffffff };
  enum huge { P = 1, Q = 0x100000000ULL, R = 0xffffffffffffffffULL };
  typedef struct { int counter; } atomic_t;
  typedef atomic_t count_t;
  typedef struct inner alias_t;
  union u { u64 whole; u8 bytes[8]; };
  struct packed { u8 c; u32 l; u64 q __attribute__((aligned(2))); } __attribute__((packed));
  struct a {
    u8 c; signed char sc; char plain; _Bool b;
    u32 f:3, :2, g:5; u64 wide:40; enum small e:4; _Bool one:1;
    union { u32 u1; struct { u8 z[3]; } in; };
    struct { u8 q; } arr[4];
    u32 grid[2][3];
    const volatile struct a *next;
    struct opaque *hidden;
    int (*fn)(const struct a *restrict, count_t *, enum large, ...);
    void (*handlers[2])(void);
    double d; float fl;
    alias_t alias; count_t count; enum small kind; enum { LOCAL = 3 } local;
    union u either; struct packed tight; long l; void *v; enum huge huge;
    struct inner flex[];
  };
  struct a *va;
  int take(struct a *x, const char *text, u32 n, ...) { return n; }
  void none(void) {}
  struct packed vp; union u vu; enum large vl; enum huge vh;`
const all = [
  ...['s#a', 's#inner', 's#packed', 'u#u', 'e#small', 'e#large', 'e#huge'],
  ...['t#atomic_t', 't#count_t', 't#alias_t', 'take', 'none'],
]

const compilers = [
  'gcc',
  'clang',
  's390x-linux-gnu-gcc',
  'arm-linux-gnueabihf-gcc',
  'aarch64-linux-gnu-gcc',
].filter(hasCompiler)
const hasPahole = hasCompiler('pahole')

/** What the compiler says when it is asked as strategy `exports` does it. */
function released(compiler: string): Layouts {
  const asked =
    'typedef __typeof__(take) asked_take; typedef __typeof__(none) asked_none; asked_take *pt; asked_none *pn;'
  const types = typesOfC(path('.'), `${everything}\n${asked}`, compiler)
  const found = all.flatMap((name) =>
    name.includes('#') ? types.layoutsOf(name).map((value) => [name, { value, object: 0 }] as const) : [],
  )
  const symbols = ['take', 'none'].map(
    (name) => [name, { value: types.typedef(`asked_${name}`) ?? '', object: 0 }] as const,
  )
  return {
    pointer: types.pointer,
    objects: ['a.o'],
    types: new Map(
      found.map(([name, { value, object }]) => [
        name,
        // The compiler tells alignments, too; nothing of a vmlinux does.
        { value: value.kind === 'enum' ? value : { ...value, align: 8 }, object },
      ]),
    ),
    symbols: new Map(symbols),
    unknown: new Map(),
  }
}

const known = new Set([
  ...['s#a', 's#inner', 's#packed', 'u#u', 'e#small', 'e#large', 'e#huge', 't#atomic_t'],
])

describe.each(compilers)('layouts of what %s linked', (compiler) => {
  it.each(['-gdwarf-4', '-gdwarf-5'])(
    'are those that the compiler tells, from DWARF: %s',
    async (version) => {
      const layouts = await read(linked(compiler, [everything], version), ...all)
      const before = released(compiler)
      expect(compareAllLayouts({ before, after: layouts })).toEqual([])
      expect([layouts.vmlinux, layouts.pointer, layouts.objects]).toEqual([
        'dwarf',
        before.pointer,
        ['vmlinux'],
      ])
      expect(new Set(layouts.types.keys())).toEqual(known)
      expect(layouts.symbols).toEqual(before.symbols)
      expect([...layouts.unknown]).toEqual([])
    },
  )

  it.skipIf(!hasPahole)('are those that the compiler tells as far as BTF tells it', async () => {
    const layouts = await read(btfOf(linked(compiler, [everything], '-gdwarf-4')), ...all)
    const before = released(compiler)
    expect(compareAllLayouts({ before, after: layouts })).toEqual([])
    expect(compareAllLayouts({ before: layouts, after: before })).toEqual([])
    expect([layouts.vmlinux, layouts.pointer]).toEqual(['btf', before.pointer])
    expect(new Set(layouts.types.keys())).toEqual(known)
    expect([...layouts.symbols.keys()].sort()).toEqual(['none', 'take'])
    expect([...layouts.unknown]).toEqual([])
  })
})

describe.skipIf(!hasCompiler('gcc') || !hasPahole)('a change of a type', () => {
  it.each<[string, string, string]>([
    ['a member that moved', 'u64 wide:40;', 'u64 wide:40; u32 new;'],
    ['a bit-field of another width', 'u32 f:3', 'u32 f:4'],
    ['another sign', 'u32 grid', 'int grid'],
    ['more elements', 'grid[2][3]', 'grid[2][4]'],
    ['another enumerator', 'B = 7', 'B = 8'],
    ['a value with a sign', 'C = -1', 'C = -2'],
    ['an enumerator of 64 bits', 'Q = 0x100000000ULL', 'Q = 0x200000000ULL'],
    ['an argument of a function in a member', 'count_t *, enum large', 'u32 *, enum large'],
    ['an argument of a function', 'const char *text, u32 n', 'const char *text, u64 n'],
    ['packed', 'u64 q __attribute__((aligned(2)))', 'u32 q2; u64 q'],
    ['float', 'double d; float fl', 'float d; double fl'],
  ])('is seen in BTF: %s', async (_, from, to) => {
    expect(everything).toContain(from)
    const before = released('gcc')
    const after = await read(btfOf(linked('gcc', [everything.replace(from, to)], '-gdwarf-4')), ...all)
    expect(compareAllLayouts({ before, after })).not.toEqual([])
  })
})

const device = 'struct device { u32 id; u64 more; }; extern int table[]; static long length;'

describe.skipIf(!hasCompiler('gcc'))('a vmlinux of several units', () => {
  const other = 'struct device { u64 more; u32 id; };'

  it('has types of any of them, and of variables and functions what defines them', async () => {
    const one = `${device} struct device va; int table[4]; static int twice(u8 x) { return x; } int once(void) { return twice(1); }`
    const two = `${device} struct late { u32 x; } vl; extern int once(void); int twice(struct device *x) { return once() + table[0]; }`
    const asked = ['s#device', 's#late', 's#nosuch', 'table', 'once', 'twice', 'nosuch']
    for (const version of ['-gdwarf-4', '-gdwarf-5']) {
      const layouts = await read(linked('gcc', [one, two], version), ...asked)
      expect(lines(layouts)).toEqual([
        'pointer 8',
        'vmlinux dwarf',
        'o vmlinux',
        'v once 0 s32 ()',
        'v table 0 s32[4]',
        'v twice 0 s32 (s#device *)',
        's#device struct 16 - 0',
        ' id 0 u32',
        ' more 64 u64',
        's#late struct 4 - 0',
        ' x 0 u32',
        '? nosuch vmlinux does not have it',
        '? s#nosuch vmlinux does not have it',
      ])
    }
  })

  const forms: readonly (readonly [string, (file: string) => string])[] = [
    ['DWARF', (file) => file],
    ...(hasPahole ? [['BTF', btfOf] as const] : []),
  ]
  it.each(forms)('does not tell of a type that it has in several layouts: %s', async (_, prepare) => {
    const file = linked('gcc', [`${device} struct device va;`, `${other} struct device vb;`], '-gdwarf-4')
    const { types, unknown } = await read(prepare(file), 's#device')
    expect([[...types], [...unknown]]).toEqual([[], [['s#device', 'vmlinux has several']]])
  })

  it('is read in 32 bits and with the other byte order', async () => {
    for (const compiler of ['arm-linux-gnueabihf-gcc', 's390x-linux-gnu-gcc'].filter(hasCompiler)) {
      const { pointer, types } = await read(
        linked(compiler, [`${device} struct device va;`, 'int b;'], '-gdwarf-5'),
        's#device',
      )
      expect([pointer, types.get('s#device')?.value.size]).toEqual([compiler.startsWith('arm') ? 4 : 8, 16])
    }
  })

  it.each(['zlib', 'zstd'])('is unpacked where its sections are compressed: %s', async (how) => {
    const file = linked('gcc', [`${device} struct device va;`, 'int b;'], '-gdwarf-5')
    try {
      execFileSync('objcopy', [`--compress-debug-sections=${how}`, file], { stdio: 'ignore' })
    } catch {
      // Older binutils do not know zstd.
      return
    }
    expect((await read(file, 's#device')).types.size).toBe(1)
    const bytes = readFileSync(file)
    const at = bytes.indexOf(how === 'zlib' ? Buffer.of(0x78) : Buffer.of(0x28, 0xb5, 0x2f, 0xfd), 4096)
    bytes.fill(0xff, at + 8, at + 24)
    writeFileSync(path('damaged'), bytes)
    const { problems } = await vmlinuxLayouts(path('damaged'), names('s#device'))
    for (const problem of problems) expect(problem).toMatchObject({ kind: 'unreadable' })
  })

  it.skipIf(!hasPahole)(
    'is read from its BTF where there is no DWARF, or none that is understood',
    async () => {
      const file = linked('gcc', [`${device} struct device va;`, 'int b;'], '-gdwarf-5')
      execFileSync('pahole', ['-J', file])
      expect((await read(file, 's#device')).vmlinux).toBe('dwarf')
      execFileSync('objcopy', ['--update-section', `.debug_abbrev=${path('0.c')}`, file, path('broken')])
      expect((await read(path('broken'), 's#device')).vmlinux).toBe('btf')
      execFileSync('objcopy', ['--strip-debug', '--keep-section=.BTF', file, path('stripped')])
      expect((await read(path('stripped'), 's#device')).vmlinux).toBe('btf')
    },
  )
})

describe('a file that does not tell layouts', () => {
  const btf = (change: (bytes: Buffer) => Buffer) => {
    linked('gcc', ['struct a { long x; } va;'], '-gdwarf-4')
    const bytes = change(readFileSync(btfOf(path('0.o'))))
    writeFileSync(path('file'), bytes)
  }
  const word = (bytes: Buffer, at: number, value: number): Buffer => {
    bytes.writeUInt32LE(value, at)
    return bytes
  }

  it.skipIf(!hasPahole || process.arch !== 'x64').each<[string, () => void, RegExp]>([
    ['text', () => writeFileSync(path('file'), 'no vmlinux\n'), /is neither an ELF file nor BTF\.$/],
    ['nothing', () => writeFileSync(path('file'), ''), /is neither an ELF file nor BTF\.$/],
    ['no file', () => undefined, /file/],
    [
      'an object without either',
      () => execFileSync('cp', [linked('gcc', ['int x;'], '-g0'), path('file')]),
      /has neither debug information \(DWARF\) nor BTF\.$/,
    ],
    [
      'an ELF file that is cut',
      () => writeFileSync(path('file'), readFileSync(linked('gcc', ['int x;'], '-g')).subarray(0, 700)),
      /is cut off/,
    ],
    [
      'BTF that is cut in its header',
      () => btf((bytes) => bytes.subarray(0, 20)),
      /it is cut off in its header\.$/,
    ],
    ['BTF that is cut', () => btf((bytes) => bytes.subarray(0, -1)), /it is cut off\.$/],
    [
      'BTF with more behind',
      () => btf((bytes) => Buffer.concat([bytes, bytes])),
      /are not all that it has\.$/,
    ],
    [
      'BTF of another version',
      () => btf((bytes) => (bytes.fill(9, 2, 3), bytes)),
      /its version is 9, and not 1\.$/,
    ],
    [
      'BTF of which types are more than there are',
      () => btf((bytes) => word(bytes, 12, 0x7fff_ffff)),
      /it is cut off\.$/,
    ],
    [
      'BTF with an unknown kind',
      () => btf((bytes) => word(bytes, 28, 31 << 24)),
      /of the kind 31, which is not known\.$/,
    ],
    ['BTF with a name elsewhere', () => btf((bytes) => word(bytes, 24, 0xff_ffff)), /a name lies outside\.$/],
  ])('is a problem with what was found and what to do: %s', async (_, prepare, message) => {
    prepare()
    const { value, problems } = await vmlinuxLayouts(path('file'), names('s#a'))
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'unreadable', place: { file: path('file') } }])
    expect(problems[0]?.message).toMatch(message)
    expect(problems[0]?.advice).toContain('CONFIG_DEBUG_INFO_BTF')
  })
})

/** BTF of types that are given as words, with `long` as the first of them. */
function btfFile(...types: readonly (readonly number[])[]): Buffer {
  const texts = Buffer.from('\0long\0a\0')
  const body = [[1, 1 << 24, 8, 64], ...types].flat()
  const header = [0x0001_eb9f, 24, 0, 4 * body.length, 4 * body.length, texts.length]
  const bytes = Buffer.alloc(24 + 4 * body.length)
  ;[...header, ...body].forEach((value, at) => bytes.writeUInt32LE(value >>> 0, 4 * at))
  return Buffer.concat([bytes, texts])
}

const named = 6
const [pointerTo, arrayOf, struct, typedef, prototype, enumeration] = [2, 3, 4, 8, 13, 6].map(
  (kind) => kind << 24,
) as [number, number, number, number, number, number]
/** A structure of a name with one member of a type. */
const holder = (type: number) => [named, struct | 1, 8, named, type, 0]

describe('BTF of types that lead to themselves or to nowhere', () => {
  it.each<[string, readonly (readonly number[])[]]>([
    ['a type of no number', [holder(99)]],
    ['a typedef of itself', [holder(3), [named, typedef, 3]]],
    ['two typedefs of each other', [holder(3), [named, typedef, 4], [named, typedef, 3]]],
    ['a pointer to itself', [holder(3), [0, pointerTo, 3]]],
    ['an array of itself', [holder(3), [0, arrayOf, 0, 3, 1, 4]]],
    ['a function that takes itself', [holder(3), [0, prototype | 1, 0, 0, 3]]],
    ['an unnamed structure in itself', [holder(3), [0, struct | 1, 8, 0, 3, 0]]],
    [
      'functions that take twice what the one before takes',
      [
        holder(43),
        [0, prototype | 2, 1, 0, 1, 0, 1],
        ...Array.from({ length: 40 }, (_, at) => [0, prototype | 2, 1, 0, at + 3, 0, at + 3]),
      ],
    ],
    [
      'unnamed structures that hold twice the one before',
      [
        holder(43),
        [0, struct | 2, 8, named, 1, 0, named, 1, 0],
        ...Array.from({ length: 40 }, (_, at) => [0, struct | 2, 8, 0, at + 3, 0, 0, at + 3, 0]),
      ],
    ],
  ])('is a problem, and costs little: %s', async (_, types) => {
    writeFileSync(path('btf'), btfFile(...types))
    const { value, problems } = await vmlinuxLayouts(path('btf'), names('s#a'))
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'unreadable' }])
  })

  it('is none for zeros with which a linker fills up the section', async () => {
    writeFileSync(path('btf'), Buffer.concat([btfFile(holder(1)), Buffer.alloc(64)]))
    expect((await read(path('btf'), 's#a')).types.size).toBe(1)
  })

  it('is none for the types of older versions of pahole', async () => {
    const old = btfFile(
      [named, struct | 2, 4, 0, 3, 3, named, 4, 8],
      // Three bits of a number, from its second bit on; `char` of which no sign is told.
      [named, 1 << 24, 4, (1 << 16) | 3],
      [named, 1 << 24, 1, 8],
      [named, enumeration | 1, 4, named, 0xffff_ffff],
      [named, enumeration | 1, 8, named, 1],
    )
    writeFileSync(path('btf'), old)
    expect(lines(await read(path('btf'), 's#a', 'e#a'))).toEqual([
      'pointer 8',
      'vmlinux btf',
      'o vmlinux',
      's#a struct 4 - 0',
      ' - 4:3 u32',
      ' a 8 ?8',
      '? e#a its BTF does not tell whether values have a sign',
    ])
  })
})

/** Never a stack trace: a damaged file is refused, or what it says is read. */
async function tryRead(bytes: Uint8Array, ...all: readonly string[]): Promise<void> {
  writeFileSync(path('damaged'), bytes)
  const { value, problems } = await vmlinuxLayouts(path('damaged'), names(...all))
  if (!value) expect(problems).toMatchObject([{ kind: 'unreadable' }])
}

describe.skipIf(!hasCompiler('gcc') || !hasPahole)('damage', () => {
  const damages = (places: readonly number[]) =>
    fc.array(fc.tuple(fc.constantFrom(...places), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 5,
    })
  const damaged = (bytes: Uint8Array, changes: readonly (readonly [number, number])[]) => {
    const copy = Uint8Array.from(bytes)
    for (const [at, byte] of changes) copy[at] = byte
    return copy
  }

  it('of BTF is a problem or another layout', async () => {
    const bytes = readFileSync(btfOf(linked('gcc', [everything], '-gdwarf-4')))
    const places = Array.from({ length: bytes.length }, (_, at) => at)
    await fc.assert(
      fc.asyncProperty(damages(places), fc.nat(bytes.length), async (changes, cut) => {
        await tryRead(damaged(bytes, changes), ...all)
        await tryRead(bytes.subarray(0, cut), ...all)
      }),
      { numRuns: runs(400) },
    )
  })

  it('of DWARF is a problem or another layout', async () => {
    const file = linked('gcc', [everything, `${device} struct device vb;`], '-gdwarf-5')
    const bytes = readFileSync(file)
    const places = execFileSync('readelf', ['-SW', file], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => {
        const [, offset, size] = /\.debug_(?:info|abbrev|str)\s+\S+\s+\S+ (\S+) (\S+)/.exec(line) ?? []
        return Array.from(
          { length: Number.parseInt(size ?? '0', 16) },
          (_, at) => Number.parseInt(offset ?? '0', 16) + at,
        )
      })
    expect(places.length).toBeGreaterThan(1000)
    await fc.assert(
      fc.asyncProperty(damages(places), (changes) => tryRead(damaged(bytes, changes), ...all)),
      { numRuns: runs(400) },
    )
  })
})
