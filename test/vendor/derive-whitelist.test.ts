import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Symvers } from '../../src/abi/export.ts'
import { formatNames } from '../../src/abi/format-names.ts'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { deriveWhitelist, type ColumnSource } from '../../src/vendor/derive-whitelist.ts'
import type { KernelModule } from '../../src/module/kernel-module.ts'

function driver(
  name: string,
  imports: Readonly<Record<string, number | undefined>>,
  exports: readonly string[] = [],
): KernelModule {
  return {
    file: `/drivers/${name}.ko`,
    name,
    arch: 'x86_64',
    imports: Object.entries(imports).map(([symbol, crc]) => ({ symbol, crc })),
    exports: new Set(exports),
    info: { license: 'GPL', vermagic: undefined, namespaces: [] },
  }
}

const symvers: Symvers = {
  file: 'Module.symvers',
  exports: (
    [
      ['kfree', 1],
      ['pci_enable_device', 2],
      ['usb_submit_urb', 3],
    ] as const
  ).map(([symbol, crc], index) => ({
    symbol,
    crc,
    module: 'vmlinux',
    type: 'EXPORT_SYMBOL',
    namespace: '',
    file: 'Module.symvers',
    line: index + 1,
  })),
}

const [kfree] = symvers.exports
const withZero: Symvers = { ...symvers, exports: kfree ? [{ ...kfree, symbol: 'memset', crc: 0 }] : [] }

const none: ColumnSource = { kind: 'none' }
const fromDrivers: ColumnSource = { kind: 'drivers' }
const fromSymvers: ColumnSource = { kind: 'symvers', symvers }

const igb = driver('igb', { pci_enable_device: 2, kfree: 1, i2c_transfer: 9 })
const usbnet = driver('usbnet', { usb_submit_urb: 3, kfree: 1 })
const i2c = driver('i2c-core', { kfree: 1 }, ['i2c_transfer', 'i2c_unused'])

function messages(drivers: readonly KernelModule[], columns: ColumnSource): readonly string[] {
  const { problems } = deriveWhitelist(drivers, columns)
  return problems.flatMap(({ kind, message, excerpt = [] }) => [`${kind}: ${message}`, ...excerpt])
}

test('lists each symbol once: common ones first, then those of one driver, sorted, without internal ones', () => {
  const { value, problems } = deriveWhitelist([usbnet, igb, i2c], none)
  expect(problems).toEqual([])
  expect(formatNames(value.whitelist)).toBe(
    '[common]\n\tkfree\n[igb]\n\tpci_enable_device\n[usbnet]\n\tusb_submit_urb\n',
  )
  expect(value.internal).toBe(1)
})

test('a symbol is internal only when the driver that provides it is given', () => {
  const { value } = deriveWhitelist([igb], none)
  expect(value.internal).toBe(0)
  expect(value.whitelist.rows.map(({ symbol }) => symbol)).toEqual([
    'i2c_transfer',
    'kfree',
    'pci_enable_device',
  ])
})

test('gives rows the checksums that the drivers were built against', () => {
  const { value } = deriveWhitelist([usbnet], fromDrivers)
  expect(formatWhitelist(value.whitelist)).toBe('[usbnet]\n0x00000001\tkfree\n0x00000003\tusb_submit_urb\n')
})

test('gives rows all columns of a symvers', () => {
  const { value, problems } = deriveWhitelist([driver('usbnet', { usb_submit_urb: undefined })], fromSymvers)
  expect(problems).toEqual([])
  expect(formatWhitelist(value.whitelist)).toBe(
    '[usbnet]\n0x00000003\tusb_submit_urb\tvmlinux\tEXPORT_SYMBOL\t\n',
  )
})

