import { describe, expect, it } from 'vitest'
import { exportChecksums } from '../../../src/vendor/deps/export-checksums.ts'
import { openElf, type Elf } from '../../../src/module/elf.ts'
import { buildElf, elfForms, numbersIn, type BuiltSymbol, type ElfForm } from '../../module/build-elf.ts'

function elfWith(form: ElfForm, symbols: readonly BuiltSymbol[]): Elf {
  const { word } = numbersIn(form)
  const content = Buffer.concat([0x11223344, 0xfffffffe].map(word))
  const elf = openElf(buildElf({ ...form, sections: [{ name: '__kcrctab', content }], symbols }))
  if (elf.kind === 'fault') throw new Error(elf.reason)
  return elf
}

describe.each(elfForms)('exportChecksums of $bits bits, little-endian $little', (form) => {
  it('reads numbers in a section', () => {
    const elf = elfWith(form, [
      { name: '__crc_b', section: '__kcrctab', value: 4 },
      { name: '__crc_a', section: '__kcrctab', value: 0 },
      { name: '__crc_weak' },
    ])
    expect(exportChecksums(elf)).toEqual(
      new Map([
        ['b', 0xfffffffe],
        ['a', 0x11223344],
      ]),
    )
  })

  it('reads absolute values', () => {
    const elf = elfWith(form, [{ name: '__crc_a', section: 'none', value: 0x99887766 }])
    const absolute = {
      ...elf,
      symbols: elf.symbols.map((one) => ({ ...one, section: one.name ? 0xfff1 : 0 })),
    }
    expect(exportChecksums(absolute)).toEqual(new Map([['a', 0x99887766]]))
  })

  it('refuses a checksum outside of its section', () => {
    const elf = elfWith(form, [{ name: '__crc_a', section: '__kcrctab', value: 5 }])
    expect(exportChecksums(elf)).toEqual({
      kind: 'fault',
      reason: 'is damaged: the checksum of its export "a" is not in it',
    })
  })
})
