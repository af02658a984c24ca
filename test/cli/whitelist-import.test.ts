import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { released, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const files = {
  'kabi/kabi_whitelist_i686': '[mm]\n\tkmalloc\n[pci]\n\tpci_enable_device\n\tkmalloc\n',
  'kabi/Module.kabi_i686': released,
  'kabi/kabi_lockedlist_arm': 'kmalloc\n',
  'kabi/severities': 'kmalloc PASS\n',
}

describe('kabi-gate whitelist import', () => {
  it('prints a line for each variant, and what it left alone', async () => {
    const cwd = workspace(files)
    const run = await runMain(['whitelist', 'import', 'kabi', '--to', 'whitelists'], { cwd })
    expect(run.stdout).toBe(
      'arm    1 symbol                      kabi_lockedlist_arm (names)\n' +
        'i686  2 symbols  3 rows  2 sections  kabi_whitelist_i686 (names) with Module.kabi_i686\n' +
        'without checksums, so `check` refuses it: arm\n' +
        'left alone: severities\n',
    )
    expect(run.code).toBe(0)
    expect(readFileSync(join(cwd, 'whitelists/i686/kabi_whitelist'), 'utf8')).toMatch(
      /^\[mm\]\n0x11111111\tkmalloc\t/,
    )
  })

  it('makes lists that the other commands read', async () => {
    const cwd = workspace({ ...files, 'Module.symvers': released })
    await runMain(['whitelist', 'import', 'kabi', '--to', 'whitelists', '--variant', 'i686'], { cwd })
    const run = await runMain(['compare', 'whitelists/i686/kabi_whitelist', 'Module.symvers'], { cwd })
    expect(run.stdout).toMatch(/^PASS/)
  })

  it.each<[string, string[], number, RegExp]>([
    ['no source', ['--to', 'whitelists'], 2, /missing required argument/],
    ['no target', ['kabi'], 2, /required option '--to/],
    ['a source that is not there', ['nowhere', '--to', 'whitelists'], 3, /nowhere" does not exist/],
    [
      'a variant that is not there',
      ['kabi', '--to', 'w', '--variant', 'x'],
      3,
      /No whitelist for variant "x"/,
    ],
    ['a file of rules', ['kabi/severities', '--to', 'w', '--variant', 'x'], 3, /not a whitelist/],
    ['a list whose variant nobody knows', ['kabi/severities', '--to', 'w'], 2, /--variant NAME/],
  ])('is an error for %s', async (_, args, code, message) => {
    const run = await runMain(['whitelist', 'import', ...args], { cwd: workspace(files) })
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.code).toBe(code)
  })

  it('--help shows an example', async () => {
    const { stdout, code } = await runMain(['whitelist', 'import', '--help'], { cwd: workspace({}) })
    expect(stdout).toMatch(/Examples?:\n {2}kabi-gate whitelist import/)
    expect(code).toBe(0)
  })
})
