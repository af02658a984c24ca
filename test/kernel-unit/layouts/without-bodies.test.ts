import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutBodies } from '../../../src/kernel/layouts/without-bodies.ts'
import '../../support/properties.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'

/** What each text becomes. */
type Cases = readonly (readonly [name: string, text: string, expected: string])[]

/** What stands in front of a body. */
const heads: readonly (readonly [name: string, text: string])[] = [
  ['a string of parameters', 'void f(int a __attribute__((section("){"))))'],
  ['attributes behind it', 'int f(void) __attribute__((cold)) __attribute__((x(1)))'],
  ['attributes in front', 'static inline __attribute__((gnu_inline, always_inline)) int f(void)'],
  ['a name for the assembler', 'int f(void) __asm__("g")'],
  ['a name for the assembler and attributes', 'int f(void) asm("{") __attribute__((cold))'],
  ['a struct that it returns', 'struct x f(void)'],
  ['a pointer to a struct that it returns', 'const struct x *f(struct y *y)'],
  ['an attribute of the struct that it returns', 'struct x __attribute__((cold)) f(void)'],
  ['parentheses about its name', 'struct x (f)(void)'],
  ['an enum that it returns', 'enum e f(void)'],
  ['a union that it returns', 'static union u\nf(void)\n'],
  ['a struct without a tag that it returns', 'static struct { int a; } f(void)'],
  ['a struct with a body that it returns', 'struct x { struct { int a; } b; } *f(void)'],
  ['a struct among its parameters', 'int f(struct x { int a; } *b)'],
  ['a function that it returns', 'void (*f(int a))(int)'],
  ['an array that it returns', 'int (*f(int a[({ 3; })]))[4]'],
  ['a type by typeof', 'typeof(({ struct x a; a; })) f(void)'],
  ['a struct behind typeof', 'typeof(struct x { int a; }) f(void)'],
  ['__extension__', '__extension__ static struct x f(void)'],
  ['a name that a keyword begins', 'structure f(void)'],
  ['letters of another script', 'int größe(void)'],
  ['a line marker in front of its body', 'struct x f(void)\n# 12 "a.h" 3\n'],
  ['a pragma in front of its body', 'int f(void)\n#pragma GCC "(\n'],
  ['an enum of a type that it returns', 'enum : int { A } f(void)'],
]

const functions: Cases = [
  ['a plain one', 'int f(void) { return 1; }', 'int f(void) ;'],
  ['nested braces', 'int f(int a) { if (a) { a = 2; } else { a = 3; } return a; }', 'int f(int a) ;'],
  ['nothing in it', 'void f(void) {}', 'void f(void) ;'],
  ['braces in a string', 'void f(void) { g("}{ \\" } \\\\"); }', 'void f(void) ;'],
  ['braces as characters', `void f(void) { g('}', '{', '\\'', '"'); }`, 'void f(void) ;'],
  ['a line of the preprocessor in it', "void f(void) {\n#pragma don't\n#pragma }\n}", 'void f(void) ;\n\n\n'],
  ['a quote that its line ends', "void f(void) { don't }\n}", 'void f(void) ;\n'],
  ...heads.map(([name, head]) => [name, `${head} { return (1); }`, `${head} ;`] as const),
]

