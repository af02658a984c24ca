import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findOwnAssembler } from '../../../src/kernel/layouts/own-assembler.ts'
import '../../support/properties.ts'

type Texts = readonly (readonly [name: string, text: string])[]

const labels: Texts = [
  ['a line end', 'int x asm("x\\n.section .debug_info") = 1;'],
  ['a line end in octal', 'int x asm("x\\012.data") = 1;'],
  ['a line end in hexadecimal', 'int x asm("x\\x0a.data") = 1;'],
  ['a semicolon', 'int x asm("x;.data") = 1;'],
  ['a space', 'int x asm("x .data") = 1;'],
  ['a comment', 'int x asm("x/*") = 1;'],
  ['a comment to the end of the line', 'int x asm("x#") = 1;'],
  ['an assignment', 'int x asm("x=1") = 1;'],
  ['a colon', 'int x asm("x:") = 1;'],
  ['a comma', 'int x asm("x,y") = 1;'],
  ['a star, which gcc takes away', 'int x asm("*x") = 1;'],
  ['a quote', 'int x asm("x\\"") = 1;'],
  ['a letter of another script', 'int x asm("gr\u00c3\u00b6") = 1;'],
  ['a dot in front, as the labels of the debug information have it', 'int x asm(".LASF0") = 1;'],
  ['nothing', 'int x asm("") = 1;'],
  ['what only two texts together are', 'int x asm("x" "\\n" ".data") = 1;'],
  ['texts with a line marker between', 'int x asm("x"\n# 2 "a.c"\n" ") = 1;'],
  ['another word of the language', 'int x __asm__("x y") = 1;'],
  ['a third word of the language', 'int x __asm("x y") = 1;'],
  ['a word of Microsoft', 'int x _asm("x y") = 1;'],
  ['more behind its text', 'int x asm("x" y) = 1;'],
  ['a prefix', 'int x asm(u8"x") = 1;'],
  ['no text', 'int x asm(x) = 1;'],
  ['no end', 'int x asm("x"'],
  ['no parentheses', 'int x asm = 1;'],
  ['nothing behind it', 'int x asm'],
]

const statements: Texts = [
  ['of file scope', 'asm(".data 1");'],
  ['that is volatile', 'asm volatile("nop");'],
  ['with operands', 'asm("nop" : : "i" (1));'],
  ['behind __extension__', '__extension__ asm("nop nop");'],
  ['in an initialiser', 'int x = ({ asm("nop nop"); 1; });'],
  ['in the bounds of an array', 'int x[({ asm("nop nop"); 1; })];'],
  ['in typeof', 'typeof(({ asm("nop nop"); 1; })) x;'],
  ['among parameters', 'int f(int a[({ asm("nop nop"); 1; })]);'],
  ['in a struct', 'struct x { int a; asm("nop nop"); };'],
  ['in an attribute', 'int x __attribute__((aligned(({ asm("nop nop"); 8; }))));'],
]

const sections: Texts = [
  ['a line end', 'int x __attribute__((section(".data\\n.text"))) = 1;'],
  ['underscores', 'int x __attribute__((__section__(".data\\n.text"))) = 1;'],
  ['the other word of the language', 'int x __attribute((section(".data\\n.text"))) = 1;'],
  ['another attribute in front', 'int x __attribute__((unused, aligned(8), section(".data\\n"))) = 1;'],
  ['brackets', 'int x [[gnu::section(".data\\n.text")]] = 1;'],
  ['brackets apart', '[\n# 1 "a.h"\n[__gnu__ :: __section__(".data\\n.text")] ] int x = 1;'],
  ['debug information', 'int x __attribute__((section(".debug_info"))) = 1;'],
  ['compressed debug information', 'int x __attribute__((section(".zdebug_info"))) = 1;'],
  ['debug information in two texts', 'int x __attribute__((section(".de" "bug_info"))) = 1;'],
  ['debug information by its flags', 'int x __attribute__((section(".debug_info,\\"\\",@progbits#"))) = 1;'],
  ['references of debug information', 'int x __attribute__((section(".rela.debug_info"))) = 1;'],
  ['debug information in octal', 'int x __attribute__((section(".d\\145bug_info"))) = 1;'],
  ['more behind its flags', 'int x __attribute__((section(".a,\\"aw\\",@nobits #\\n"))) = 1;'],
  ['a type by its number', 'int x __attribute__((section(".a,\\"a\\",@4#"))) = 1;'],
  ['a group', 'int x __attribute__((section(".a,\\"aG\\",@progbits,b,comdat#"))) = 1;'],
  ['parentheses', 'int x __attribute__((section((".data")))) = 1;'],
  ['a choice', 'int x __attribute__((section(__builtin_choose_expr(1, ".data\\n", "x")))) = 1;'],
  ['a name of the preprocessor', 'int x __attribute__((section(__FILE__))) = 1;'],
  ['a prefix', 'int x __attribute__((section(u8".data"))) = 1;'],
  ['nothing', 'int x __attribute__((section())) = 1;'],
  ['no name', 'int x __attribute__((section(""))) = 1;'],
]

