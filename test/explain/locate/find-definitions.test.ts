import { describe, expect, it } from 'vitest'
import { findDefinitions } from '../../../src/explain/locate/find-definitions.ts'
import { openSourceTexts } from '../../../src/explain/locate/source-texts.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'

const path = folderOfEachTest()

async function places(
  files: Readonly<Record<string, string>>,
  names: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  writeFiles(path(), files)
  const paths = Object.keys(files).map((file) => path(file))
  const wanted = names.map((name) => {
    const text = texts[name]
    return { name, files: paths, ...(text === undefined ? {} : { text }) }
  })
  const found = await findDefinitions(openSourceTexts(path('tree')), wanted)
  return Object.fromEntries(
    [...found].map(([name, { place, scope }]) => {
      const within = scope.line === place.line ? '' : ` in ${scope.line}-${scope.endLine}`
      return [name, `${place.file}:${place.line}-${place.endLine}${within}`]
    }),
  )
}

/** Where each name is in one header. */
const inHeader = (text: string, ...names: string[]) => places({ 'tree/a.h': text }, names)

describe('a structure', () => {
  it('reaches from its keyword to the semicolon, whatever stands between', async () => {
    const text = `struct other;
struct device *f(struct device *d);
/* struct device { */
struct device {
	int x;	/* } */
	char c[sizeof("}")]; // }
#define END }
	union inner {
		struct { int y; } z;
	} u;
#ifdef CONFIG_A
	struct nested { int a;
	} n;
#else
	int n;
#endif
} __randomize_layout
	__aligned(8);
struct after { int a; };
`
    expect(await inHeader(text, 's#device', 'u#inner', 's#nested', 's#after', 's#other')).toEqual({
      's#device': 'a.h:4-18',
      'u#inner': 'a.h:8-10',
      's#nested': 'a.h:12-13',
      's#after': 'a.h:19-19',
    })
  })

  it.each([
    'struct __packed a {\n};',
    'struct __attribute__((packed)) a {\n};',
    'struct a\n{};',
    'typedef struct a {\n} a_t;',
    'extern struct a {\n} b;',
    'struct a { /* x, y */\n};',
  ])('may be written as %j', async (text) => {
    expect(await inHeader(text, 's#a')).toEqual({ 's#a': 'a.h:1-2' })
  })

  it('is not taken from functions, initializers and macros', async () => {
    const text = `static inline int f(void) {
	struct a { int x; } y;
	return 0;
}
#define A struct a { \\
	int x; }
struct b c = { .d = { 1 } };
struct a *g(void) { return 0; }
enum e h(void) { return 0; }
`
    expect(await inHeader(text, 's#a', 's#b', 'e#e')).toEqual({})
  })

  it('with two definitions is the one that looks like what genksyms read, or none', async () => {
    const text = `#ifdef RT
struct a {
	int rt;
};
#else
struct a {
	int plain;
};
#endif
`
    const like = (member: string) => ({ 's#a': `struct a { int ${member} ; }` })
    expect(await places({ 'tree/a.h': text }, ['s#a'], like('plain'))).toEqual({ 's#a': 'a.h:6-8' })
    expect(await places({ 'tree/a.h': text }, ['s#a'], like('rt'))).toEqual({ 's#a': 'a.h:2-4' })
    expect(await places({ 'tree/a.h': text }, ['s#a'])).toEqual({})
  })

  it('with a definition for each option is the one of the configuration', async () => {
    const text = `#if defined(CONFIG_A) && !IS_ENABLED(CONFIG_M)
struct a { int one; };
#elif defined(CONFIG_B)
struct a { int two; };
#else
struct a { int three; };
#endif
`
    const given = (options: string) =>
      places({ 'tree/a.h': text, 'out/include/generated/autoconf.h': options }, ['s#a'])
    expect(await given('#define CONFIG_A 1\n')).toEqual({ 's#a': 'a.h:2-2' })
    expect(await given('#define CONFIG_A 1\n#define CONFIG_M_MODULE 1\n')).toEqual({ 's#a': 'a.h:6-6' })
    expect(await given('#define CONFIG_B 1\n')).toEqual({ 's#a': 'a.h:4-4' })
    expect(await given('\n')).toEqual({ 's#a': 'a.h:6-6' })
  })

  it('is the one that genksyms sees', async () => {
    const text = `#ifdef __GENKSYMS__
struct a { int old; };
#else
struct a { int new; };
#endif
#if 0
struct a { int no; };
#endif
#ifndef __ASSEMBLY__
#ifdef __cplusplus
extern "C" {
#endif
struct b { int x; };
#endif
`
    expect(await inHeader(text, 's#a', 's#b')).toEqual({ 's#a': 'a.h:2-2', 's#b': 'a.h:13-13' })
  })
})

