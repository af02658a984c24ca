import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, it, test } from 'vitest'
import { parseModule } from '../../src/module/parse-module.ts'
import { buildElf, elfForms, type ElfForm } from './build-elf.ts'
import { buildModule, type BuiltModule } from './build-module.ts'

function read(module: BuiltModule) {
  const { value, problems } = parseModule(buildModule(module), 'drivers/e1000e.ko')
  expect(problems).toStrictEqual([])
  return {
    name: value?.name,
    imports: Object.fromEntries(value?.imports.map(({ symbol, crc }) => [symbol, crc]) ?? []),
    exports: [...(value?.exports ?? [])],
  }
}

function refusal(file: Buffer, path = 'e1000e.ko') {
  const { value, problems } = parseModule(file, path)
  expect(value).toBeUndefined()
  expect(problems).toHaveLength(1)
  return `${problems[0]?.kind}: ${problems[0]?.message}`
}

const imports = { module_layout: 0x1b, kfree: 0xffffffff, pci_enable_device: 0 }

describe.each(elfForms)('in $bits bits, little endian $little', (form) => {
  it('reads imports with their checksums, exports and the name', () => {
    expect(read({ ...form, imports, exports: ['e1000e_up'] })).toStrictEqual({
      name: 'e1000e',
      imports,
      exports: ['e1000e_up'],
    })
  })

  it('reads the versions of Linux 6.14 alone and beside the older ones', () => {
    const long = { ['_R' + 'x'.repeat(200)]: 7, ...imports }
    expect(read({ ...form, extended: long, leaveOut: ['__versions'] }).imports).toStrictEqual(long)
    expect(read({ ...form, extended: long, imports }).imports).toStrictEqual(long)
  })

  it('finds every cut', () => {
    const whole = buildModule({ ...form, imports, exports: ['up'] })
    const signature = whole.indexOf('PKCS#7')
    for (let length = 0; length < signature; length++) {
      expect(refusal(whole.subarray(0, length))).toMatch(
        /^unreadable: "e1000e.ko" is (cut off|not an ELF file)/,
      )
    }
    expect(parseModule(whole.subarray(0, signature), 'e1000e.ko').problems).toStrictEqual([])
  })
})

describe('.modinfo', () => {
  const infoOf = (info: readonly string[]) => parseModule(buildModule({ imports, info }), 'a.ko').value?.info

  it('tells the first license, the kernel it was built for, and every namespace', () => {
    const info = ['name=a', 'license=Proprietary', '', '', 'license=GPL', 'import_ns=A', 'import_ns=B']
    expect(infoOf([...info, 'vermagic=6.1.0 SMP mod_unload '])).toStrictEqual({
      license: 'Proprietary',
      vermagic: '6.1.0 SMP mod_unload',
      namespaces: ['A', 'B'],
    })
  })

  it('may say nothing', () => {
    const nothing = { license: undefined, vermagic: undefined, namespaces: [] }
    expect(infoOf([])).toStrictEqual(nothing)
    expect(parseModule(buildModule({ imports, leaveOut: ['.modinfo'] }), 'a.ko').value?.info).toStrictEqual(
      nothing,
    )
  })

  it('is refused when its last text has no end', () => {
    const content = Buffer.from('license=GPL')
    const sections = [
      { name: '.gnu.linkonce.this_module', content: Buffer.alloc(8) },
      { name: '.modinfo', content },
    ]
    expect(refusal(buildElf({ bits: 64, little: true, sections }))).toMatch(/^unreadable: .* has no end/)
  })
})

const symbol = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,30}$/)
const crc = fc.integer({ min: 0, max: 0xffffffff })
const table = fc
  .uniqueArray(fc.tuple(symbol, crc), { selector: ([name]) => name, minLength: 1, maxLength: 20 })
  .map((entries) => Object.fromEntries(entries))

test('what a module was built with is what is read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ElfForm>(...elfForms),
      table,
      table,
      fc.uniqueArray(symbol, { maxLength: 5 }),
      (form, basic, more, exports) => {
        const extended = { ...more, ...basic }
        expect(read({ ...form, imports: basic, extended, exports })).toStrictEqual({
          name: 'e1000e',
          imports: extended,
          exports,
        })
      },
    ),
  )
})

test('damage anywhere is a problem or another module, never a crash', () => {
  const whole = buildModule({ imports, extended: imports, exports: ['up'] })
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(whole)
      damaged[at] = byte
      const { value, problems } = parseModule(damaged, 'e1000e.ko')
      expect(value === undefined).toBe(problems.length > 0)
    }),
    { numRuns: runs(2000) },
  )
})

describe('an undefined symbol without a version', () => {
  it('is an import without checksum', () => {
    expect(read({ imports: { kfree: 1 }, symbols: [{ name: 'memcpy' }] }).imports).toStrictEqual({
      kfree: 1,
      memcpy: undefined,
    })
  })

  it('is optional when it is weak', () => {
    expect(
      read({ imports: { kfree: 1 }, symbols: [{ name: 'mach_cell', weak: true }] }).imports,
    ).toStrictEqual({
      kfree: 1,
    })
  })

  it.each(['.TOC.', '_GLOBAL_OFFSET_TABLE_'])('is no import when the loader provides it: %s', (name) => {
    expect(read({ imports: { kfree: 1 }, symbols: [{ name }] }).imports).toStrictEqual({ kfree: 1 })
  })
})

