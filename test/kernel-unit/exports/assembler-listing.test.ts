import { describe, expect, it } from 'vitest'
import { assemblerListing } from '../../../src/kernel/exports/assembler-listing.ts'

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
    [64, true],
    [64, false],
    [32, true],
    [32, false],
  ] as const)('reads the symbols of an object of %i bits, little endian %s', (bits, little) => {
    const object = elfObject(bits, little, [
      ['__export_symbol_memcpy', 'GPL\0NS\0'],
      ['memcpy', 'x\0'],
      ['__export_symbol_memset', '\0\0'],
    ])
    expect([...(assemblerListing('object', object, true) ?? [])]).toEqual([
      ['memcpy', { type: 'EXPORT_SYMBOL_GPL', namespace: 'NS' }],
      ['memset', { type: 'EXPORT_SYMBOL', namespace: '' }],
    ])
  })

  it('refuses an object with an export of a license that it does not know', () => {
    const object = elfObject(64, true, [
      ['__export_symbol_memset', '\0\0'],
      ['__export_symbol_strange', 'MIT\0\0'],
    ])
    expect(assemblerListing('object', object, true)).toBeUndefined()
  })

  it('refuses an object that does not say how many sections it has', () => {
    const object = elfObject(64, true, [['__export_symbol_memset', '\0\0']])
    object.writeUInt16LE(0, 60)
    expect(assemblerListing('object', object, true)).toBeUndefined()
  })

  it.each([Buffer.alloc(0), Buffer.from('no object'), Buffer.alloc(100)])(
    'refuses what is no ELF file',
    (content) => {
      expect(assemblerListing('object', content, true)).toBeUndefined()
    },
  )
})

/** An object with one section of data and a symbol table, by the System V ABI. */
function elfObject(bits: 32 | 64, little: boolean, symbols: readonly (readonly [string, string])[]): Buffer {
  const wide = bits === 64
  const data = Buffer.from(symbols.map(([, text]) => text).join(''))
  const names = Buffer.from(`\0${symbols.map(([name]) => `${name}\0`).join('')}`)
  const [headerSize, sectionSize, symbolSize] = wide ? [64, 64, 24] : [52, 40, 16]
  const table = Buffer.alloc(symbolSize * (symbols.length + 1))
  const put = (buffer: Buffer, at: number, value: number, bytes: number): void => {
    if (bytes === 8 && !little) buffer.writeUInt32BE(value, at + 4)
    else if (little) buffer.writeUIntLE(value, at, Math.min(bytes, 4))
    else buffer.writeUIntBE(value, at, bytes)
  }
  const word = wide ? 8 : 4
  let name = 1
  let value = 0
  symbols.forEach(([text, content], index) => {
    const at = symbolSize * (index + 1)
    put(table, at, name, 4)
    put(table, at + (wide ? 6 : 14), 1, 2)
    put(table, at + (wide ? 8 : 4), value, word)
    name += text.length + 1
    value += content.length
  })
  const header = Buffer.alloc(headerSize)
  header.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2])
  put(header, wide ? 40 : 32, headerSize, word)
  put(header, wide ? 58 : 46, sectionSize, 2)
  put(header, wide ? 60 : 48, 4, 2)
  const sections = Buffer.alloc(sectionSize * 4)
  let offset = headerSize + sections.length
  const parts = [data, table, names]
  parts.forEach((part, index) => {
    const at = sectionSize * (index + 1)
    put(sections, at + 4, [1, 2, 3][index] ?? 0, 4)
    put(sections, at + (wide ? 24 : 16), offset, word)
    put(sections, at + (wide ? 32 : 20), part.length, word)
    put(sections, at + (wide ? 40 : 24), index === 1 ? 3 : 0, 4)
    offset += part.length
  })
  return Buffer.concat([header, sections, ...parts])
}
