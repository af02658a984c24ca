import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLayouts } from '../../../src/abi/layouts/format-layouts.ts'
import { DebugFault, type DebugTypes } from '../../../src/kernel/layouts/debug-types.ts'
import { readEntries } from '../../../src/kernel/layouts/dwarf-entries.ts'
import { TextTable } from '../../../src/kernel/layouts/dwarf-forms.ts'
import { openElf } from '../../../src/module/elf.ts'
import { runs } from '../../support/properties.ts'
import { readDwarfTypes } from '../../../src/kernel/layouts/dwarf-layouts.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { hasCompiler, typesOfC } from './layouts-of-c.ts'

const path = folderOfEachTest()

/** Layouts of names, in the form of the file. */
function shown(types: DebugTypes, names: readonly string[]): readonly string[] {
  const layouts = names.flatMap((name) =>
    types.layoutsOf(name).map((value) => [name, { value, object: 0 }] as const),
  )
  const text = formatLayouts({
    pointer: types.pointer,
    objects: [],
    types: new Map(layouts),
    symbols: new Map(),
    unknown: new Map(),
  })
  return text.split('\n').slice(2, -2)
}

const compilers = [
  'gcc',
  'clang',
  's390x-linux-gnu-gcc',
  'aarch64-linux-gnu-gcc',
  'arm-linux-gnueabihf-gcc',
].filter(hasCompiler)

describe.each(compilers)('types of an object that %s compiled', (compiler) => {
  const read = (text: string, ...flags: string[]) => typesOfC(path('.'), text, compiler, flags)

  it('have members with their places, and what unnamed types hold', () => {
    const types = read(
      `struct inner { u32 x; };
       struct a { u8 c; u32 m; union { u32 u1; struct { u8 z[3]; } in; }; struct inner named; struct { u8 q; } arr[4]; u32 grid[2][3]; struct inner flex[]; };
       struct a va;`,
    )
    expect(shown(types, ['s#a'])).toEqual([
      's#a struct 44 - 0',
      ' c 0 u8',
      ' m 32 u32',
      ' - 64 {4} union',
      '  u1 64 u32',
      '  in 64 {3} struct',
      '   z 64 u8[3]',
      ' named 96 s#inner',
      ' arr 128 {1} struct[4]',
      '  q 128 u8',
      ' grid 160 u32[2][3]',
      ' flex 352 s#inner[]',
    ])
  })

  it('are the same in other words', () => {
    const types = read(
      `typedef const volatile u32 word; typedef struct { int counter; } atomic_t; typedef atomic_t count_t; enum e { A };
       struct a { word w; count_t n; enum e e; const struct a *next; u32 (*fn)(const struct a *restrict, word, ...); void *v; _Bool b; };
       struct a va;`,
    )
    expect(
      shown(types, ['s#a', 't#atomic_t'])
        .filter((line) => line.startsWith(' '))
        .map((line) => line.replace(/^ (\w+) \d+ /, '$1: ')),
    ).toEqual([
      'w: u32',
      'n: t#atomic_t',
      'e: e#e',
      'next: s#a *',
      'fn: u32 (s#a *, u32, ...) *',
      'v: void *',
      'b: bool8',
      'counter: s32',
    ])
  })

  it('have bit-fields where the machine has them', () => {
    const types = read('struct a { u32 f:3, :2, g:5; u64 wide:40; u8 last; } va;')
    // From the first bit of memory on, which is the lowest of a number or, with the other byte order, its highest.
    expect(shown(types, ['s#a']).slice(1)).toEqual([
      ' f 0:3 u32',
      ' g 5:5 u32',
      ' wide 10:40 u64',
      ' last 56 u8',
    ])
  })

  it('have enumerators with all their values', () => {
    const types = read(
      'enum e { A, B = 7, C = -1 }; enum big { X = 0x100000000ULL, Y = 0xffffffffffffffffULL }; enum e e; enum big b;',
    )
    expect(shown(types, ['e#big', 'e#e'])).toEqual([
      'e#big enum 8 - 0',
      ' X 4294967296',
      ' Y 18446744073709551615',
      'e#e enum 4 - 0',
      ' A 0',
      ' B 7',
      ' C -1',
    ])
  })

  it('are packed and aligned as the compiler does it', () => {
    const types = read(
      'struct p { u8 c; u32 l; } __attribute__((packed)); struct q { u8 c; u32 l __attribute__((aligned(16))); }; struct p p; struct q q;',
    )
    expect(shown(types, ['s#p', 's#q'])).toEqual([
      's#p struct 5 - 0',
      ' c 0 u8',
      ' l 8 u32',
      's#q struct 32 - 0',
      ' c 0 u8',
      ' l 128 u32',
    ])
  })

  it('tell what a typedef that was asked for stands for', () => {
    const types = read(
      'struct a { u64 x; } __attribute__((aligned(64))); int f(struct a *x, const char *s, ...); typedef __typeof__(f) asked; typedef u8 alignment[_Alignof(struct a)]; asked *p; alignment q;',
    )
    expect(types.typedef('asked')).toMatch(/^s32 \(s#a \*, [su]8 \*, \.\.\.\)$/)
    expect(types.typedef('alignment')).toBe('u8[64]')
    expect(types.typedef('nobody')).toBeUndefined()
  })

  it('are incomplete where only a declaration is', () => {
    const types = read('struct opaque; struct a { struct opaque *p; }; struct a va;')
    expect(types.layoutsOf('s#opaque')).toEqual([])
    expect(types.names).not.toContain('s#opaque')
  })

  it('are several where scopes have their own', () => {
    const types = read('struct a { u8 x; }; void f(void) { struct a { u64 y; } v; } struct a va;')
    expect(types.layoutsOf('s#a').length).toBe(2)
  })
})

describe.skipIf(!hasCompiler('gcc'))('damaged debug information', () => {
  it('is refused or read, and never goes on for ever', () => {
    typesOfC(
      path('.'),
      'struct in { u32 x; }; struct a { struct { union { u32 u; struct in i[3]; }; } s; struct a *next; u32 (*f)(struct a *, ...); u32 b:3; }; typedef struct a a_t; enum e { A = -1, B }; a_t va; enum e ve;',
    )
    const object = readFileSync(path('a.o'))
    const elf = openElf(object)
    if (elf.kind === 'fault') throw new Error(elf.reason)
    const places = elf.sections
      .filter(({ name }) => /^\.debug_(?:info|abbrev|str)$|^\.rela\.debug_info$/.test(name))
      .flatMap(({ offset, size }) => Array.from({ length: size }, (_, at) => offset + at))
    const change = fc.tuple(fc.constantFrom(...places), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(object)
        for (const [at, byte] of changes) damaged[at] = byte
        const types = readDwarfTypes(damaged)
        if (types.kind === 'fault') return
        try {
          for (const name of types.names) types.layoutsOf(name)
          types.typedef('a_t')
        } catch (error) {
          expect(error).toBeInstanceOf(DebugFault)
        }
      }),
      { numRuns: runs(400) },
    )
  })
})

