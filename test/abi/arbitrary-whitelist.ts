import fc from 'fast-check'
import { exportTypes } from '../../src/abi/export.ts'
import type { Lifetime, Whitelist, WhitelistRow } from '../../src/abi/whitelist.ts'

/** Symbols, modules and namespaces, with look-alikes of other columns among them. */
const symbol = fc.oneof(
  fc.stringMatching(/^[A-Za-z_.$][A-Za-z0-9_.$]{0,12}$/),
  fc.constantFrom('EXPORT_SYMBOL', 'vmlinux', '_', 'PASS', 'x0x1', 'toString', '__proto__', 'constructor'),
)
const word = fc.oneof(
  fc.stringMatching(/^[!-~]{1,12}$/).filter((text) => text !== '-' && !text.startsWith('EXPORT_')),
  fc.constantFrom('vmlinux', 'arch/x86/kvm/kvm', 'module:kvm-amd,kvm-intel', 'übung', '#6-', '0x1', '--'),
)
const lifetime = fc
  .tuple(fc.nat(9999), fc.option(fc.nat(9999), { nil: undefined }))
  .map(([first, last]): Lifetime => (last === undefined ? { first } : { first, last: Math.max(first, last) }))

const columns = fc.record({
  crc: fc.option(fc.integer({ min: 1, max: 0xffffffff }), { nil: undefined }),
  module: fc.option(word, { nil: undefined }),
  type: fc.option(fc.constantFrom(...exportTypes), { nil: undefined }),
  namespace: fc.option(fc.oneof(fc.constant(''), word), { nil: undefined }),
  lifetime: fc.option(lifetime, { nil: undefined }),
})
const section = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[!-~]([ -~]{0,8}[!-~])?$/).filter((s) => !/[[\]]/.test(s)),
)

/** Whitelists that a reader could have read: one set of columns a symbol, each symbol once a section. */
export const arbitraryWhitelist: fc.Arbitrary<Whitelist> = fc
  .uniqueArray(fc.tuple(symbol, columns, fc.uniqueArray(section, { minLength: 1, maxLength: 3 })), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 30,
  })
  .map((entries) => ({
    file: 'w',
    dialect: 'canonical',
    rows: entries.flatMap(([name, { lifetime: given, ...rest }, sections]) =>
      sections.map((title): WhitelistRow => {
        const row = { symbol: name, ...rest, section: title, file: 'w', line: 1 }
        return given ? { ...row, lifetime: given } : row
      }),
    ),
  }))
