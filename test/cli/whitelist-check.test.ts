import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const list = 'whitelists/x86_64/kabi_whitelist'
const files = { 'kabi.yml': kabiYml, [list]: whitelist, 'Module.symvers': released }

function check(cwd: string, ...args: string[]) {
  return runMain(['whitelist', 'check', ...args], { cwd })
}

describe('kabi-gate whitelist check', () => {
  it('checks the lists of kabi.yml, a line for each', async () => {
    const run = await check(workspace(files))
    expect(run.stdout).toBe('x86_64: 3 protected symbols, no types stored, no baseline.yml\n')
    expect(run.code).toBe(0)
  })

  it('checks the lists that are named', async () => {
    const cwd = workspace(files)
    expect((await check(cwd, 'whitelists')).stdout).toBe(
      'x86_64: 3 protected symbols, no types stored, no baseline.yml\n',
    )
    expect((await check(cwd, 'Module.symvers')).stdout).toBe(
      `${join(cwd, 'Module.symvers')}: 4 protected symbols, no types stored, no baseline.yml\n`,
    )
  })

  it('shows what a build lost or changed, with exit code 1', async () => {
    const cwd = workspace({ ...files, 'new.symvers': patched })
    for (const args of [
      ['--symvers', 'x86_64=new.symvers'],
      [list, '--against', 'new.symvers'],
    ]) {
      const run = await check(cwd, ...args)
      expect(run.stdout).toBe(
        'x86_64: 3 protected symbols, no types stored, no baseline.yml, 2 rows not as in the build\n' +
          '    changed  pci_enable_device  0x22222222 -> 0xdeadbeef  EXPORT_SYMBOL      vmlinux\n' +
          '    removed  usb_alloc_urb      0x33333333                EXPORT_SYMBOL_GPL  drivers/usb/core/usbcore\n',
      )
      expect(run.code).toBe(1)
    }
    expect((await check(cwd, '--symvers', 'x86_64=Module.symvers')).code).toBe(0)
  })

  it('shows the first line that is out of form, with exit code 3', async () => {
    const cwd = workspace({ ...files, [list]: whitelist.replaceAll('\n', '\r\n') })
    const run = await check(cwd)
    expect(run.stdout).toContain('x86_64: 3 protected symbols, no types stored, no baseline.yml, 1 error\n')
    expect(run.stdout).toContain(`--> ${join(cwd, list)}:1\n`)
    expect(run.stdout).toContain(String.raw`found:    "0x11111111\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\r"`)
    expect(run.code).toBe(3)
  })

  it('shows a checksum that the types do not give', async () => {
    const dump = new TextEncoder().encode('kmalloc void * kmalloc ( int ) \n')
    const types = formatKsymtypes(new Map([['mm/slab', dump]])).value
    const cwd = workspace({ ...files, 'whitelists/x86_64/symtypes.gz': gzipSync(types) })
    const run = await check(cwd)
    expect(run.stdout).toContain('0 checksums reproduced from the stored types')
    expect(run.stdout).toMatch(/kmalloc: 0x11111111 in the list, 0x[0-9a-f]{8} from the types/)
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The types of 2 of the protected symbols are missing.',
    )
    expect(run.stdout).toContain('2 errors\n\nerror: Stored types do not belong')
    expect(run.code).toBe(3)
  })

  it('prints the same as JSON', async () => {
    const cwd = workspace({ ...files, 'new.symvers': patched })
    const run = await check(cwd, '--json', '--symvers', 'new.symvers')
    expect(JSON.parse(run.stdout)).toMatchObject({
      schemaVersion: 1,
      result: 'break',
      whitelists: [
        {
          variant: 'x86_64',
          path: join(cwd, list),
          protected: 3,
          reproduced: null,
          baseline: false,
          differences: [{ kind: 'changed', symbol: 'pci_enable_device' }, { kind: 'removed' }],
        },
      ],
      problems: [],
    })
    expect(run.code).toBe(1)
    writeFileSync(join(cwd, list), '')
    const empty = await check(cwd, '--json')
    expect(JSON.parse(empty.stdout)).toMatchObject({
      result: 'error',
      problems: [{ kind: 'empty-whitelist', variant: 'x86_64' }],
    })
    expect(empty.code).toBe(3)
  })

  it.each<[string, string[], number, RegExp]>([
    ['a folder without lists', ['empty'], 3, /No whitelist under a known name/],
    ['lists and a configuration', [list, '--variant', 'x86_64'], 2, /lists were named/],
    ['a build without a list', ['--against', 'Module.symvers'], 2, /needs a list/],
    ['one build for two lists', [list, 'Module.symvers', '--against', 'Module.symvers'], 2, /2 whitelists/],
    ['an unknown variant', ['--variant', 'x86'], 2, /no variant "x86"/],
  ])('is an error for %s', async (_, args, code, message) => {
    const run = await check(workspace({ ...files, 'empty/readme': '' }), ...args)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.code).toBe(code)
  })

  it('--help shows an example', async () => {
    const { stdout, code } = await check(workspace({}), '--help')
    expect(stdout).toMatch(/Examples?:\n {2}kabi-gate whitelist check/)
    expect(code).toBe(0)
  })
})