const attributes: Texts = [
  ['weakref', 'static int f(void) __attribute__((weakref("g\\n.data")));'],
  ['weakref to a label of the debug information', 'static int f(void) __attribute__((weakref(".LASF0")));'],
  ['symver', 'int x __attribute__((symver("x@V\\n.data"))) = 1;'],
  ['an alias in brackets', '[[gnu::alias("x\\n.data")]] extern int y;'],
  ['one that nobody knows', 'int x __attribute__((new_one("a b")));'],
  ['a text that is not the first', 'int x __attribute__((new_one(1, "a b")));'],
  ['a text deep within', 'int x __attribute__((aligned(sizeof("a b"))));'],
  ['a text without a name', 'int x __attribute__(("a b"));'],
  ['a text that no name stands before', 'int x __attribute__((error, ("a b")));'],
  ['a text behind a message', 'int x __attribute__((deprecated("a b", "a b")));'],
  [
    'one within a message',
    'int x __attribute__((error(sizeof(struct { int a __attribute__((section("a b"))); }))));',
  ],
  ['an annotation', '[[clang::annotate("a b")]] int x;'],
  ['single parentheses', 'int x __attribute__(section("a"));'],
  ['no parentheses', 'int x __attribute__ section;'],
  ['a list that does not end', 'int x __attribute__((section("a"'],
  ['a list that ends in one parenthesis', 'int x __attribute__((unused) int y;'],
  ['the way of Microsoft', '__declspec(allocate("a")) int x;'],
  ['a pragma as an operator', '_Pragma("redefine_extname x y") int x;'],
  ['a pragma in the way of Microsoft', '__pragma(redefine_extname x y) int x;'],
]

const lines: Texts = [
  ['#ident', '#ident "a\\n.data"'],
  ['#sccs', '#sccs "a"'],
  ['#define', '#define a asm'],
  ['#include', '#include "a.h"'],
  ['#line', '#line 1 "a.c"'],
  ['a marker with an escape', '# 1 "a\\n.data"'],
  ['a marker with more behind it', '# 1 "a" asm("nop nop");'],
  ['a marker that is not ended', '# 1 "a'],
  ['a marker with a carriage return', '# 1 "a\r; asm(nop nop); "'],
  ['a pragma of another name for the assembler', '#pragma redefine_extname x y'],
  ['a pragma of a section', '#pragma clang section bss=".debug_info"'],
  [
    'a pragma of attributes',
    '#pragma clang attribute push(__attribute__((section("a"))), apply_to=variable)',
  ],
  ['a pragma of a compiled header', '#pragma GCC pch_preprocess "a.gch"'],
  ['a pragma with an escape', '#pragma GCC diagnostic ignored "-W\\n"'],
  ['a pragma with a text over lines', '#pragma GCC optimize R"(\n'],
  ['one that does not begin its line', ' #ident "a"'],
  ['one behind a declaration', 'int x; #ident "a"'],
  ['the other way to write its mark', '%:ident "a"'],
]