test.each<[string, KernelModule[], ColumnSource, string[]]>([
  [
    'a symbol that the symvers lacks',
    [igb, usbnet],
    fromSymvers,
    ['no-checksum: 1 symbol has no export in "Module.symvers".', 'i2c_transfer (igb)'],
  ],
  [
    'a driver for another kernel than that of the symvers',
    [driver('a', { kfree: 7 })],
    fromSymvers,
    [
      'other-kernel: 1 symbol has other checksums in the drivers than in "Module.symvers".',
      'kfree (a): 0x00000007, not 0x00000001',
    ],
  ],
  [
    'two drivers for different kernels',
    [igb, driver('a', { kfree: undefined }), driver('b', { kfree: 7 })],
    none,
    [
      'other-kernel: 1 symbol has different checksums in the drivers, which were built for different kernels.',
      'kfree: 0x00000007 in b, 0x00000001 in igb',
    ],
  ],
  [
    'two drivers that disagree about what a third one exports',
    [igb, i2c, driver('w', { i2c_transfer: 8 })],
    none,
    [
      'other-kernel: 1 symbol has different checksums in the drivers, which were built for different kernels.',
      'i2c_transfer: 0x00000009 in igb, 0x00000008 in w',
    ],
  ],
  [
    'a symbol without a checksum where checksums were asked for',
    ['a', 'b', 'c', 'd', 'e'].map((name) => driver(name, { memcpy: undefined })),
    fromDrivers,
    ['no-checksum: 1 symbol has no checksum in any of the drivers.', 'memcpy (a, b, c and 2 more)'],
  ],
  [
    'a checksum of zero',
    [driver('a', { kfree: 0, kmalloc: 1 })],
    fromDrivers,
    ['no-checksum: 1 symbol has no checksum in any of the drivers.', 'kfree (a)'],
  ],
  [
    'a checksum of zero in the symvers',
    [driver('a', { memset: 5 })],
    { kind: 'symvers', symvers: withZero },
    ['no-checksum: 1 symbol has no checksum, only zero, in "Module.symvers".', 'memset (a)'],
  ],
  [
    'a group of drivers that needs only itself',
    [driver('a', { b_up: 1 }), driver('b', { a_up: 1 }, ['b_up']), driver('c', { b_up: 1 }, ['a_up'])],
    none,
    ['empty-whitelist: The drivers import nothing but what they export to each other.'],
  ],
  [
    'two drivers of one name',
    [driver('nvme-core', { kfree: 1 }), driver('nvme_core', { kfree: 1 })],
    none,
    ['usage: "/drivers/nvme_core.ko" has the name of "/drivers/nvme-core.ko".'],
  ],
  [
    'a driver with the name of a section',
    [driver('common', { kfree: 1 })],
    none,
    ['usage: "/drivers/common.ko" has the name of the section of symbols that several drivers need.'],
  ],
])('%s is an error', (_, drivers, columns, expected) => {
  expect(messages(drivers, columns)).toEqual(expected)
})

test('of many symbols the first ten are named', () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`s${index}`, 0]))
  const [message, ...excerpt] = messages([driver('a', many)], fromDrivers)
  expect(message).toContain('12 symbols have no checksum')
  expect(excerpt).toHaveLength(11)
  expect(excerpt.at(-1)).toBe('and 2 more')
})

test('a checksum that only one of two drivers has is the symbol’s', () => {
  const some = [driver('a', { kfree: undefined }), driver('b', { kfree: 1 })]
  const { value, problems } = deriveWhitelist(some, fromDrivers)
  expect(problems).toEqual([])
  expect(value.whitelist.rows.map(({ crc }) => crc)).toEqual([1])
})

const symbols = ['kfree', 'kmalloc', 'printk', 'i2c_transfer', 'mutex_lock', 'x', 'y', 'z']
const crcs = new Map(symbols.map((symbol, index) => [symbol, index + 1]))
const arbitraryDrivers = fc
  .uniqueArray(
    fc.tuple(
      fc.stringMatching(/^[a-z0-9_]{1,6}$/).filter((name) => name !== 'common'),
      fc.subarray(symbols, { minLength: 1 }),
      fc.subarray(symbols, { maxLength: 2 }),
    ),
    { selector: ([name]) => name, minLength: 1, maxLength: 6 },
  )
  .map((entries) =>
    entries.map(([name, imports, exports]) =>
      driver(
        name,
        Object.fromEntries(['module_layout', ...imports].map((symbol) => [symbol, crcs.get(symbol) ?? 99])),
        exports,
      ),
    ),
  )

test('protects exactly what is imported and not exported, whatever the order of the drivers', () => {
  fc.assert(
    fc.property(arbitraryDrivers, (drivers) => {
      const { value, problems } = deriveWhitelist(drivers, fromDrivers)
      expect(problems).toEqual([])
      const imported = new Set(drivers.flatMap(({ imports }) => imports.map(({ symbol }) => symbol)))
      const exported = new Set(drivers.flatMap(({ exports }) => [...exports]))
      const listed = value.whitelist.rows.map(({ symbol }) => symbol)
      expect(listed.toSorted()).toEqual([...imported].filter((symbol) => !exported.has(symbol)).sort())
      expect(deriveWhitelist(drivers.toReversed(), fromDrivers)).toEqual({ value, problems })
    }),
  )
})

test('both forms of the list are read again with the same symbols and sections', () => {
  fc.assert(
    fc.property(arbitraryDrivers, (drivers) => {
      const { whitelist } = deriveWhitelist(drivers, fromDrivers).value
      for (const text of [formatNames(whitelist), formatWhitelist(whitelist)]) {
        const again = parseWhitelist(text, 'w')
        expect(again.problems).toEqual([])
        expect(again.value.rows.map(({ section, symbol }) => [section, symbol])).toEqual(
          whitelist.rows.map(({ section, symbol }) => [section, symbol]),
        )
      }
    }),
  )
})
