import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Export, ExportType, Symvers } from '../../src/abi/export.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { checkModules, type ModuleViolation, type TargetKernel } from '../../src/module/check-modules.ts'
import type { KernelModule, ModuleInfo } from '../../src/module/kernel-module.ts'

const vermagic = '6.1.0-47-amd64 SMP preempt mod_unload modversions'

function driver(
  name: string,
  imports: Readonly<Record<string, number | undefined>>,
  more: { readonly exports?: readonly string[]; readonly info?: Partial<ModuleInfo> } = {},
): KernelModule {
  return {
    file: `${name}.ko`,
    name,
    arch: 'x86_64',
    imports: Object.entries(imports).map(([symbol, crc]) => ({ symbol, crc })),
    exports: new Set(more.exports ?? []),
    info: { license: 'GPL', vermagic, namespaces: [], ...more.info },
  }
}

const list = parseWhitelist(
  [
    '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t',
    '0x00000002\tpci_enable_device\tvmlinux\tEXPORT_SYMBOL\t',
    '0x00000003\tusb_submit_urb\tvmlinux\tEXPORT_SYMBOL_GPL\t',
    '0x00000004\tnvme_init\tdrivers/nvme/core\tEXPORT_SYMBOL\tNVME',
    '0x00000005\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t',
  ].join('\n'),
  'kabi_whitelist',
).value
const names = parseWhitelist('[common]\n\tkfree\n', 'names').value

function symversOf(rows: readonly (readonly [string, number, ExportType?, string?])[]): Symvers {
  const exports = rows.map(([symbol, crc, type = 'EXPORT_SYMBOL', namespace = ''], index): Export => ({
    symbol,
    crc,
    module: 'vmlinux',
    type,
    namespace,
    file: 'Module.symvers',
    line: index + 1,
  }))
  return { file: 'Module.symvers', exports }
}

function violations(
  module: KernelModule,
  kernel?: TargetKernel,
  whitelist = list,
): readonly ModuleViolation[] {
  return checkModules({ modules: [module], whitelist, kernel }).modules[0]?.violations ?? []
}

test('a module that uses only what is promised has no violations and the full score', () => {
  const module = driver('e1000e', { module_layout: 5, kfree: 1, pci_enable_device: 2, usb_submit_urb: 3 })
  expect(checkModules({ modules: [module], whitelist: list })).toStrictEqual({
    result: 'official',
    modules: [{ module, used: 3, protected: 3, score: 100, internal: 0, violations: [] }],
    used: 3,
    protected: 3,
    score: 100,
  })
})

