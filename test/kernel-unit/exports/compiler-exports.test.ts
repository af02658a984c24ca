import { describe, expect, it } from 'vitest'
import { compilerExports, genksymsNames } from '../../../src/kernel/exports/compiler-exports.ts'

const addressable = (symbol: string) =>
  `static void * __attribute__((__section__(".discard.addressable"))) __attribute__((__used__)) __UNIQUE_ID___addressable_${symbol}12 = (void *)&${symbol};`

/** How the strings of an export are kept: up to Linux 5.6 as variables. */
const stringVariable = (name: string, text: string) =>
  `static const char ${name}[] __attribute__((section("__ksymtab_strings"), used, aligned(1))) = "${text}"; `
const stringAsm = (symbol: string, namespace: string) =>
  `extern const char __kstrtab_${symbol}[]; extern const char __kstrtabns_${symbol}[]; ` +
  String.raw`asm("	.section \"__ksymtab_strings\",\"aMS\",%progbits,1	\n" "__kstrtab_" "${symbol}" ":	\n" "	.asciz 	\"" "${symbol}" "\"	\n" "__kstrtabns_" "${symbol}" ":	\n" "	.asciz 	\"" "${namespace}" "\"	\n" "	.previous	\n"); `
/** Entries, as `asm` with relative references or as variables. */
const entryAsm = (symbol: string, suffix: string, namespace: string | undefined) =>
  addressable(symbol) +
  String.raw` asm("	.section \"___ksymtab" "${suffix}" "+" "${symbol}" "\", \"a\"	\n" "	.balign	4	\n" "__ksymtab_" "${symbol}" ":	\n" "	.long	" "${symbol}" "- .	\n" "	.long	__kstrtab_" "${symbol}" "- .	\n" ${namespace === undefined ? '' : namespace === '' ? String.raw`"	.long	0	\n" ` : String.raw`"	.long	__kstrtabns_" "${symbol}" "- .	\n" `}"	.previous	\n");`
const entryVariable = (symbol: string, suffix: string, namespace: string) =>
  `static const struct kernel_symbol __ksymtab_${symbol} __attribute__((section("___ksymtab" "${suffix}" "+" "${symbol}"), used)) __attribute__((__aligned__(sizeof(void *)))) = { (unsigned long)&${symbol}, __kstrtab_${symbol}${namespace} };`
const checksum = (symbol: string) =>
  String.raw`asm("	.section \"___kcrctab" "" "+" "${symbol}" "\", \"a\"	\n" "	.weak	__crc_" "${symbol}" "	\n" "	.long	__crc_" "${symbol}" "	\n" "	.previous	\n"); `
const declared = (symbol: string) => `extern typeof(${symbol}) ${symbol}; `

type Form = (symbol: string, suffix: string, namespace: string) => string
const old: Form = (symbol, suffix) =>
  declared(symbol) +
  checksum(symbol) +
  stringVariable(`__kstrtab_${symbol}`, symbol) +
  entryVariable(symbol, suffix, '')
const linux419: Form = (symbol, suffix) =>
  declared(symbol) +
  checksum(symbol) +
  stringVariable(`__kstrtab_${symbol}`, symbol) +
  entryAsm(symbol, suffix, undefined)
const linux54: Form = (symbol, suffix, namespace) =>
  declared(symbol) +
  checksum(symbol) +
  stringVariable(`__kstrtab_${symbol}`, symbol) +
  (namespace === '' ? '' : stringVariable(`__kstrtabns_${symbol}`, namespace)) +
  entryAsm(symbol, suffix, namespace)
const linux61: Form = (symbol, suffix, namespace) =>
  declared(symbol) + stringAsm(symbol, namespace) + entryAsm(symbol, suffix, 'always')
const linux61variables: Form = (symbol, suffix, namespace) =>
  declared(symbol) + stringAsm(symbol, namespace) + entryVariable(symbol, suffix, `, __kstrtabns_${symbol}`)
const license = (suffix: string) => (suffix === '_gpl' ? 'GPL' : suffix)
const linux64: Form = (symbol, suffix, namespace) =>
  declared(symbol) +
  addressable(symbol) +
  String.raw` asm(".section \".export_symbol\",\"a\" ; __export_symbol_${symbol}: ; .asciz \"${license(suffix)}\" ; .asciz \"${namespace}\" ; .balign 8 ; .quad ${symbol} ; .previous");`
const linux612: Form = (symbol, suffix, namespace) =>
  linux64(symbol, suffix, '').replace(
    String.raw`.asciz \"\" ; .balign`,
    String.raw`.ascii \"\" \"${namespace}\" \"\\0\" ; .balign`,
  )

const read = (text: string, namespaces = true) => {
  const result = compilerExports(Buffer.from(text), namespaces)
  if (result.kind === 'doubt') return `doubt about ${result.about}`
  return [...result.exports].map(
    ([symbol, { type, namespace }]) => `${symbol} ${type} ${namespace ?? 'none'}`,
  )
}

