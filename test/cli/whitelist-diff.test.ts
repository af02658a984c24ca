import { describe, expect, it } from 'vitest'
import { dataPath, describeRealData } from '../abi/real-data.ts'
import { patched, released, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const more = released + '0x55555555\tnew_one\tvmlinux\tEXPORT_SYMBOL\t\n'
const files = {
  old: released,
  new: patched,
  more,
  names: '[drivers]\n\tkmalloc\n\tpci_enable_device\n\tusb_alloc_urb\n\tnobody_cares\n',
  broken: released + 'what?\n',
  empty: '',
  'before/kabi_whitelist_a': 'kmalloc\n',
  'before/Module.kabi_a': released,
  'before/Module.kabi_b': released,
  'before/Module.kabi_gone': released,
  'after/a/kabi_whitelist': released,
  'after/b/kabi_whitelist': patched,
  'after/c/kabi_whitelist': released,
}

const diff = (args: readonly string[], cwd = workspace(files)) =>
  runMain(['whitelist', 'diff', ...args], { cwd })

describe('kabi-gate whitelist diff', () => {
  it.each<[string, string[], number, string]>([
    ['equal lists', ['old', 'old'], 0, 'SAME: 4 symbols in old\n'],
    ['names that are the same', ['names', 'old', '--names-only'], 0, 'SAME: 4 symbols in old\n'],
    [
      'names and a list that has more to say',
      ['names', 'old'],
      0,
      `SAME: 4 symbols in old

old: 4 symbols as before
  = note: checksums, export types, modules and namespaces not compared: only the newer list has them
`,
    ],
    [
      'additions',
      ['old', 'more'],
      0,
      `GROWN: 1 symbol added in more

more: 1 symbol added, 4 as before
    added  new_one  0x55555555  EXPORT_SYMBOL  vmlinux
`,
    ],
    [
      'changes and removals',
      ['old', 'new'],
      1,
      `CHANGED: 1 symbol changed, 1 removed in new

new: 1 symbol changed, 1 removed, 2 as before
    changed  pci_enable_device  0x22222222 -> 0xdeadbeef  EXPORT_SYMBOL      vmlinux
    removed  usb_alloc_urb      0x33333333                EXPORT_SYMBOL_GPL  drivers/usb/core/usbcore
`,
    ],
    [
      'checksums that went',
      ['old', 'names'],
      1,
      `CHANGED: checksums, export types, modules and namespaces lost in names

names: 4 symbols as before
  = note: checksums, export types, modules and namespaces lost: only the older list has them
`,
    ],
    [
      'folders in two layouts',
      ['before', 'after'],
      1,
      `CHANGED: 1 symbol changed, 5 removed, 7 added in all 4 variants

a: 3 symbols added, 1 as before
    added  nobody_cares       0x44444444  EXPORT_SYMBOL      vmlinux
    added  pci_enable_device  0x22222222  EXPORT_SYMBOL      vmlinux
    added  usb_alloc_urb      0x33333333  EXPORT_SYMBOL_GPL  drivers/usb/core/usbcore

b: 1 symbol changed, 1 removed, 2 as before
    changed  pci_enable_device  0x22222222 -> 0xdeadbeef  EXPORT_SYMBOL      vmlinux
    removed  usb_alloc_urb      0x33333333                EXPORT_SYMBOL_GPL  drivers/usb/core/usbcore

c: new whitelist, 4 symbols

gone: no whitelist any more, it had 4 symbols
`,
    ],
  ])('tells of %s', async (_, args, code, output) => {
    const run = await diff(args)
    expect(run.stdout).toBe(output)
    expect(run.code).toBe(code)
  })

  it.each<[string, string[], number, RegExp]>([
    ['one list', ['old'], 2, /missing required argument/],
    ['three lists', ['old', 'new', 'more'], 2, /too many arguments/],
    ['an unknown format', ['old', 'new', '--format', 'xml'], 2, /text, json, markdown/],
    ['a list and a folder', ['old', 'after'], 2, /one is a single list and one is a folder/],
    ['a list that is not there', ['old', 'nowhere'], 3, /nowhere" does not exist/],
    ['a list that is not understood', ['broken', 'new'], 3, /broken:5/],
    ['an empty list', ['old', 'empty'], 3, /no rows/],
  ])('is an error for %s', async (_, args, code, message) => {
    const run = await diff(args)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.code).toBe(code)
  })

  it('gives JSON', async () => {
    const run = await diff(['before', 'after', '--format', 'json'])
    expect(JSON.parse(run.stdout)).toMatchObject({
      schemaVersion: 1,
      result: 'changed',
      variants: [
        { variant: 'a', result: 'grown', added: [{ symbol: 'nobody_cares', crc: '0x44444444' }, {}, {}] },
        {
          variant: 'b',
          result: 'changed',
          changed: [
            {
              symbol: 'pci_enable_device',
              columns: ['crc'],
              before: { crc: '0x22222222' },
              after: { crc: '0xdeadbeef' },
            },
          ],
          removed: [{ symbol: 'usb_alloc_urb' }],
        },
        { variant: 'c', result: 'grown', before: null, after: { symbols: 4 } },
        { variant: 'gone', result: 'changed', before: { symbols: 4 }, after: null },
      ],
    })
    expect(run.code).toBe(1)
  })

  it('gives its errors as JSON too', async () => {
    const run = await diff(['old', 'nowhere', '--format', 'json'])
    expect(JSON.parse(run.stdout)).toMatchObject({ result: 'error', problems: [{ kind: 'unreadable' }] })
    expect(run.code).toBe(3)
  })

  it('gives Markdown', async () => {
    const run = await diff(['old', 'new', '--format', 'markdown'])
    expect(run.stdout).toBe(`## ❌ kabi-gate: CHANGED

1 symbol changed, 1 removed in new.

### new: 1 symbol changed, 1 removed, 2 as before

|  | Symbol | Checksum | Export type | Module |
|---|---|---|---|---|
| ❌ changed | \`pci_enable_device\` | \`0x22222222\` → \`0xdeadbeef\` | \`EXPORT_SYMBOL\` | \`vmlinux\` |
| ❌ removed | \`usb_alloc_urb\` | \`0x33333333\` | \`EXPORT_SYMBOL_GPL\` | \`drivers/usb/core/usbcore\` |
`)
  })

  it('--help shows an example and the exit codes', async () => {
    const { stdout, code } = await diff(['--help'])
    expect(stdout).toMatch(/Exit codes:\n {2}0 .* 1 .* 2 .* 3 /)
    expect(stdout).toMatch(/Examples?:\n {2}kabi-gate whitelist diff/)
    expect(code).toBe(0)
  })
})

describeRealData('real whitelists', () => {
  it('imported ones are the same as before, in all ten variants of RHEL 5', async () => {
    const cwd = workspace({})
    await runMain(['whitelist', 'import', dataPath('rhel5'), '--to', 'imported'], { cwd })
    const run = await diff([dataPath('rhel5'), 'imported'], cwd)
    expect(run.stdout).toBe('SAME: 29473 symbols in all 10 variants\n')
    expect(run.code).toBe(0)
  })

  it('two variants have different checksums', async () => {
    const [one, other] = ['i686', 'i686PAE'].map((variant) => dataPath('rhel5', `Module.kabi_${variant}`))
    const run = await diff([one ?? '', other ?? ''])
    expect(run.stdout).toMatch(/^CHANGED: 2183 symbols changed in i686PAE\n/)
    expect(run.code).toBe(1)
  })
})