const kept: readonly (readonly [name: string, text: string])[] = [
  ['a struct', 'struct x { int a; struct { int b; } c; };'],
  ['a struct with attributes in front of its tag', 'struct __attribute__((aligned(64))) x { int a; };'],
  ['a struct with attributes and no tag', 'struct __attribute__((packed)) { int a; } x;'],
  ['a struct with an attribute in brackets', 'struct [[gnu::packed]] x { int a; };'],
  ['a struct with line markers in its head', 'struct\n# 1 "a.h" 1\nx\n# 2 "a(.h"\n{ int a; };'],
  ['a union', 'union u\n{ int a; };'],
  ['an enum', 'enum e { A = 1, B = sizeof(struct { int a; }) };'],
  ['an enum without a tag', 'enum { A };'],
  ['a union of any name', 'union AZaz09_$größe { int a; };'],
  ['an enum of a type', 'enum e : unsigned char { A };'],
  ['an enum of a type by typeof', 'enum : typeof(1) { A };'],
  ['a typedef', 'typedef struct x { int a; } __attribute__((packed)) x_t;'],
  ['a struct behind an alignment', '_Alignas(16) struct x { int a; } b;'],
  ['a struct behind typeof', 'typeof(1) a; struct x { int a; };'],
  ['a prototype', 'extern int f(int a, struct x *b) __attribute__((cold, section("{")));'],
  ['a name for the assembler', 'int f(void) asm("g"); register unsigned long sp asm("rsp");'],
  ['an initialiser', 'struct x a = { .b = { 1 }, .c = (struct y[]) { { 2 } } }, d = { 3 };'],
  ['an initialiser behind parentheses', 'int (*f[])(void) = { g, h };'],
  ['an initialiser behind attributes', 'struct x a __attribute__((section("b"))) = { 1 };'],
  ['an initialiser that is cast', 'struct x *f = &(struct x) { 1 };'],
  ['an initialiser that is cast to a compound', 'struct x f = (struct x) { 1 };'],
  ['an initialiser of characters', `char a[] = { '{', '"', "}'"[0], '\\'' };`],
  ['a character', `char a = '{';`],
  ['a string', `char *a = "}{;";`],
  ['attributes of other names', 'int f(void) __attribute__((aliasz, aliasZ(1), alias9, alias$, aliasß));'],
  ['a statement in an assertion', '_Static_assert(({ int f(void) { return 1; } 1; }), "{");'],
  ['a statement in typeof', 'extern typeof(({ struct x { int a; } b; b; })) c;'],
  ['a statement in the bounds of an array', 'extern int a[({ 3; })];'],
  ['a pragma', `#pragma GCC diagnostic ignored "-W{"\n#pragma don't {\nint a;`],
  ['a line marker', `# 1 "a{'.h" 1 3 4\nint a;`],
  ['attributes in single parentheses', 'int g __attribute__(x, alias("a"));'],
  ['attributes without parentheses', 'int g __attribute__ alias;'],
  ['a semicolon for nothing', ';;'],
  ['nothing', ''],
]

const attributes: Cases = [
  ['alone', 'int f(void) __attribute__((alias("g")));', 'int f(void) __attribute__(());'],
  ['with underscores', 'int f(void) __attribute((__alias__("g")));', 'int f(void) __attribute(());'],
  ['last', 'int f(void) __attribute__((weak, alias("g")));', 'int f(void) __attribute__((weak, ));'],
  ['first', 'int f(void) __attribute__((alias("g"), weak));', 'int f(void) __attribute__((, weak));'],
  [
    'between others',
    'int f(void) __attribute__((section("a,b"), alias("g" "(,"), format(printf, 1, 2), , cold));',
    'int f(void) __attribute__((section("a,b"), , format(printf, 1, 2), , cold));',
  ],
  [
    'of another list',
    'extern typeof(g) f __attribute__((cold)) __attribute__((alias("g"))) ;',
    'extern typeof(g) f __attribute__((cold)) __attribute__(()) ;',
  ],
  ['in front', '__attribute__((alias("g"))) extern struct x f;', '__attribute__(()) extern struct x f;'],
  ['of ifunc', 'int f(void) __attribute__((ifunc("g")));', 'int f(void) __attribute__(());'],
  ['of __ifunc__', 'int f(void) __attribute__((__ifunc__("g")));', 'int f(void) __attribute__(());'],
  [
    'of several lines',
    'int f(void) __attribute__ ( (\n weak,\n alias\n("g"\n)\n)\n);',
    'int f(void) __attribute__ ( (\n weak,\n \n\n\n)\n);',
  ],
  [
    'with line markers',
    'int f(void) __attribute__((alias(\n# 7 "a.c"\n"g")));',
    'int f(void) __attribute__((\n# 7 "a.c"\n));',
  ],
]

const statements: Cases = [
  ['asm', 'int a; asm(".globl {"); int b;', 'int a;  int b;'],
  ['__asm__ volatile', '__asm__ volatile ("" : : "i" (sizeof(int)));', ''],
  ['__asm', '__asm("a;)" "b") ;', ''],
  ['qualifiers on several lines', 'asm\nvolatile\ninline\n(""\n)\n;int a;', '\n\n\n\n\nint a;'],
  ['a line marker', 'asm\n# 5 "a(.h"\n("");int a;', '\n# 5 "a(.h"\nint a;'],
  ['a line marker in front', 'int a;\n# 5 "a.h"\nasm("");', 'int a;\n# 5 "a.h"\n'],
  ['a function behind', 'asm(""); int f(void) { }', ' int f(void) ;'],
  ['another behind', 'asm("");asm("");', ''],
]

const oldStyle: Cases = [
  ['a parameter', 'int f(a) int a; { return a; }', 'int f(a) int a; {}'],
  ['several', 'int f(a, b)\nchar *a;\nstruct x *b;\n{\n}\n', 'int f(a, b)\nchar *a;\nstruct x *b;\n{}\n\n'],
  [
    'the body of a struct',
    'int f(a) struct x { int b; } *a; { } int g(void) { }',
    'int f(a) struct x { int b; } *a; {} int g(void) ;',
  ],
]