const otherwise: Texts = [
  ['a comment', '/* " */ int x; /* " */'],
  ['a comment to the end of the line', '// "\nint x;'],
  ['a raw text', 'char a[] = R"(")", b[] = R"(")";'],
  ['a raw text with a prefix', 'char a[] = u8R"(")";'],
  ['a number with marks in it', `int a = 1'000; int b = 1'000;`],
  ['a number with a point and marks in it', `int a = 1.u'0; int b = 1.u'0;`],
  ['a number with an exponent and marks in it', `int a = 1e+u'0; int b = 1e+u'0;`],
  ['a word at a text', 'int a = sizeof"a";'],
  ['a line that goes on', 'int x a\\\nsm("x y");'],
  ['a character by its number', 'int x \\u0061sm("x y");'],
  ['a text that goes on', 'char a[] = "a\\\n";'],
  ['a text that its line ends', 'char a[] = "a\n;'],
  ['a text that nothing ends', 'char a[] = "a\\"'],
  ['a character that its line ends', "char a = 'a\n;"],
  ['braces in other letters', 'int f(void) <% asm("nop"); %>'],
  ['a closing brace in other letters', 'int f(void) { %>'],
  ['brackets in other letters', '<:<:gnu::section("a b"):>:> int x;'],
  ['a closing bracket in other letters', 'int x[1:>;'],
  ['three characters for one', 'int f(void) ??< ??>'],
  ['three characters for one in a text', 'char a[] = "??/";'],
  ['a carriage return', '#pragma pack(1)\rasm("nop nop");'],
  ['a carriage return between words', 'int\rx;'],
  ['a zero', 'int \0 x;'],
  ['a zero in a text', 'char a[] = "\0";'],
  ['a space of another script', 'int x asm\u00c2\u00a0("x y");'],
]

const plain: Texts = [
  ['a plain name for the assembler', 'int f(void) __asm__("kmemdup"); extern int x asm ("a.b_c-1");'],
  ['a register', 'register unsigned long sp asm("rsp"); register long tp __asm__("$tp");'],
  ['plain assembler', 'asm("nop");'],
  ['a section', 'int x __attribute__((__section__(".data..read_mostly"))) = 1;'],
  ['a section in pieces', 'int x __attribute__((section(".data..percpu" "" "..first"))) = 1;'],
  [
    'a section for a symbol',
    'int x __attribute__((section("___ksymtab" "_gpl" "+" "debugfs_x"), used)) = 1;',
  ],
  ['a section with flags', 'int x __attribute__((section(".a,\\"aw\\",@nobits #"))) = 1;'],
  [
    'a section with flags for other assemblers',
    'int x __attribute__((section(".a,\\"a\\",%progbits//"))) = 1;',
  ],
  ['a message', 'int f(void) __attribute__((error("no: \\"%s\\"\\n.data; " "x")));'],
  [
    'another message',
    'int f(void) __attribute__((__warning__("a b"), __deprecated__("a b"), unavailable("a b")));',
  ],
  ['a message in brackets', '[[deprecated("a b")]] [[gnu::error("a b")]] int f(void);'],
  ['options', '__attribute__((__target__("lzcnt,bmi,bmi2"), __optimize__("-fno-gcse"))) int f(void);'],
  ['attributes without texts', 'int f(const char *, ...) __attribute__((format(printf, 1, 2), , cold));'],
  ['an empty list', 'int f(void) __attribute__(());'],
  ['a word that a keyword begins', 'int asmlinkage, _Pragmatic;'],
  ['any text elsewhere', 'char *a = "\\n.section .debug_info\\n", b = \'"\', c[] = "??\t\u00c3\u00b6";'],
  ['an assertion', '_Static_assert(sizeof(int) == 4, "a b; c");'],
  ['wide texts', `unsigned short a[] = L"a b", b = L'\\'', c[] = u"a b", d[] = U"a"; char e[]=u8"a b";`],
  ['brackets in brackets', 'int x[sizeof((int[]) { 1 })] = { [0] = ((int[]) { 1 })[0] };'],
  ['a condition', 'int x = 1 ?: 2, y = a ? b : c;'],
  ['a division', 'int x = 4 / 2, y = 4 % 3, z = 1 < 2;'],
  ['line markers', '# 0 "<built-in>"\n# 1 "./a b.h" 1 3 4\n# 5 "gr\u00c3\u00b6.c" 2\nint x;'],
  [
    'pragmas of alignment',
    '#pragma pack(push, 1)\n#pragma pack(pop)\n#pragma pack()\n#pragma options align=reset',
  ],
  [
    'pragmas of warnings',
    '#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored "-Wformat=2"\n#pragma clang diagnostic pop',
  ],
  [
    'pragmas of visibility and options',
    '#pragma GCC visibility push(hidden)\n#pragma GCC optimize("tree-vectorize")',
  ],
  ['a declaration without an end', 'int x'],
  ['nothing', ''],
]