describe('compilerExports', () => {
  it.each<readonly [string, Form]>([
    ['5.4', linux54],
    ['5.7 to 6.3 with absolute references', linux61variables],
    ['5.7 to 6.3 with relative references', linux61],
    ['6.4', linux64],
    ['6.12', linux612],
  ])('reads type and namespace as Linux %s writes them', (_, form) => {
    const all = [
      '# 1 "/src/a.c"',
      `char quote = '"'; static inline int f(int a) { if (a) { return '}'; } return 0; }`,
      form('first', '', ''),
      form('second', '_gpl', ''),
      'int between;',
      form('third', '_gpl', 'USB_STORAGE'),
    ].join('\n')
    expect(read(all)).toEqual([
      'first EXPORT_SYMBOL ',
      'second EXPORT_SYMBOL_GPL ',
      'third EXPORT_SYMBOL_GPL USB_STORAGE',
    ])
  })

  it.each<readonly [string, Form]>([
    ['4.14', old],
    ['4.19', linux419],
  ])('has no namespaces where the kernel has none: Linux %s', (_, form) => {
    expect(read(form('a', '_unused_gpl', '') + form('b', '', ''), false)).toEqual([
      'a EXPORT_UNUSED_SYMBOL_GPL none',
      'b EXPORT_SYMBOL none',
    ])
  })

  it.each([
    ['an unknown license', linux64('a', 'MIT', '')],
    ['an unknown section', linux61('a', '_future', '')],
    ['a namespace in an unknown form', linux61('a', '', '').replace('.asciz 	\\"" "" "\\"', '.word 1')],
    ['a name of another symbol', linux61('a', '', '').replace('\\"" "a" "\\"', '\\"" "b" "\\"')],
    ['an entry for another symbol', linux61('a', '', '').replace('.long	" "a" "- .', '.long	" "b" "- .')],
    ['a second export', linux61('a', '', '') + linux61('a', '_gpl', '')],
    ['a variable with an alias', linux61variables('a', '', '').replace('used))', 'used, alias("b")))')],
    ['a place in a function', `static inline void f(void) { ${linux61('a', '', '')} }`],
    ['a text that never ends', `void f(void) { ${linux61('a', '', '')}`],
    ['a pragma', `#pragma redefine_extname __ksymtab_a b\n${linux61('a', '', '')}`],
  ])('leaves to the assembler an export with %s', (_, text) => {
    expect(read(text)).toContain('doubt')
  })

  it.each([
    ['a condition', 'asm(".if 0");'],
    ['a macro', 'asm(".macro .section x\\n.endm");'],
    ['a comment', '__asm__ volatile("/*");'],
    ['an instruction, which may be a macro', 'asm("hide");'],
    ['a section that stays', 'asm(".section .discard.x");'],
    ['an assignment', 'asm(".set x, 1");'],
    ['a checksum', 'asm(".globl __crc_a");'],
    ['a label that leaves its line', 'int x asm("x\\n.if 0");'],
    ['a section that leaves its line', 'int x __attribute__((section("x\\n.if 0")));'],
    ['a condition in a function that does not end there', 'void f(void) { asm volatile(".if 0"); }'],
    ['a comment in a function', 'void f(void) { asm volatile("/*"); }'],
    ['another meaning of a directive', 'void f(void) { asm(".macro .section x\\n.endm"); }'],
    ['an included file', 'void f(void) { asm(".include \\"x\\""); }'],
    ['an entry in a function', 'void f(void) { asm(".section ___ksymtab+a\\n"); }'],
  ])('leaves everything to the assembler beside %s', (_, line) => {
    expect(read(`${line}\n${linux61('a', '', '')}`)).toContain('doubt')
  })

  it.each([
    [
      'an initcall',
      'asm(".section	\\"" ".initcall6" ".init\\", \\"a\\"	\\n" "__initcall__kmod_a__1_2_init6" ":	\\n" ".long	init - .	\\n" ".previous	\\n");',
    ],
    [
      'a message that quotes an attribute',
      'void f(void) { extern void g(void) __attribute__((__error__("min" "(" "__attribute__((__error__(\\"x\\")))" ")"))); }',
    ],
    ['a register', 'register unsigned long sp asm("rsp");'],
    [
      'an alternative',
      'static inline void f(void) { asm volatile("661:\\n\\tnop\\n662:\\n.pushsection .altinstructions,\\"a\\"\\n .long 661b - .\\n.popsection\\n" : : "i" (1)); }',
    ],
    [
      'a macro of a function',
      'void f(void) { asm(".macro x y\\n.ifc \\\\y,rax\\n.endif\\n.endm\\nx rax\\n.purgem x\\n"); }',
    ],
  ])('does not mind %s', (_, line) => {
    expect(read(`${line}\n${linux61('a', '', '')}`)).toEqual(['a EXPORT_SYMBOL '])
  })

  it('is not led astray by a longer name', () => {
    expect(read(linux54('a', '', '') + linux54('a_b', '', 'NS'))).toEqual([
      'a EXPORT_SYMBOL ',
      'a_b EXPORT_SYMBOL NS',
    ])
  })
})

describe('genksymsNames', () => {
  it('names what genksyms takes for exports at file scope', () => {
    const text = 'int a;\n__GENKSYMS_EXPORT_SYMBOL(a);\nint b(void)\n{ }\n__GENKSYMS_EXPORT_SYMBOL(b);'
    expect(genksymsNames(Buffer.from(text))).toEqual(['a', 'b'])
    expect(genksymsNames(Buffer.from('EXPORT_SYMBOL_GPL(a);'))).toEqual(['a'])
  })

  it.each(['void f(void) { __GENKSYMS_EXPORT_SYMBOL(a); }', 'asm(".if 0");', 'asm("__ksymtab_a:");'])(
    'names none beside what is for the assembler: %s',
    (text) => {
      expect(genksymsNames(Buffer.from(`__GENKSYMS_EXPORT_SYMBOL(b);\n${text}`))).toBeUndefined()
    },
  )
})
