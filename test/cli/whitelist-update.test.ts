import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const list = 'whitelists/x86_64/kabi_whitelist'
const files = { 'kabi.yml': kabiYml, [list]: whitelist, 'Module.symvers': released, names: 'nobody_cares\n' }

/** What is always said where there are no types, cut off to compare the rest. */
const withoutTypes =
  '\nnote: Checksums without their types: Strategy prebuilt has no type definitions to store beside the\n' +
  '      whitelist.\n' +
  '  = variant: x86_64\n' +
  '  = help: Use --strategy exports, or name the types that the build made: `types:` beside `symvers:`\n' +
  '          in kabi.yml. A list that is there gets them with `kabi-gate whitelist enrich`.\n'

function update(cwd: string, ...args: string[]) {
  return runMain(['whitelist', 'update', ...args], { cwd })
}

describe('kabi-gate whitelist update', () => {
  it('prints what it added and changes nothing else', async () => {
    const cwd = workspace(files)
    const { code, stdout } = await update(cwd, '--names', 'names')
    expect(stdout).toBe(
      `x86_64: 1 added; 4 protected symbols in ${join(cwd, list)}\n` +
        '    added  nobody_cares  0x44444444  EXPORT_SYMBOL  vmlinux\n' +
        withoutTypes,
    )
    expect(code).toBe(0)
    expect(readFileSync(join(cwd, list), 'utf8').split('\n').sort()).toEqual(released.split('\n').sort())
  })

  it('refuses with exit code 1 what nobody accepted, row by row, and writes nothing', async () => {
    const cwd = workspace({ ...files, 'Module.symvers': patched })
    const { code, stdout } = await update(cwd, '--names', 'names', '--accept-changes', 'kmalloc')
    expect(stdout).toContain(
      `x86_64: 2 of 3 protected symbols differ and were not accepted (${join(cwd, list)})\n` +
        '    changed  pci_enable_device  0x22222222 -> 0xdeadbeef  EXPORT_SYMBOL      vmlinux\n' +
        '    removed  usb_alloc_urb      0x33333333                EXPORT_SYMBOL_GPL  drivers/usb/core/usbcore\n',
    )
    expect(stdout).toContain('next: nothing was written.')
    expect(code).toBe(1)
    expect(readFileSync(join(cwd, list), 'utf8')).toBe(whitelist)
  })

  it('does what was accepted, in one option or in several', async () => {
    for (const accepted of [
      ['--accept-changes', 'pci_enable_device', 'usb_alloc_urb'],
      ['--accept-changes', 'pci_enable_device', '--accept-changes', 'usb_alloc_urb'],
    ]) {
      const cwd = workspace({ ...files, 'Module.symvers': patched })
      const { code, stdout } = await update(cwd, ...accepted)
      expect(stdout).toBe(
        `x86_64: 1 changed, 1 removed; 2 protected symbols in ${join(cwd, list)}\n` +
          '    changed  pci_enable_device  0x22222222 -> 0xdeadbeef  EXPORT_SYMBOL      vmlinux\n' +
          '    removed  usb_alloc_urb      0x33333333                EXPORT_SYMBOL_GPL  drivers/usb/core/usbcore\n' +
          withoutTypes,
      )
      expect(code).toBe(0)
      expect((await runMain(['check'], { cwd })).code).toBe(0)
    }
  })

  it('says so when every row stays', async () => {
    const cwd = workspace(files)
    const { stdout } = await update(cwd)
    expect(stdout).toBe(`x86_64: every row stays; 3 protected symbols in ${join(cwd, list)}\n${withoutTypes}`)
  })

  it('writes nothing in a dry run, with the exit code of a real one', async () => {
    const cwd = workspace(files)
    const dry = await update(cwd, '--names', 'names', '--dry-run')
    expect(dry.stdout).toContain('1 added')
    expect(dry.stdout).toContain('next: nothing was written, as this is a dry run')
    expect(dry.code).toBe(0)
    expect(readFileSync(join(cwd, list), 'utf8')).toBe(whitelist)
    writeFileSync(join(cwd, 'Module.symvers'), patched)
    expect((await update(cwd, '--dry-run')).code).toBe(1)
  })

  it('prints the same as JSON', async () => {
    const cwd = workspace({ ...files, 'Module.symvers': patched })
    const refused = await update(cwd, '--json')
    expect(JSON.parse(refused.stdout)).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'kabi-gate' },
      result: 'refused',
      variants: [
        {
          name: 'x86_64',
          protected: { before: 3, after: 3 },
          refused: [
            {
              kind: 'changed',
              symbol: 'pci_enable_device',
              baseline: { crc: '0x22222222' },
              current: { crc: '0xdeadbeef' },
            },
            { kind: 'removed', symbol: 'usb_alloc_urb', baseline: { crc: '0x33333333' }, current: null },
          ],
        },
      ],
      problems: [],
    })
    expect(refused.code).toBe(1)
    const args = [
      '--accept-changes',
      'pci_enable_device',
      'usb_alloc_urb',
      '--names',
      'names',
      '--format',
      'json',
    ]
    const updated = await update(cwd, ...args)
    expect(JSON.parse(updated.stdout)).toMatchObject({
      result: 'updated',
      variants: [
        {
          whitelist: join(cwd, list),
          protected: { before: 3, after: 3 },
          added: [{ symbol: 'nobody_cares', crc: '0x44444444', section: '' }],
          changed: [{ symbol: 'pci_enable_device', before: { line: 2 }, after: { crc: '0xdeadbeef' } }],
          removed: [{ symbol: 'usb_alloc_urb', crc: '0x33333333' }],
          refused: [],
          absent: [],
        },
      ],
      problems: [{ kind: 'no-types', class: 'note' }],
    })
    expect(updated.code).toBe(0)
  })

  it.each<[string, string[], number, RegExp]>([
    ['a pattern', ['--accept-changes', 'pci_*'], 2, /no whitelist of this run protects/],
    ['nothing to accept', ['--accept-changes'], 2, /argument missing/],
    ['a name that is not exported', ['--names', 'typos'], 3, /kmaloc/],
    ['a list of names that is not there', ['--names', 'nowhere'], 3, /nowhere" does not exist/],
    ['an unknown variant', ['--variant', 'x86'], 2, /no variant "x86"/],
    ['contradicting forms', ['--json', '--format', 'text'], 2, /contradicts/],
  ])('is an error for %s', async (_, args, code, message) => {
    const run = await update(workspace({ ...files, typos: 'kmaloc\n' }), ...args)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.code).toBe(code)
  })

  it('tells an error as JSON too', async () => {
    const run = await update(workspace({ ...files, [list]: 'kmalloc\n' }), '--json')
    expect(JSON.parse(run.stdout)).toMatchObject({
      result: 'error',
      variants: [],
      problems: [{ kind: 'not-canonical', variant: 'x86_64' }],
    })
    expect(run.code).toBe(3)
  })

  it('--help shows an example', async () => {
    const { stdout, code } = await update(workspace({}), '--help')
    expect(stdout).toMatch(/Examples?:\n {2}kabi-gate whitelist update/)
    expect(code).toBe(0)
  })
})
