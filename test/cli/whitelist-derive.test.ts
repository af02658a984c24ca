import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import { runMain } from './run-main.ts'

const files = {
  'igb.ko.gz': gzipSync(buildModule({ imports: { module_layout: 9, kfree: 1, i2c_transfer: 2 } })),
  'i2c-core.ko': buildModule({ imports: { module_layout: 9, kfree: 1 }, exports: ['i2c_transfer'] }),
  'old.ko': buildModule({ imports: { module_layout: 8, kfree: 1 } }),
  'Module.symvers':
    '0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n',
}

const derive = (args: readonly string[], cwd = workspace(files)) =>
  runMain(['whitelist', 'derive', ...args], { cwd })

describe('kabi-gate whitelist derive', () => {
  it('prints names, and says apart from them how many', async () => {
    const run = await derive(['igb.ko.gz', 'i2c-core.ko'])
    expect(run.stdout).toBe('[common]\n\tkfree\n\tmodule_layout\n')
    expect(run.stderr).toBe(
      '2 symbols imported by 2 drivers; 1 symbol that they export to each other left out\n',
    )
    expect(run.code).toBe(0)
  })

  it.each([
    ['--with-checksums', '[i2c-core]\n0x00000001\tkfree\n0x00000009\tmodule_layout\n'],
    [
      '--symvers=Module.symvers',
      '[i2c-core]\n0x00000001\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n',
    ],
  ])('prints canonical rows with %s', async (option, rows) => {
    expect((await derive(['i2c-core.ko', option])).stdout).toBe(rows)
  })

  it('promises what the kernel exports, not what stands beside it', async () => {
    const tables = ['--symvers', 'Module.symvers', '--symvers', 'ofed.symvers']
    const ofed = {
      ...files,
      'ofed.symvers': '0x00000007\tkfree\t/usr/src/ofed/compat\tEXPORT_SYMBOL\t\n',
      'ofed.ko': buildModule({ imports: { module_layout: 9, kfree: 7 } }),
    }
    const own = await derive(['i2c-core.ko', ...tables], workspace(ofed))
    expect([own.code, own.stdout]).toEqual([0, expect.stringContaining('0x00000001\tkfree\tvmlinux')])
    const other = await derive(['ofed.ko', ...tables], workspace(ofed))
    expect([other.code, other.stderr]).toEqual([
      3,
      expect.stringContaining('kfree (ofed): 0x00000007, not 0x00000001'),
    ])
  })

  it('writes a new file, and never over another', async () => {
    const cwd = workspace(files)
    expect((await derive(['i2c-core.ko', '-o', 'lists/names'], cwd)).code).toBe(0)
    const again = await derive(['igb.ko.gz', '-o', 'lists/names'], cwd)
    expect(again.stderr).toContain('exists already')
    expect(again.code).toBe(3)
    expect(readFileSync(join(cwd, 'lists/names'), 'utf8')).toBe('[i2c-core]\n\tkfree\n\tmodule_layout\n')
  })

  it.each<[string, string[], number, RegExp]>([
    ['no driver', [], 2, /missing required argument/],
    ['a driver given twice', ['igb.ko.gz', './igb.ko.gz'], 2, /has the name of/],
    ['a file that is not there', ['nowhere.ko'], 3, /nowhere\.ko" does not exist/],
    ['a file that is no module', ['Module.symvers'], 3, /is not an ELF file/],
    ['drivers of two kernels', ['igb.ko.gz', 'old.ko'], 3, /built for different kernels/],
    [
      'a symbol that the symvers lacks',
      ['igb.ko.gz', '--symvers', 'Module.symvers'],
      3,
      /i2c_transfer \(igb\)/,
    ],
    ['a symvers that is not there', ['igb.ko.gz', '--symvers', 'nowhere'], 3, /nowhere" does not exist/],
  ])('is an error for %s, and prints no list', async (_, args, code, message) => {
    const run = await derive(args)
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.stdout).toBe('')
    expect(run.code).toBe(code)
  })

  it('--help shows an example', async () => {
    const { stdout, code } = await derive(['--help'])
    expect(stdout).toMatch(/Examples?:\n {2}kabi-gate whitelist derive/)
    expect(code).toBe(0)
  })
})