test('a symbol that only looks like an export of another module is none', () => {
  expect(read({ imports, symbols: [{ name: '__ksymtab_other' }] }).exports).toStrictEqual([])
})

test('a weak symbol with a version is an import: the kernel compares its checksum', () => {
  const weak = { imports: { mach_pseries: 3 }, symbols: [{ name: 'mach_pseries', weak: true }] }
  expect(read(weak).imports).toStrictEqual({ mach_pseries: 3 })
})

test('the dot before the names of functions is taken away on PowerPC only', () => {
  const dotted = { imports: { '.kfree': 1 }, symbols: [{ name: 'kfree' }] }
  expect(read({ ...dotted, machine: 21, little: false }).imports).toStrictEqual({ kfree: 1 })
  expect(read(dotted).imports).toStrictEqual({ '.kfree': 1, kfree: undefined })
})

test.each([
  ['drivers/net/igb.ko', 'igb'],
  ['nvme-core.ko.xz', 'nvme-core'],
  ['a.ko.zst', 'a'],
  ['a.ko.gz', 'a'],
])('the file %s is the module %s', (path, name) => {
  expect(parseModule(buildModule({ imports }), path).value?.name).toBe(name)
})

const [form] = elfForms as [ElfForm]
const ownSection = { name: '.gnu.linkonce.this_module', content: Buffer.alloc(8) }
const withVersions = (content: Buffer) =>
  buildElf({ ...form, sections: [ownSection, { name: '__versions', content }] })

test.each<[string, Buffer, RegExp]>([
  ['nothing', Buffer.alloc(0), /^unreadable: .* is not an ELF file/],
  [
    'a text',
    Buffer.from('0x12345678\tkfree\tvmlinux\tEXPORT_SYMBOL\n'.repeat(9)),
    /^unreadable: .* is not an ELF/,
  ],
  [
    'an unknown class',
    Buffer.from('\x7fELF\x03\x01' + '\0'.repeat(60)),
    /^unreadable: .* of an unknown form/,
  ],
  ['an object', buildElf({ ...form, sections: [] }), /^unreadable: .* is not a kernel module/],
  [
    'a module without versions',
    buildModule({ leaveOut: ['__versions'], symbols: [{ name: 'kfree' }] }),
    /^unversioned-module: .* has no section __versions/,
  ],
  ['a module without imports', buildModule({}), /^empty-whitelist: .* imports no symbol/],
  ['half an entry', withVersions(Buffer.alloc(65, 'x')), /^unreadable: .* ends within an entry/],
  ['a name without end', withVersions(Buffer.alloc(64, 'x')), /^unreadable: .* has no name/],
  [
    'a checksum of more than 32 bits',
    withVersions(Buffer.concat([Buffer.alloc(8, 1), Buffer.alloc(56, 'x\0')])),
    /^unreadable: .* is no checksum/,
  ],
  [
    'a name that is none',
    buildModule({ imports: { 'k free': 1 } }),
    /^unreadable: .* imports "k free", which is no symbol/,
  ],
  [
    'two versions of one symbol',
    buildModule({ imports: { kfree: 1 }, extended: { kfree: 2 } }),
    /^unreadable: .* two versions of "kfree": 0x00000001 and 0x00000002/,
  ],
  [
    'names without checksums',
    buildModule({ extended: { kfree: 2 }, leaveOut: ['__version_ext_crcs'] }),
    /^unreadable: .* without the other/,
  ],
  [
    'more names than checksums',
    buildElf({
      ...form,
      sections: [
        ownSection,
        { name: '__version_ext_crcs', content: Buffer.alloc(4) },
        { name: '__version_ext_names', content: Buffer.from('kfree\0kmalloc\0') },
      ],
    }),
    /^unreadable: .* not as many names as checksums/,
  ],
  [
    'a section that leads out of the file',
    buildElf({ ...form, sections: [ownSection, { name: '.text', content: Buffer.alloc(1), size: 10_000 }] }),
    /^unreadable: .* is cut off: its section 2 ends beyond the end/,
  ],
  [
    'exports without names',
    buildElf({
      ...form,
      sections: [
        ownSection,
        { name: '__versions', content: Buffer.concat([Buffer.alloc(8), Buffer.alloc(56, 'x\0')]) },
        { name: '__ksymtab', content: Buffer.alloc(12) },
      ],
    }),
    /^unreadable: .* names were stripped off/,
  ],
])('%s is refused', (_, file, message) => {
  expect(refusal(file)).toMatch(message)
})

test('a file whose name cannot be a section is refused', () => {
  expect(refusal(buildModule({ imports }), 'a]b.ko')).toMatch(/^unreadable: .* no kernel module can have/)
})
