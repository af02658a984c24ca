import { describe, expect, it } from 'vitest'
import type { Export } from '../../../src/abi/export.ts'
import { kernelProvides, moduleProvides } from '../../../src/vendor/deps/provides.ts'

const row = (crc: number, symbol: string, module = 'vmlinux'): Export => ({
  symbol,
  crc,
  module,
  type: 'EXPORT_SYMBOL',
  namespace: '',
  file: 'Module.symvers',
  line: 1,
})

const exports = [
  row(0x92997ed8, '_printk'),
  row(0xabc, 'usb_put_dev', 'drivers/usb/core/usbcore'),
  row(1, 'a'),
]

const tables = { file: 'Module.symvers', beside: [] }

describe('kernelProvides', () => {
  it.each([
    ['rhel', ['kernel(_printk) = 0x92997ed8', 'kernel(a) = 0x00000001']],
    ['rhel7', ['kernel(_printk) = 0x92997ed8', 'kernel(usb_put_dev) = 0x00000abc', 'kernel(a) = 0x00000001']],
  ] as const)('%s keeps the order of the symvers', (generator, lines) => {
    expect(kernelProvides({ ...tables, kernel: exports }, { generator })).toEqual(lines)
  })

  it('suse sorts, names the flavour and leaves out leading zeros', () => {
    expect(kernelProvides({ ...tables, kernel: exports }, { generator: 'suse', flavour: 'rt' })).toEqual([
      'ksym(rt:_printk) = 92997ed8',
      'ksym(rt:a) = 1',
      'ksym(rt:usb_put_dev) = abc',
    ])
  })
})

describe('moduleProvides', () => {
  const modules = [
    {
      file: '/build/lib/modules/6.1.0/extra/b.ko',
      checksums: new Map([
        ['f.b', 2],
        ['f', 1],
      ] as const),
    },
    { file: 'lib/modules/6.1.0/kernel/drivers/a.ko.xz', checksums: new Map([['k', 3]] as const) },
    { file: '/build/lib/modules/6.1.0/extra/c.ko', checksums: new Map([['f', 9]] as const) },
  ]

  it('rhel tells the kernel’s own modules by their folder, sorts by name and keeps the first checksum', () => {
    expect(moduleProvides(modules, { generator: 'rhel' })).toEqual([
      'kernel(k) = 0x00000003',
      'ksym(f) = 0x00000001',
      'ksym(f.b) = 0x00000002',
    ])
  })

  it('rhel7 knows only ksym and keeps every line once', () => {
    expect(moduleProvides(modules, { generator: 'rhel7' })).toEqual([
      'ksym(f) = 0x00000001',
      'ksym(f) = 0x00000009',
      'ksym(f.b) = 0x00000002',
      'ksym(k) = 0x00000003',
    ])
  })
})
