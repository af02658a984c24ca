import { describe, expect, it } from 'vitest'
import type { Export } from '../../../src/abi/export.ts'
import { groupRequires, requiresOf } from '../../../src/vendor/deps/requires.ts'
import { symbolGroups } from '../../../src/vendor/deps/symbol-groups.ts'
import { parseWhitelist } from '../../../src/abi/parse-whitelist.ts'
import type { KernelModule } from '../../../src/module/kernel-module.ts'
import { parseModule } from '../../../src/module/parse-module.ts'
import { buildModule, type BuiltModule } from '../../module/build-module.ts'

function driver(name: string, built: BuiltModule): KernelModule {
  const { value, problems } = parseModule(buildModule(built), `${name}.ko`)
  if (!value) throw new Error(problems[0]?.message)
  return value
}

const exports = Object.entries({ kmalloc: 0x11, kfree: 0xf, kfree2: 0x13, printk: 0x14 }).map(
  ([symbol, crc], index): Export => ({
    symbol,
    crc,
    module: 'vmlinux',
    type: 'EXPORT_SYMBOL',
    namespace: '',
    file: 'Module.symvers',
    line: index + 1,
  }),
)

const modules = [
  driver('core', { imports: { kfree: 0xf, kfree2: 0x13, printk: 0x99 }, exports: ['core_do'] }),
  driver('user', { imports: { core_do: 0xc0, kfree: 0xf, other_do: 0x1 } }),
]

const tables = { file: 'Module.symvers', beside: [] }

describe('requiresOf', () => {
  it('rhel: kernel() with equal checksums first, ksym() for the rest; `kfree2:` sorts before `kfree:`', () => {
    expect(requiresOf(modules, { ...tables, kernel: exports }, { generator: 'rhel' })).toEqual([
      'kernel(kfree2) = 0x00000013',
      'kernel(kfree) = 0x0000000f',
      'ksym(core_do) = 0x000000c0',
      'ksym(other_do) = 0x00000001',
      'ksym(printk) = 0x00000099',
    ])
  })

  it('rhel7: by name alone, with the checksum of the kernel, without what the modules give each other', () => {
    expect(requiresOf(modules, { ...tables, kernel: exports }, { generator: 'rhel7' })).toEqual([
      'kernel(kfree) = 0x0000000f',
      'kernel(kfree2) = 0x00000013',
      'kernel(printk) = 0x00000014',
      'ksym(other_do) = 0x00000001',
    ])
  })

  it('suse: sorted by the checksum as text', () => {
    expect(
      requiresOf(modules, { ...tables, kernel: exports }, { generator: 'suse', flavour: 'default' }),
    ).toEqual([
      'ksym(default:other_do) = 1',
      'ksym(default:kfree2) = 13',
      'ksym(default:printk) = 99',
      'ksym(default:kfree) = f',
    ])
  })
})

describe('groups', () => {
  const list = '[rhel5_mm_ga]\n\tkmalloc\n\tkfree\n[rhel5_x_ga]\n\tkfree2\n[rhel5_y_ga]\n\tkfree2\n'
  const { value: whitelist } = parseWhitelist(list, 'kabi_whitelist')

  it('are hashes over the checksums in the order of the list', () => {
    const { value, problems } = symbolGroups(whitelist, exports)
    expect(problems).toEqual([])
    // printf 0x000000110x0000000f | sha1sum
    expect(value.map(({ line }) => line)).toEqual([
      'kernel(rhel5_mm_ga) = f531fa0468e3d759860ab64961064e814a33a9bb',
      expect.stringMatching(/^kernel\(rhel5_x_ga\) = [0-9a-f]{40}$/),
      expect.stringMatching(/^kernel\(rhel5_y_ga\) = [0-9a-f]{40}$/),
    ])
  })

  it('are required once each, all groups that a symbol is in; the rest is ksym()', () => {
    const [mm = '', x = '', y = ''] = symbolGroups(whitelist, exports).value.map(({ line }) => line)
    expect(groupRequires(modules, symbolGroups(whitelist, exports).value)).toEqual([
      'ksym(other_do) = 0x00000001',
      x,
      y,
      'ksym(printk) = 0x00000099',
      mm,
    ])
  })

  it('need every checksum, and every symbol in a section', () => {
    const unknown = symbolGroups(parseWhitelist('[g]\n\tkmalloc\n\tgone\n', 'list').value, exports)
    expect([unknown.value, unknown.problems.map(({ kind, excerpt }) => [kind, excerpt])]).toEqual([
      [],
      [['no-checksum', ['gone']]],
    ])
    const loose = symbolGroups(parseWhitelist('kmalloc\nkfree\n', 'list').value, exports)
    expect(loose.problems.map(({ kind }) => kind)).toEqual(['usage'])
  })
})
