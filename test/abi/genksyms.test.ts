import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { symtypesChecksums } from '../../src/abi/symtypes-checksums.ts'

/** scripts/genksyms/genksyms of a built kernel. */
const genksyms = process.env['KABI_GENKSYMS']

/**
 * What genksyms prints for a preprocessed source, and the types that it dumps.
 * @param reference the types of a reference file, to be preserved
 */
function run(
  source: string,
  reference?: string,
): { readonly printed: ReadonlyMap<string, number>; readonly dump: Uint8Array } {
  const folder = mkdtempSync(join(tmpdir(), 'kabi-genksyms-'))
  try {
    const file = join(folder, 'a.symtypes')
    const referenceFile = join(folder, 'a.symref')
    if (reference !== undefined) writeFileSync(referenceFile, reference)
    const options = reference === undefined ? [] : ['-p', '-r', referenceFile]
    const output = execFileSync(genksyms ?? '', ['-T', file, ...options], { input: source, encoding: 'utf8' })
    const rows = [...output.matchAll(/^#SYMVER (\S+) 0x([0-9a-f]{8})$/gm)]
    return {
      printed: new Map(rows.map(([, symbol = '', crc = '']) => [symbol, Number.parseInt(crc, 16)])),
      dump: readFileSync(file),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `a.c`, which includes `a.h`, as the preprocessor leaves them. */
function preprocessed(header: string, source: string): string {
  const exported = source.replaceAll('EXPORT_SYMBOL', '__GENKSYMS_EXPORT_SYMBOL')
  return `# 1 "a.c"\n# 1 "a.h" 1\n${header}\n# 2 "a.c" 2\n${exported}\n`
}

describe.skipIf(genksyms === undefined)('symtypesChecksums agrees with genksyms (KABI_GENKSYMS) on', () => {
  it.each<[what: string, header: string, source: string, exports: number]>([
    ['a function', '', 'int f(int x, char *y) { return 0; } EXPORT_SYMBOL(f);', 1],
    ['an extern variable', 'extern const unsigned long v[];', 'EXPORT_SYMBOL(v);', 1],
    ['a list of structs', 'struct a { struct a *next, *prev; }; extern struct a v;', 'EXPORT_SYMBOL(v);', 1],
    [
      'structs that refer to one another',
      'struct a { struct b *b; }; struct b { struct a a; };',
      'int f(struct b *, struct a *) {} EXPORT_SYMBOL(f);',
      1,
    ],
    [
      'a type that is only declared',
      'struct s; union u; extern int f(struct s *, union u *, enum e);',
      'EXPORT_SYMBOL(f);',
      1,
    ],
    [
      'a struct of the source itself',
      'struct s;',
      'struct s { int x; }; int f(struct s *s) {} EXPORT_SYMBOL(f);',
      1,
    ],
    [
      'repeated typedefs',
      'typedef unsigned int u32; typedef u32 v32;',
      'u32 f(u32 a, v32 b, u32 c) {} EXPORT_SYMBOL(f);',
      1,
    ],
    ['enum constants', 'enum e { A, B = 7, C, D = (B + 1) }; extern int v[C][B][C];', 'EXPORT_SYMBOL(v);', 1],
    [
      'an anonymous enum and its constants',
      'enum { X = 1 << 3, Y }; extern int v[Y][X][Y];',
      'EXPORT_SYMBOL(v);',
      1,
    ],
    [
      'unions, bit fields and function pointers',
      'union u { int a : 3; void (*f)(union u *, ...); };',
      'union u *g(union u u) {} EXPORT_SYMBOL(g);',
      1,
    ],
    [
      'attributes with strings',
      'extern int v __attribute__((section(".data  s#a") , aligned(8)));',
      'EXPORT_SYMBOL(v);',
      1,
    ],
    [
      'characters in constants',
      "enum e { SPACE = ' ', QUOTE = '\"', BOTH = '\\'' }; extern int v[SPACE][QUOTE][BOTH];",
      'EXPORT_SYMBOL(v);',
      1,
    ],
    ['a wide string', 'extern int v __attribute__((alias(L"a  \\"b\\"")));', 'EXPORT_SYMBOL(v);', 1],
    [
      'one name for a tag and a typedef',
      'typedef struct a { int x; } a;',
      'a f(struct a *, a *) {} EXPORT_SYMBOL(f);',
      1,
    ],
    [
      'several exports that share types',
      'struct a { int x; }; typedef struct a a_t;',
      'a_t f(struct a *a) {} EXPORT_SYMBOL(f); struct a g(a_t *a) {} EXPORT_SYMBOL(g);',
      2,
    ],
    [
      'a type that becomes known after the first export',
      'extern int f(struct s *);',
      'EXPORT_SYMBOL(f);\n# 1 "b.h" 1\nstruct s { int x; };\n# 9 "a.c" 2\nint g(struct s *s) {} EXPORT_SYMBOL(g);',
      2,
    ],
  ])('%s', (_, header, source, exports) => {
    const { printed, dump } = run(preprocessed(header, source))
    const { value, problems } = symtypesChecksums(dump, 'a.symtypes')
    expect(problems).toEqual([])
    expect(printed.size).toBe(exports)
    expect(new Map(value)).toEqual(new Map(printed))
  })

  it('a definition that a reference file overrides', () => {
    const source = preprocessed('struct a { int x; };', 'int f(struct a *a) {} EXPORT_SYMBOL(f);')
    const overriding = 'override s#a struct a { long y ; }\nf int f ( s#a * )\n'
    const { printed, dump } = run(source, overriding)
    expect(new TextDecoder().decode(dump)).toContain('override s#a struct a { long y ; } \n')
    expect(printed).not.toEqual(run(source).printed)
    expect(new Map(symtypesChecksums(dump, 'a.symtypes').value)).toEqual(new Map(printed))
  })
})
