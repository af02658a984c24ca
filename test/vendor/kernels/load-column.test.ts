import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseSymvers } from '../../../src/abi/parse-symvers.ts'
import type { KernelModule } from '../../../src/module/kernel-module.ts'
import { rowsBySymbol } from '../../../src/module/load-obstacles.ts'
import { loadColumn, providersOf } from '../../../src/vendor/kernels/load-column.ts'
import type { Kernel } from '../../../src/vendor/kernels/read-kernel.ts'
import { runs } from '../../support/properties.ts'

const rows =
  '0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n' +
  '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n' +
  '0x00000002\tusb_get\tvmlinux\tEXPORT_SYMBOL_GPL\t\n' +
  '0x00000003\tdma_map\tvmlinux\tEXPORT_SYMBOL\tDMA\n'

function kernelOf(table: string, more: Partial<Kernel> = {}): Kernel {
  const { exports } = parseSymvers(table, 'k').value
  return {
    ...{ file: 'k', release: '6.1.0-2', arch: 'x86_64', vermagic: '6.1.0-2 SMP mod_unload ' },
    ...{ knows: 'exports', symbols: exports.length, table: { kind: 'exports', rows: rowsBySymbol(exports) } },
    ...more,
  }
}

function promising(table: string): Kernel {
  const { exports } = parseSymvers(table, 'list').value
  const rows = new Map(exports.map((row) => [row.symbol, { ...row, section: '' }]))
  return kernelOf(table, {
    release: undefined,
    vermagic: undefined,
    knows: 'promises',
    table: {
      kind: 'promises',
      rows,
      list: {
        whitelist: { file: 'list', dialect: 'names', rows: [...rows.values()] },
        source: { path: 'list' },
      },
    },
  })
}

function moduleOf(name: string, imports: Readonly<Record<string, number>>, more: Partial<KernelModule> = {}) {
  const all = { module_layout: 9, ...imports }
  const module: KernelModule = {
    ...{ file: `${name}.ko`, name, arch: 'x86_64', exports: new Set() },
    imports: Object.entries(all).map(([symbol, crc]) => ({ symbol, crc })),
    info: { license: 'GPL', vermagic: '6.1.0-1 SMP mod_unload ', namespaces: [] },
    ...more,
  }
  return module
}

const info = { license: 'GPL', vermagic: '6.1.0-1 SMP mod_unload ', namespaces: [] }

function statesOf(modules: readonly KernelModule[], kernel: Kernel): readonly string[] {
  return loadColumn(modules, kernel, providersOf(modules)).map(({ state }) => state)
}

describe('a module on a kernel', () => {
  it('of another release fits when every symbol, the flags and struct module do', () => {
    expect(statesOf([moduleOf('a', { kfree: 1, usb_get: 2 })], kernelOf(rows))).toEqual(['fits'])
  })

  it('of its own release loads', () => {
    expect(statesOf([moduleOf('a', { kfree: 1 })], kernelOf(rows, { release: '6.1.0-1' }))).toEqual(['built'])
  })

  it('of its own release is refused all the same where something differs', () => {
    expect(statesOf([moduleOf('a', { kfree: 7 })], kernelOf(rows, { release: '6.1.0-1' }))).toEqual([
      'refused',
    ])
  })

  test.each<[string, KernelModule, Partial<Kernel>, object]>([
    [
      'another checksum',
      moduleOf('a', { kfree: 7 }),
      {},
      { kind: 'checksum', symbol: 'kfree', built: 7, expected: 1 },
    ],
    ['no such export', moduleOf('a', { gone: 4 }), {}, { kind: 'not-exported', symbol: 'gone' }],
    [
      'another struct module',
      moduleOf('a', { module_layout: 8 }),
      {},
      { kind: 'module-layout', built: 8, expected: 9 },
    ],
    [
      'a namespace',
      moduleOf('a', { dma_map: 3 }),
      {},
      { kind: 'namespace', symbol: 'dma_map', namespace: 'DMA' },
    ],
    [
      'a symbol for GPL-compatible modules',
      moduleOf('a', { usb_get: 2 }, { info: { ...info, license: 'Proprietary' } }),
      {},
      { kind: 'gpl-only', symbol: 'usb_get' },
    ],
    [
      'other flags',
      moduleOf('a', { kfree: 1 }),
      { vermagic: '6.1.0-2 SMP ' },
      { kind: 'vermagic', built: 'SMP mod_unload' },
    ],
    [
      'another machine',
      moduleOf('a', { kfree: 1 }),
      { arch: 's390x' },
      { kind: 'arch', built: 'x86_64', expected: 's390x' },
    ],
  ])('is refused for %s', (_, module, more, reason) => {
    const [cell] = loadColumn([module], kernelOf(rows, more), new Map())
    expect(cell).toMatchObject({ state: 'refused', reasons: [reason] })
  })

  it('is not known where a table has no struct module: it is not all of a kernel', () => {
    const [cell] = loadColumn(
      [moduleOf('a', { kfree: 1 })],
      kernelOf(rows.replace(/.*module_layout.*\n/, '')),
      new Map(),
    )
    expect(cell).toEqual({ state: 'unknown', reasons: [{ kind: 'not-told', symbol: 'module_layout' }] })
  })

  it('is not known where a whitelist lacks a symbol, and fits where it has all', () => {
    const modules = [
      moduleOf('a', { kfree: 1 }),
      moduleOf('b', { gone: 4 }),
      moduleOf('c', { kfree: 7, gone: 4 }),
    ]
    const cells = loadColumn(modules, promising(rows), providersOf(modules))
    expect(cells).toEqual([
      { state: 'fits', reasons: [] },
      { state: 'unknown', reasons: [{ kind: 'not-told', symbol: 'gone' }] },
      {
        state: 'refused',
        reasons: [expect.objectContaining({ kind: 'checksum' }), { kind: 'not-told', symbol: 'gone' }],
      },
    ])
  })
})