const lines: Cases = [
  ['line ends stay', 'int f(void)\n{\n\n}\nint a;', 'int f(void)\n;\n\n\nint a;'],
  [
    'the last line marker stays',
    'int f(void) {\n# 5 "a.h"\n x();\n# 9 "a.c"\n\n}\nint a;',
    'int f(void) ;\n# 9 "a.c"\n\n\nint a;',
  ],
  [
    'of line markers in a row the last stays',
    'int f(void) {\n# 5 "a.h"\n# 9 "a.c"\n}',
    'int f(void) ;\n# 9 "a.c"\n',
  ],
  [
    'a marker that leaves a file only names it',
    'int f(void) {\n# 1 "a}.h" 1 3\n x();\n# 9 "a.c" 2 3 4\n} int a;',
    'int f(void) ;\n# 9 "a.c" 3 4\n int a;',
  ],
  [
    'all markers stay where a body ends in another file than it begins in',
    'int f(void) {\n# 7 "a.c"\n x();\n# 1 "a.h" 1\n}',
    'int f(void) ;\n# 7 "a.c"\n# 1 "a.h" 1\n',
  ],
  [
    'all markers stay where a body leaves a file that was entered in front of it',
    'int f(void) {\n# 7 "a.c" 2\n x();\n# 1 "a.h" 1\n}',
    'int f(void) ;\n# 7 "a.c" 2\n# 1 "a.h" 1\n',
  ],
  ['other lines of the preprocessor go', 'int f(void) {\n#pragma GCC x\n#line\n}', 'int f(void) ;\n\n\n'],
  ['no marker is in a string', 'int f(void) { "\\\n# 1"; }', 'int f(void) ;\n'],
  ['a #line without a file stays', 'int f(void) {\n#line 9\n}', 'int f(void) ;\n#line 9\n'],
]