describe.each<[string, KernelModule, TargetKernel | undefined, readonly ModuleViolation[]]>([
  [
    'a symbol that is not on the list',
    driver('a', { kfree: 1, uhci_reset: 9 }),
    undefined,
    [{ kind: 'not-listed', symbol: 'uhci_reset', crc: 9 }],
  ],
  [
    'another checksum than that of the list',
    driver('a', { kfree: 7 }),
    undefined,
    [{ kind: 'checksum', symbol: 'kfree', built: 7, expected: 1, by: 'whitelist' }],
  ],
  [
    'another checksum than that of the kernel',
    driver('a', { kfree: 1 }),
    { symvers: symversOf([['kfree', 8]]) },
    [{ kind: 'checksum', symbol: 'kfree', built: 1, expected: 8, by: 'kernel' }],
  ],
  [
    'a symbol without the checksum that the list has',
    driver('a', { kfree: undefined }),
    undefined,
    [{ kind: 'no-checksum', symbol: 'kfree', expected: 1 }],
  ],
  ['a checksum of zero in the kernel', driver('a', { kfree: 1 }), { symvers: symversOf([['kfree', 0]]) }, []],
  [
    'a symbol that the kernel does not export',
    driver('a', { kfree: 1, gone: 2 }),
    { symvers: symversOf([['kfree', 1]]) },
    [
      { kind: 'not-listed', symbol: 'gone', crc: 2 },
      { kind: 'not-exported', symbol: 'gone' },
    ],
  ],
  [
    'a namespace that it does not import',
    driver('a', { nvme_init: 4 }),
    undefined,
    [{ kind: 'namespace', symbol: 'nvme_init', namespace: 'NVME' }],
  ],
  [
    'a namespace that it imports',
    driver('a', { nvme_init: 4 }, { info: { namespaces: ['X', 'NVME'] } }),
    undefined,
    [],
  ],
  [
    'a namespace that the kernel put the symbol into',
    driver('a', { kfree: 1 }),
    { symvers: symversOf([['kfree', 1, 'EXPORT_SYMBOL', 'MM']]) },
    [{ kind: 'namespace', symbol: 'kfree', namespace: 'MM' }],
  ],
  [
    'a symbol kept for other modules, whatever it imports',
    driver('a', { kfree: 1 }, { info: { namespaces: ['module:kvm,kvm-*'] } }),
    { symvers: symversOf([['kfree', 1, 'EXPORT_SYMBOL', 'module:kvm,kvm-*']]) },
    [{ kind: 'namespace', symbol: 'kfree', namespace: 'module:kvm,kvm-*' }],
  ],
  [
    'a symbol kept for this module among others',
    driver('kvm_intel', { kfree: 1 }),
    { symvers: symversOf([['kfree', 1, 'EXPORT_SYMBOL', 'module:kvm,kvm-*']]) },
    [],
  ],
  [
    'a GPL-only symbol, and a license that does not allow it',
    driver('a', { usb_submit_urb: 3 }, { info: { license: 'Proprietary' } }),
    undefined,
    [{ kind: 'gpl-only', symbol: 'usb_submit_urb' }],
  ],
  [
    'a GPL-only symbol, and no license at all',
    driver('a', { usb_submit_urb: 3 }, { info: { license: undefined } }),
    undefined,
    [{ kind: 'gpl-only', symbol: 'usb_submit_urb' }],
  ],
  [
    'a symbol that the kernel made GPL-only',
    driver('a', { kfree: 1 }, { info: { license: 'BSD' } }),
    { symvers: symversOf([['kfree', 1, 'EXPORT_SYMBOL_GPL']]) },
    [{ kind: 'gpl-only', symbol: 'kfree' }],
  ],
  [
    'flags of another kind of kernel',
    driver('a', { kfree: 1 }),
    { vermagic: '6.1.0-47-rt-amd64 SMP preempt_rt mod_unload modversions ' },
    [
      {
        kind: 'vermagic',
        built: 'SMP preempt mod_unload modversions',
        expected: 'SMP preempt_rt mod_unload modversions',
      },
    ],
  ],
  [
    'the release of another kernel, with the same flags',
    driver('a', { kfree: 1 }),
    { vermagic: '6.1.0-56-amd64 SMP preempt mod_unload modversions ' },
    [],
  ],
  [
    'another module_layout',
    driver('a', { module_layout: 6, kfree: 1 }),
    undefined,
    [{ kind: 'module-layout', symbol: 'module_layout', built: 6, expected: 5, by: 'whitelist' }],
  ],
])('%s', (_, module, kernel, expected) => {
  it(expected.length > 0 ? 'is reported' : 'is no violation', () => {
    expect(violations(module, kernel)).toStrictEqual(expected)
  })
})

test.each(['GPL', 'GPL v2', 'GPL and additional rights', 'Dual BSD/GPL', 'Dual MIT/GPL', 'Dual MPL/GPL'])(
  'the license %s allows GPL-only symbols, and nothing like it does',
  (license) => {
    const module = (text: string) => driver('a', { usb_submit_urb: 3 }, { info: { license: text } })
    expect(violations(module(license))).toStrictEqual([])
    for (const other of [license.toLowerCase(), license + ' ', 'the ' + license, license + '\u0000']) {
      expect(violations(module(other))).toHaveLength(1)
    }
  },
)

