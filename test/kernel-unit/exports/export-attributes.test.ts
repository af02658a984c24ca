import { describe, expect, it } from 'vitest'
import { exportAttributes } from '../../../src/kernel/exports/export-attributes.ts'

/** What EXPORT_SYMBOL leaves in Linux 5.6 to 6.3, with relative references. */
const linux61 = (symbol: string, suffix: string, namespace: string) =>
  `extern typeof(${symbol}) ${symbol}; extern const char __kstrtab_${symbol}[]; extern const char __kstrtabns_${symbol}[]; ` +
  String.raw`asm("	.section \"__ksymtab_strings\",\"aMS\",%progbits,1	\n" "__kstrtab_" "${symbol}" ":	\n" "	.asciz 	\"" "${symbol}" "\"	\n" "__kstrtabns_" "${symbol}" ":	\n" "	.asciz 	\"" "${namespace}" "\"	\n" "	.previous	\n"); ` +
  String.raw`asm("	.section \"___ksymtab" "${suffix}" "+" "${symbol}" "\", \"a\"	\n" "	.balign	4	\n");`

/** The same with absolute references. */
const linux510 = (symbol: string, suffix: string, namespace: string) =>
  linux61(symbol, suffix, namespace).replace(
    / asm\("\t\.section \\"___.*/,
    ` static const struct kernel_symbol __ksymtab_${symbol} __attribute__((section("___ksymtab" "${suffix}" "+" "${symbol}"), used)) = { (unsigned long)&${symbol}, __kstrtab_${symbol}, __kstrtabns_${symbol} };`,
  )

/** Linux 5.4: a string for the namespace only where there is one. */
const linux54 = (symbol: string, suffix: string, namespace: string) =>
  (namespace === ''
    ? ''
    : `static const char __kstrtabns_${symbol}[] __attribute__((section("__ksymtab_strings"), used, aligned(1))) = "${namespace}"; `) +
  String.raw`asm("	.section \"___ksymtab" "${suffix}" "+" "${symbol}" "\", \"a\"	\n");`

const linux64 = (symbol: string, license: string, namespace: string) =>
  String.raw`asm(".section \".export_symbol\",\"a\" ; __export_symbol_${symbol}: ; .asciz \"${license}\" ; .asciz \"${namespace}\" ; .balign 8 ; .quad ${symbol} ; .previous");`

const linux612 = (symbol: string, license: string, namespace: string) =>
  String.raw`asm(".section \".export_symbol\",\"a\" ; __export_symbol_${symbol}: ; .asciz \"${license}\" ; .ascii \"\" \"${namespace}\" \"\\0\" ; .balign 8 ; .quad ${symbol} ; .previous");`

describe('exportAttributes', () => {
  it.each([
    ['5.4', linux54, '', '_gpl'],
    ['5.6 with absolute references', linux510, '', '_gpl'],
    ['5.6 with relative references', linux61, '', '_gpl'],
    ['6.4', linux64, '', 'GPL'],
    ['6.12', linux612, '', 'GPL'],
  ])('reads type and namespace as Linux %s writes them', (_, text, plain, gpl) => {
    const all = [
      '# 1 "/src/a.c"',
      `char quote = '"';`,
      text('first', plain, ''),
      text('second', gpl, ''),
      'int between;',
      text('third', gpl, 'USB_STORAGE'),
    ].join('\n')
    expect([...exportAttributes(all, true)]).toEqual([
      ['first', { type: 'EXPORT_SYMBOL', namespace: '' }],
      ['second', { type: 'EXPORT_SYMBOL_GPL', namespace: '' }],
      ['third', { type: 'EXPORT_SYMBOL_GPL', namespace: 'USB_STORAGE' }],
    ])
  })

  it('has no namespaces where the kernel has none', () => {
    const text = `static const char __kstrtab_a[] = "a"; static const struct kernel_symbol __ksymtab_a __attribute__((section("___ksymtab" "_unused_gpl" "+" "a"), used));`
    expect(exportAttributes(text, false).get('a')).toEqual({
      type: 'EXPORT_UNUSED_SYMBOL_GPL',
      namespace: undefined,
    })
  })

  it.each([
    ['an unknown license', linux64('a', 'MIT', '')],
    ['an unknown section', linux61('a', '_future', '')],
    ['a namespace in an unknown form', linux61('a', '', '').replace('.asciz 	\\"" "" "\\"', '.word 1')],
  ])('leaves out an export with %s', (_, text) => {
    expect(exportAttributes(text, true).size).toBe(0)
  })

  it('is not led astray by a longer name', () => {
    const text = linux54('a', '', '') + linux54('a_b', '', 'NS')
    expect([...exportAttributes(text, true)].map(([symbol, { namespace }]) => [symbol, namespace])).toEqual([
      ['a', ''],
      ['a_b', 'NS'],
    ])
  })
})