describe('a file without types', () => {
  it.each([
    ['no ELF file', new Uint8Array(100), 'is not an ELF file'],
    ['an empty file', new Uint8Array(), 'is not an ELF file'],
  ])('is told: %s', (_, bytes, reason) => {
    expect(readDwarfTypes(bytes)).toEqual({ kind: 'fault', reason })
  })
})

/** The assembler makes a second section of a name when it is told that it is unique. */
const forged: readonly (readonly [name: string, text: string, reason: string])[] = [
  [
    'another unit in front of that of the text',
    String.raw`asm(".section .debug_abbrev,\"\",@progbits\n.byte 1, 0x11, 0, 0, 0, 0");
      asm(".section .debug_info,\"\",@progbits\n.long 8\n.value 4\n.long 0\n.byte 8, 1");`,
    'has debug information that is not understood: it has several units',
  ],
  [
    'another section of debug information',
    String.raw`asm(".section .debug_info,\"\",@progbits,unique,1\n.long 8");`,
    'has several sections .debug_info',
  ],
  [
    'another section of forms',
    String.raw`asm(".section .debug_abbrev,\"\",@progbits,unique,1\n.long 8");`,
    'has several sections .debug_abbrev',
  ],
  [
    'another section of names',
    String.raw`asm(".section .debug_str,\"\",@progbits,unique,1\n.long 8");`,
    'has several sections .debug_str',
  ],
  [
    'another section of references',
    'int x __attribute__((section(".rela.debug_info"))) = 1;',
    'has several sections .rela.debug_info',
  ],
  [
    'another section of references in another form',
    'int x __attribute__((section(".rel.debug_info"))) = 1;',
    'has several sections .rel.debug_info',
  ],
  [
    'a name that lies elsewhere',
    'int pad[2] = { 1 }; extern int y asm(".LASF0") __attribute__((alias("pad")));',
    'has debug information that is not understood: it is damaged: a text has no end',
  ],
  [
    'forms that lie elsewhere',
    'int pad[2] = { 1 }; extern int y asm(".Ldebug_abbrev0") __attribute__((alias("pad")));',
    'has debug information that is not understood: it is damaged: a number has no end',
  ],
]

describe.skipIf(!hasCompiler('gcc') || process.arch !== 'x64')(
  'an object with debug information of others',
  () => {
    it.each(forged)('is refused: %s', (_, text, reason) => {
      expect(() => typesOfC(path('.'), `${text} struct a_long_name { u32 with_a_long_member; } v;`)).toThrow(
        reason,
      )
    })
  },
)

describe('debug information of one unit', () => {
  const abbreviations = Uint8Array.of(1, 0x11, 0, 0, 0, 2, 0x13, 0, 0, 0, 0)
  const unit = (...entries: number[]) => [7 + entries.length, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, ...entries]
  const read = (...info: number[]) =>
    readEntries({
      info: Uint8Array.from(info),
      abbreviations,
      texts: new TextTable(new Uint8Array()),
      little: true,
    })

  it('is read', () => {
    expect(read(...unit(1)).unit.tag).toBe(0x11)
  })

  it.each([
    ['two units', [...unit(1), ...unit(1)], 'it has several units'],
    ['two entries at the top of the unit', unit(1, 1), 'it has several units'],
    ['more behind the unit', [...unit(1), 0], 'it has several units'],
    ['more behind the last entry', unit(1, 0, 0), 'it has several units'],
    ['an entry of a type at the top', unit(2), 'it has no unit'],
    ['a unit without entries', unit(), 'it has no unit'],
    ['a unit that ends at once', unit(0), 'it has no unit'],
    ['nothing', [], 'it is cut off'],
  ])('has nothing else: %s', (_, info, reason) => {
    expect(() => read(...info)).toThrow(new DebugFault(reason))
  })
})