test('a list of names promises names alone', () => {
  const module = driver('a', { kfree: 7, module_layout: 9, usb_submit_urb: 3 })
  expect(violations(module, undefined, names)).toStrictEqual([
    { kind: 'not-listed', symbol: 'usb_submit_urb', crc: 3 },
  ])
})

test('what one given module gives another is not reported, and counts for nothing', () => {
  const core = driver('core', { kfree: 1 }, { exports: ['core_up'] })
  const card = driver('card', { core_up: 77, kfree: 1, unknown: 1 })
  const both = checkModules({
    modules: [core, card],
    whitelist: list,
    kernel: {
      symvers: symversOf([
        ['kfree', 1],
        ['unknown', 1],
      ]),
    },
  })
  expect(both).toMatchObject({ result: 'violations', used: 2, protected: 1, score: 50 })
  expect(
    both.modules.map(({ used, internal, score, violations: found }) => [used, internal, score, found.length]),
  ).toStrictEqual([
    [1, 0, 100, 0],
    [2, 1, 50, 1],
  ])
  expect(checkModules({ modules: [card], whitelist: list }).modules[0]?.violations).toContainEqual({
    kind: 'not-listed',
    symbol: 'core_up',
    crc: 77,
  })
})

test('the score is rounded down: all but one of many is not all', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`s${index}`, 1]))
  const whitelist = parseWhitelist(
    Object.keys(many)
      .slice(1)
      .map((name) => `0x00000001\t${name}`)
      .join('\n'),
    'w',
  ).value
  expect(checkModules({ modules: [driver('a', many)], whitelist }).score).toBe(99)
})

const symbols = ['kfree', 'pci_enable_device', 'usb_submit_urb', 'nvme_init', 'module_layout', 'x', 'y', 'z']
const anyDriver = fc
  .tuple(
    fc.stringMatching(/^[a-z]{1,5}$/),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...symbols), fc.integer({ min: 1, max: 6 })), {
      selector: ([symbol]) => symbol,
    }),
    fc.subarray(symbols.slice(5)),
  )
  .map(([name, imports, exports]) => driver(name, Object.fromEntries(imports), { exports }))

test('a module is loadable as promised exactly when every symbol is on the list with its checksum', () => {
  const promised = new Map(list.rows.map(({ symbol, crc }) => [symbol, crc]))
  fc.assert(
    fc.property(fc.array(anyDriver, { maxLength: 4 }), (modules) => {
      const all = modules.map((module) => ({ ...module, info: { ...module.info, namespaces: ['NVME'] } }))
      const provided = new Set(all.flatMap(({ exports }) => [...exports]))
      const good = all.every(({ imports }) =>
        imports.every(({ symbol, crc }) => provided.has(symbol) || promised.get(symbol) === crc),
      )
      const check = checkModules({ modules: all, whitelist: list })
      expect(check.result).toBe(good ? 'official' : 'violations')
      expect(check.modules.map(({ module }) => module)).toStrictEqual(all)
      for (const one of check.modules) expect(one.used).toBeGreaterThanOrEqual(one.protected)
    }),
  )
})

test('of two rows of a symbol the one counts whose checksum the module has, else that of the kernel', () => {
  const symvers = symversOf([
    ['ib_get', 2, 'EXPORT_SYMBOL', 'IB'],
    ['ib_get', 9, 'EXPORT_SYMBOL_GPL'],
  ])
  const found = (crc: number) =>
    violations(driver('x', { ib_get: crc }, { info: { license: 'Proprietary' } }), { symvers }, names).map(
      ({ kind }) => kind,
    )
  expect(found(2)).toEqual(['not-listed', 'namespace'])
  expect(found(9)).toEqual(['not-listed', 'gpl-only'])
  expect(found(8)).toEqual(['not-listed', 'checksum', 'namespace'])
  const listed = parseWhitelist('0x00000002\tib_get\tib_core\tEXPORT_SYMBOL\n', 'list').value
  expect(violations(driver('x', { ib_get: 9 }), { symvers }, listed)).toMatchObject([
    { kind: 'checksum', by: 'whitelist' },
  ])
})
