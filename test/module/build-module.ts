import { buildElf, numbersIn, type BuiltSymbol, type ElfForm } from './build-elf.ts'

export interface BuiltModule extends Partial<ElfForm> {
  readonly machine?: number
  /** Symbols of `__versions` with their checksums; each gets an undefined symbol unless `symbols` has it. */
  readonly imports?: Readonly<Record<string, number>>
  /** Imports in the sections of Linux 6.14 and later. */
  readonly extended?: Readonly<Record<string, number>>
  readonly exports?: readonly string[]
  /** Checksums of exports, as numbers in a section. */
  readonly crcs?: Readonly<Record<string, number>>
  readonly symbols?: readonly BuiltSymbol[]
  /** Texts of `.modinfo`, such as `license=GPL`. */
  readonly info?: readonly string[]
  readonly leaveOut?: readonly string[]
}

const signature = '~Module signature appended~\n'

/** A signed kernel module in the form that the kernel's build gives it. */
export function buildModule({
  bits = 64,
  little = true,
  machine = 62,
  imports = {},
  extended,
  exports = [],
  crcs = {},
  symbols = [],
  info = ['license=GPL', 'vermagic=6.1.0 SMP preempt mod_unload modversions '],
  leaveOut = [],
}: BuiltModule): Buffer {
  const { word, long } = numbersIn({ bits, little })
  const versions = Object.entries(imports).map(([symbol, crc]) => {
    const name = Buffer.alloc(64 - bits / 8)
    name.write(symbol)
    return Buffer.concat([long(crc), name])
  })
  const given = new Set(['module_layout', ...symbols.map(({ name }) => name)])
  const names = Object.keys({ ...extended, ...imports }).filter((name) => !given.has(name))
  const sections = [
    { name: '.text', content: Buffer.alloc(16) },
    { name: '.bss', content: Buffer.alloc(0), type: 8, size: 1_000_000 },
    { name: '__ksymtab_gpl', content: Buffer.alloc(12 * exports.length) },
    { name: '__kcrctab', content: Buffer.concat(Object.values(crcs).map(word)) },
    { name: '.modinfo', content: Buffer.from(info.map((text) => text + '\0').join('')) },
    { name: '__versions', content: Buffer.concat(versions) },
    ...(extended
      ? [
          { name: '__version_ext_crcs', content: Buffer.concat(Object.values(extended).map(word)) },
          {
            name: '__version_ext_names',
            content: Buffer.from(
              Object.keys(extended)
                .map((name) => name + '\0')
                .join('') + '\0',
            ),
          },
        ]
      : []),
    { name: '.gnu.linkonce.this_module', content: Buffer.alloc(64) },
  ].filter(({ name }) => !leaveOut.includes(name))
  const elf = buildElf({
    bits,
    little,
    machine,
    sections,
    symbols: [
      { name: 'init_module', section: '.text' },
      ...exports.flatMap((name) => [
        { name, section: '.text' },
        { name: '__ksymtab_' + name, section: '__ksymtab_gpl' },
      ]),
      ...Object.keys(crcs).map((name, index) => ({
        name: '__crc_' + name,
        section: '__kcrctab',
        value: index * 4,
      })),
      ...names.map((name) => ({ name })),
      ...symbols,
    ],
  })
  return Buffer.concat([elf, Buffer.from('PKCS#7' + '\0'.repeat(12) + signature)])
}