const refused = [labels, statements, sections, attributes, lines, otherwise].flat()

describe('a text that could write its own assembler', () => {
  it.each(labels)('is found by a name for the assembler with %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeDefined()
  })

  it.each(statements)('is found by a statement %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeDefined()
  })

  it.each(sections)('is found by a section with %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeDefined()
  })

  it.each(attributes)('is found by an attribute: %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeDefined()
  })

  it.each(lines)('is found by a line of the preprocessor: %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeDefined()
  })

  it.each(otherwise)('is found where compilers may read otherwise: %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeDefined()
  })

  it('is found among declarations that are plain', () => {
    // These end in the middle of a line, or of a declaration.
    const before = plain.filter(([, text]) => text.endsWith(';')).map(([, text]) => text)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...before)), fc.constantFrom(...refused), (some, [, text]) => {
        expect(findOwnAssembler([...some, text].join('\n'))).toBeDefined()
      }),
    )
  })

  it.each([
    ['without markers', '\n\nint x asm("x y");', '', 3],
    ['behind a marker', '# 1 "a.c"\nint a;\n# 7 "b.h" 1\n\nint x asm("x y");', 'b.h', 8],
    ['on the line of a marker', 'int a;\n# 7 "b.h"\n#ident "a"\n# 9 "c.h"\n', 'b.h', 7],
  ])('is told with its file and its line, %s', (_, text, file, line) => {
    expect(findOwnAssembler(text)).toMatchObject({ file, line })
  })

  it.each([
    ['int x asm("x y");', 'assembler that is no plain name', 'asm("x y")'],
    ['int x __attribute__((section("a b")));', 'a section whose name is not plain', 'section("a b")'],
    ['int x __attribute__((symver("a b")));', 'an attribute whose text is not plain', 'symver("a b")'],
    ['int x;\n#ident "a"\nint y;', 'a line of the preprocessor that is not understood', '#ident "a"'],
    ['char a[] = "a\n";', 'a text without an end', '"a'],
    ['int a\\u0020;', 'a character that does not belong there', '\\u0020;'],
    ['int a; // b', 'a character that does not belong there', '// b'],
  ])('is told with what was found: %s', (text, what, found) => {
    expect(findOwnAssembler(text)).toMatchObject({ what, found })
  })
})

describe('a text as kernels have it', () => {
  it.each(plain)('may have %s', (_, text) => {
    expect(findOwnAssembler(text)).toBeUndefined()
  })

  it('may have all that at once', () => {
    expect(findOwnAssembler(plain.map(([, text]) => text).join('\n'))).toBeUndefined()
  })
})

describe('the search for assembler', () => {
  it('ends with any text', () => {
    const part = fc.constantFrom(
      ...['{', '}', '(', ')', '[', ']', ';', ',', '"', "'", '\\', '\n', '\n# 1 "a" 1\n', '#', ' ', ':', '??'],
      ...[
        'asm',
        'asm(',
        '__attribute__((',
        'section("a")',
        'error("',
        '[[gnu::',
        '))',
        ']]',
        'f',
        '1',
        '/',
        '<',
      ],
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        findOwnAssembler(parts.join(' '))
      }),
    )
  })

  it('takes a time that grows as the text does', () => {
    const unit = plain.map(([, text]) => text).join('\n')
    const start = performance.now()
    findOwnAssembler(`${unit}\n`.repeat(Math.ceil(2_000_000 / unit.length)))
    findOwnAssembler('int x __attribute__((a('.repeat(100_000))
    findOwnAssembler(`int x __attribute__((a(${'('.repeat(500_000)}`)
    findOwnAssembler(`int x asm(${'"a"\n'.repeat(300_000)});`)
    findOwnAssembler(`${'# 1 "a.c"\nint x;\n'.repeat(100_000)}#ident "a"`)
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
