import { describe, expect, it } from 'vitest'
import { assemblerListing } from '../../../src/kernel/exports/assembler-listing.ts'
import { buildElf, elfForms } from '../../module/build-elf.ts'

describe('assemblerListing', () => {
  it('reads the macro of the assembler that the preprocessor leaves', () => {
    const text =
      '# 1 "a.S"\n ___EXPORT_SYMBOL memcpy, memcpy,\n___EXPORT_SYMBOL __x86_thunk_rax,__x86_thunk_rax,_gpl ; nop\n'
    expect([...(assemblerListing('text', Buffer.from(text), true) ?? [])]).toEqual([
      ['memcpy', { type: 'EXPORT_SYMBOL', namespace: '' }],
      ['__x86_thunk_rax', { type: 'EXPORT_SYMBOL_GPL', namespace: '' }],
    ])
    expect(assemblerListing('text', Buffer.from(text), false)?.get('memcpy')).toEqual({
      type: 'EXPORT_SYMBOL',
      namespace: undefined,
    })
  })

  it.each([
    ['exports nothing when the macro is empty', '', []],
    ['exports when the macro has a body', '\t.section ___ksymtab\\sec+\\name,"a"\n', ['memcpy']],
  ])('%s', (_, body, symbols) => {
    const text = `.macro ___EXPORT_SYMBOL name,val,sec\n\n# 37 "export.h"\n${body}.endm\n ___EXPORT_SYMBOL memcpy, memcpy,\n`
    expect([...(assemblerListing('text', Buffer.from(text), true)?.keys() ?? [])]).toEqual(symbols)
  })

  it.each(elfForms)('reads the symbols of an object of $bits bits, little endian $little', (form) => {
    const object = buildElf({
      ...form,
      sections: [{ name: '.export_symbol', content: Buffer.from('GPL\0NS\0x\0\0\0') }],
      symbols: [
        { name: '__export_symbol_memcpy', section: '.export_symbol' },
        { name: 'memcpy', section: '.export_symbol', value: 7 },
        { name: '__export_symbol_memset', section: '.export_symbol', value: 9 },
      ],
    })
    expect([...(assemblerListing('object', object, true) ?? [])]).toEqual([
      ['memcpy', { type: 'EXPORT_SYMBOL_GPL', namespace: 'NS' }],
      ['memset', { type: 'EXPORT_SYMBOL', namespace: '' }],
    ])
  })

  it.each([
    ['of an unknown license', { section: '.export_symbol', value: 3 }],
    ['without a section', {}],
    ['whose strings lie beyond the file', { section: '.export_symbol', value: 1_000_000 }],
  ])('refuses an object with an export %s', (_, place) => {
    const object = buildElf({
      bits: 64,
      little: true,
      sections: [{ name: '.export_symbol', content: Buffer.from('\0\0\0MIT\0\0') }],
      symbols: [
        { name: '__export_symbol_memset', section: '.export_symbol' },
        { name: '__export_symbol_strange', ...place },
      ],
    })
    expect(assemblerListing('object', object, true)).toBeUndefined()
  })

  it.each([Buffer.alloc(0), Buffer.from('no object'), Buffer.alloc(100)])(
    'refuses what is no ELF file',
    (content) => {
      expect(assemblerListing('object', content, true)).toBeUndefined()
    },
  )
})
