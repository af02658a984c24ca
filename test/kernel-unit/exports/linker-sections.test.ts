import { describe, expect, it } from 'vitest'
import { sectionDrop } from '../../../src/kernel/exports/linker-sections.ts'

/** As include/asm-generic/vmlinux.lds.h of Linux 6.1 makes it. */
const tables = `
 __ksymtab : AT(ADDR(__ksymtab) - 0xffffffff80000000) { __start___ksymtab = .; KEEP(*(SORT(___ksymtab+*))) __stop___ksymtab = .; }
 __ksymtab_gpl : AT(ADDR(__ksymtab_gpl) - 0xffffffff80000000) { __start___ksymtab_gpl = .; KEEP(*(SORT(___ksymtab_gpl+*))) __stop___ksymtab_gpl = .; }
 __kcrctab : AT(ADDR(__kcrctab) - 0xffffffff80000000) { __start___kcrctab = .; KEEP(*(SORT(___kcrctab+*))) __stop___kcrctab = .; }
 __ksymtab_strings : AT(ADDR(__ksymtab_strings) - 0) { *(__ksymtab_strings) }`
const script = (rest: string) => `SECTIONS\n{\n .text : { *(.text .text.*) KEEP(*(.init)) }\n${rest}\n}\n`
const discard =
  '/DISCARD/ : { *(.discard) *(.discard.*) *(.export_symbol) *(.exitcall.exit) EXCLUDE_FILE(*.x) }'
const drop = (text: string) => sectionDrop(script(text), ['plain', 'start'], true)

describe('sectionDrop', () => {
  it('finds nothing in the scripts of the kernel', () => {
    expect(drop(`${tables}\n${discard}`)).toBeUndefined()
    const modules = '__ksymtab 0 : { *(SORT(___ksymtab+*)) }\n__ksymtab_gpl 0 : { *(SORT(___ksymtab_gpl+*)) }'
    expect(sectionDrop(script(`${discard}\n${modules}`), ['plain'], false)).toBeUndefined()
  })

  it.each([
    '/DISCARD/ : { *(___ksymtab+plain) }',
    '/DISCARD/ : { *(.a "___ksymtab_gpl+start") }',
    '/DISCARD/ : { *(___ksymtab+*) }',
    '/DISCARD/ : { lib/plain.o(___k*) }',
    '/DISCARD/ : { *(*+pl?in) }',
    '/DISCARD/ : { *(___[k]symtab+[!a]lain) }',
    '/DISCARD/ : { lib/plain.o(*) }',
    '/DISCARD/ : { *(__ksymtab_strings) }',
    '.data : { *(.data) *(SORT(___ksymtab+*)) }',
  ])('finds what takes an export away: %s', (line) => {
    expect(drop(`${line}\n${tables}`)).toBeDefined()
  })

  it('finds a table that does not take every object, and one that is missing', () => {
    expect(
      drop(tables.replace('*(SORT(___ksymtab+*))', '*(EXCLUDE_FILE(lib/plain.o) ___ksymtab+*)')),
    ).toBeDefined()
    expect(drop(tables.replace('___ksymtab+*', '___ksymtab+[a-o]*'))).toBeDefined()
    expect(drop('.data : { *(.data) }')).toBeDefined()
  })

  it('lets patterns of other sections be', () => {
    const arithmetic = '.brk : { . += 64 * 1024; . = ALIGN((1 << 12) * 2); *(.bss..brk) }'
    expect(drop(`${tables}\n${arithmetic}`)).toBeUndefined()
    const others = '/DISCARD/ : { *(.note.*) *(__kprobes+*) *(*.plain) *(___ksymtab+other) }'
    expect(drop(`${tables}\n${others}`)).toBeUndefined()
  })
})