describe('text without the bodies of functions', () => {
  it.each(functions)('has a semicolon for the body of a function with %s', (_, text, expected) => {
    expect(withoutBodies(text)).toBe(expected)
    expect(withoutBodies(`${text}${text}\n${text};`)).toBe(`${expected}${expected}\n${expected};`)
  })

  it.each(kept)('keeps %s', (_, text) => {
    expect(withoutBodies(text)).toBe(text)
    expect(withoutBodies(`${text}\nint f(void) {}`)).toBe(`${text}\nint f(void) ;`)
    // Parentheses in front of it, too, make no function of it.
    expect(withoutBodies(`_Alignas(8) ${text}`)).toBe(`_Alignas(8) ${text}`)
  })

  it.each(attributes)('has no alias in a list of attributes: %s', (_, text, expected) => {
    expect(withoutBodies(text)).toBe(expected)
  })

  it.each(statements)('has no assembler of file scope: %s', (_, text, expected) => {
    expect(withoutBodies(text)).toBe(expected)
  })

  it.each(oldStyle)('has an empty body for a function in the style of K&R: %s', (_, text, expected) => {
    expect(withoutBodies(text)).toBe(expected)
  })

  it.each(lines)('has each line where it was: %s', (_, text, expected) => {
    expect(withoutBodies(text)).toBe(expected)
  })

  it.each([
    ['a body that never ends', 'int g(void) { if (a) { }'],
    ['a brace too many', '} int g(void) { }'],
    ['a bracket too many', 'int g(void)] { }'],
    ['a parenthesis too many', 'int g(void)) { }'],
    ['a parenthesis that never ends', 'int g(int a { }'],
    ['a struct that never ends', 'struct x { int g(void) { '],
    ['an initialiser that never ends', 'int a[] = { '],
    ['assembler that never ends', 'asm("" int g(void) { }'],
    ['attributes that never end', 'int g(void) __attribute__((alias("a") { }'],
    ['a string that its line ends', 'int g(void) { "}\n'],
    ['a brace behind no parameters', 'namespace x { int g(void) { } }'],
    ['assembler without parentheses', 'asm { };'],
    ['assembler without a semicolon', 'asm("")'],
  ])('is as it was from where it makes no sense: %s', (_, text) => {
    expect(withoutBodies(`int f(void) { } ${text}`)).toBe(`int f(void) ; ${text}`)
  })

  it('does not depend on what stands around a declaration', () => {
    const whole = [...functions, ...attributes, ...statements, ...oldStyle, ...lines].map(
      ([, text, expected]) => [text, expected] as const,
    )
    const one = fc.constantFrom(...whole, ...kept.map(([, text]) => [text, text] as const))
    fc.assert(
      fc.property(fc.array(one), (all) => {
        const joined = (index: 0 | 1) => all.map((each) => each[index]).join('\n')
        expect(withoutBodies(joined(0))).toBe(joined(1))
      }),
    )
  })

  it('is made of any text', () => {
    const part = fc.constantFrom(
      ...['{', '}', '(', ')', '[', ']', ';', ',', '=', ':', '"', "'", '\\', '\n', '\n# 1 "a" 1\n', '#', ' '],
      ...['struct', 'enum', 'f', '1', 'asm', '__attribute__', '((alias("a")', 'f(void) {', '\n# 2 "b" 2\n'],
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const once = withoutBodies(parts.join(' '))
        expect(withoutBodies(once)).toBe(once)
      }),
    )
  })

  it('takes a time that grows as the text does', () => {
    const unit = [...functions, ...attributes, ...statements, ...lines].map(([, text]) => text).join('\n')
    const text = unit.repeat(Math.ceil(2_000_000 / unit.length))
    const start = performance.now()
    withoutBodies(text)
    withoutBodies('int f(void) { '.repeat(100_000))
    withoutBodies('asm('.repeat(200_000))
    withoutBodies('int f(void) { }'.repeat(200_000))
    withoutBodies('int a __attribute__((x "("));'.repeat(100_000))
    withoutBodies('__attribute__(('.repeat(100_000))
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

const path = folderOfEachTest()
const compiler = [
  '-fpreprocessed',
  '-x',
  'cpp-output',
  '-O0',
  '-gdwarf-4',
  '-fno-eliminate-unused-debug-types',
]

/** Preprocesses a text and takes its bodies away. */
function preprocessed(text: string): string {
  writeFileSync(path('a.c'), text)
  const output = execFileSync('gcc', ['-E', 'a.c'], { cwd: path('.'), encoding: 'utf8' })
  return withoutBodies(output)
}

function compile(text: string): { readonly code: number | null; readonly errors: string } {
  writeFileSync(path('a.i'), text)
  const { status, stderr } = spawnSync('gcc', [...compiler, '-w', '-c', '-o', 'a.o', 'a.i'], {
    cwd: path('.'),
    encoding: 'utf8',
  })
  return { code: status, errors: stderr }
}

describe.skipIf(spawnSync('gcc', ['--version']).error)('what gcc says of it (needs gcc)', () => {
  const text = `
#include <stddef.h>
struct __attribute__((aligned(64))) one { int a; };
struct one f(void) { struct one a = { 1 }; return a; }
static inline __attribute__((always_inline)) int g(int a) { return a ? g(a - 1) : 0; }
extern typeof(g) h __attribute__((weak, alias("i")));
int i(int a) { return a; }
static int j(a) int a; { return a; }
static int (*k)(int) = g;
int (*l(int a))(int) { return k; }
struct { int (*a)(int); char b[sizeof(struct { char c; })]; } m = { .a = j };
asm(".globl n\\nn: .quad o");
static void __attribute__((used)) o(void) { asm("" : : "i" (offsetof(struct one, a))); }
_Static_assert(sizeof(struct one) == 64, "{");
`

  it('is that it compiles', () => {
    expect(compile(preprocessed(text))).toEqual({ code: 0, errors: '' })
  })

  it('has the right file and line, behind bodies that include a file or none', () => {
    writeFileSync(path('b.h'), '\n\n\n#define B 1\nint a = B;\n')
    const bodies = [
      'int f(void)\n{\n\n  return 1;\n}',
      'int g(void)\n{\n\n\n\n\n\n\n\n\n\n\n\n\n#include "b.h"\n\n\n return a; }',
      'asm(\n""\n);',
      'int h(void) __attribute__((alias(\n"g"\n)));',
    ]
    const all = bodies.map((body) => `${body}\nwrong x;\n`).join('')
    const wrong = all.split('\n').flatMap((line, index) => (line === 'wrong x;' ? [`a.c:${index + 1}`] : []))
    const { errors } = compile(preprocessed(all))
    expect(wrong).toHaveLength(bodies.length)
    expect(errors.match(/^\w+\.\w+:\d+(?=:\d+: error)/gm)).toEqual(wrong)
    expect(errors).not.toContain('linemarker')
  })

  it('has the right file and line where a body ends in another file than it begins in', () => {
    writeFileSync(path('b.h'), 'int f(void) {\n\n return 1;\n')
    writeFileSync(path('c.h'), '\n}\nint g(void) {\n')
    const { errors } = compile(preprocessed('#include "b.h"\n\n#include "c.h"\n return 2; }\nwrong x;\n'))
    expect(errors).toMatch(/^a\.c:5:\d+: error/m)
  })
})