describe('an enumerator', () => {
  it('is told with its enumeration up to it', async () => {
    const text = `enum color {
	RED,
	GREEN = RED +
		1,
	BLUE
};
enum { LAST = BLUE, };
`
    expect(await inHeader(text, 'e#color', 'E#RED', 'E#GREEN', 'E#BLUE', 'E#LAST')).toEqual({
      'e#color': 'a.h:1-6',
      'E#RED': 'a.h:2-2 in 1-2',
      'E#GREEN': 'a.h:3-4 in 1-4',
      'E#BLUE': 'a.h:5-5 in 1-5',
      'E#LAST': 'a.h:7-7',
    })
  })
})

describe('a typedef', () => {
  it.each([
    'typedef unsigned int __bitwise t;',
    'typedef __u8 t;',
    'typedef struct x t, *t_p;',
    'typedef struct x *t_p, t;',
    'typedef struct { int t; } t;',
    'typedef int (*t)(int, void *);',
    'typedef int t(struct x *);',
    'typedef void (t)(int);',
    'typedef u64 t[4];',
    'typedef struct x t __aligned(8);',
    '__extension__ typedef long long t;',
    'typedef int (__cdecl *t)(int);',
  ])('may be written as %j', async (text) => {
    expect(await inHeader(`int a;\n${text}`, 't#t')).toEqual({ 't#t': 'a.h:2-2' })
  })

  it.each([
    'typedef t u;',
    'typedef const t *u;',
    'typedef struct t u;',
    'typedef int (*u)(t);',
    'typedef int (*u)(int t);',
    'typedef typeof(t) u;',
    't f(t);',
    'extern int t;',
    'typedef struct { int t; } u;',
  ])('is not %j', async (text) => {
    expect(await inHeader(text, 't#t')).toEqual({})
  })

  it('may take several lines', async () => {
    expect(await inHeader('typedef struct {\n\tint x;\n}\n\tt;\n', 't#t')).toEqual({ 't#t': 'a.h:1-4' })
  })
})

describe('an export', () => {
  it.each([
    'void x(const void *);',
    'extern int x;',
    'extern struct foo x[];',
    'struct foo *x(int a, int b) __must_check;',
    'unsigned long __must_check x(void);',
    'extern int (*x)(int);',
    'extern int a, x;',
    'DECLARE_PER_CPU(struct foo *, x);',
    'DEFINE_SPINLOCK(x);',
    'extern struct { int a; } x;',
    'int x = 1;',
  ])('may be declared as %j', async (text) => {
    expect(await inHeader(`EXPORT_SYMBOL_NS(y, z)\n${text}`, 'x')).toEqual({ x: 'a.h:2-2' })
  })

  it.each([
    'EXPORT_SYMBOL(x);',
    'static int x(void);',
    'static inline int x(void) { return 0; }',
    '#define x(a) y(a)',
    'int y(int x);',
    'int y = x;',
    'DEFINE_EVENT(class, x);',
    'struct x;',
    'typedef int x;',
    'int y(void) { return x(1); }',
    'struct y { int (*x)(int); };',
    'struct y z = { .x = 1 };',
  ])('is not declared by %j', async (text) => {
    expect(await inHeader(text, 'x')).toEqual({})
  })

  it('is declared by the header that comes first, or in the source file itself', async () => {
    const files = {
      'tree/k.c': 'int x(int a)\n{\n\treturn 0;\n}\nEXPORT_SYMBOL(x);\nint only(\n\tvoid)\n{\n}\n',
      'tree/one.h': '\n__printf(1, 2)\nextern int x(int a);\n',
      'tree/two.h': 'extern int x(int a);\n',
    }
    expect(await places(files, ['x', 'only'])).toEqual({ x: 'one.h:2-3', only: 'k.c:6-7' })
  })
})

describe('a place', () => {
  it('outside of the tree keeps its whole path', async () => {
    expect(await places({ 'out/gen.h': 'struct a { };\n' }, ['s#a'])).toEqual({
      's#a': `${path('out/gen.h')}:1-1`,
    })
  })

  it('is that of the definition which its reader gets', async () => {
    const guard = '#ifndef __GENK\\\nSYMS__\nstruct a { int x; };\n#else\nstruct a { };\n#endif\n'
    writeFiles(path(), { 'tree/a.h': guard })
    const wanted = [{ name: 's#a', files: [path('tree/a.h')] }]
    const sources = openSourceTexts(path('tree'))
    const lineFor = async (reader: 'genksyms' | 'compiler') =>
      (await findDefinitions(sources, wanted, reader)).get('s#a')?.place.line
    expect([await lineFor('genksyms'), await lineFor('compiler')]).toEqual([5, 3])
  })

  it('is looked for only in the files named, of which some may be gone or named twice', async () => {
    writeFiles(path(), { 'tree/a.h': 'struct a { };\n', 'tree/b.h': 'struct b { };\n' })
    const sources = openSourceTexts(path('tree'))
    const files = [path('tree/a.h'), path('tree/nosuch.h'), path('tree/a.h')]
    const found = await findDefinitions(sources, [
      { name: 's#a', files },
      { name: 's#b', files },
    ])
    expect([...found.keys()]).toEqual(['s#a'])
  })
})