it('is not known where a whitelist has a symbol without checksum', () => {
  const [cell] = loadColumn(
    [moduleOf('a', { kfree: 1 })],
    promising(rows.replace('0x00000001', '0x00000000')),
    new Map(),
  )
  expect(cell).toEqual({ state: 'unknown', reasons: [{ kind: 'not-told', symbol: 'kfree' }] })
})

describe('modules that need each other', () => {
  const core = (crc: number) =>
    moduleOf('core', { kfree: crc }, { exports: new Set(['core_up', 'kfree_rcu']) })
  const card = moduleOf('card', { core_up: 5 })
  const far = moduleOf('far', { far_up: 6 })

  it('load together', () => {
    expect(statesOf([card, core(1)], kernelOf(rows))).toEqual(['fits', 'fits'])
  })

  it('do not load where the one that is needed does not, over several steps', () => {
    const between = { ...card, exports: new Set(['far_up']) }
    const modules = [far, between, core(7)]
    const cells = loadColumn(modules, kernelOf(rows), providersOf(modules))
    expect(cells.map(({ state }) => state)).toEqual(['refused', 'refused', 'refused'])
    expect(cells[0]?.reasons).toEqual([{ kind: 'needs', symbol: 'far_up', module: 'card' }])
  })

  it('are not known where the one that is needed is not', () => {
    const unsure = moduleOf('core', { elsewhere: 1 }, { exports: new Set(['core_up']) })
    expect(statesOf([card, unsure], promising(rows))).toEqual(['unknown', 'unknown'])
  })

  it('take a symbol from each other that the kernel has with another checksum', () => {
    const table = rows + '0x00000008\tcore_up\tdrivers/core\tEXPORT_SYMBOL\t\n'
    expect(statesOf([card, core(1)], kernelOf(table))).toEqual(['fits', 'fits'])
    const modules = [card, core(7)]
    expect(loadColumn(modules, kernelOf(table), providersOf(modules))[0]?.reasons).toEqual([
      expect.objectContaining({ kind: 'checksum', symbol: 'core_up', built: 5, expected: 8 }),
    ])
  })
})

test('a module loads exactly where every symbol it takes has its checksum', () => {
  const symbols = fc.dictionary(fc.constantFrom('a1', 'b2', 'c3', 'd4', 'e5'), fc.integer({ min: 1, max: 2 }))
  fc.assert(
    fc.property(symbols, symbols, (needed, has) => {
      const table = Object.entries({ module_layout: 9, ...has })
        .map(([symbol, crc]) => `0x0000000${crc}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`)
        .join('')
      const [state] = statesOf([moduleOf('a', needed)], kernelOf(table))
      const all = Object.entries(needed).every(([symbol, crc]) => has[symbol] === crc)
      expect(state).toBe(all ? 'fits' : 'refused')
    }),
    { numRuns: runs(100) },
  )
})
