import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { released, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const files = {
  'Module.symvers': released,
  names: '[usb]\nusb_alloc_urb\n[mm]\nkmalloc\n',
  typos: 'kmalloc\nkmaloc\n',
  zero: released.replace('0x44444444', '0x00000000'),
}

function create(cwd: string, ...args: string[]) {
  return runMain(['whitelist', 'create', ...args], { cwd })
}

describe('kabi-gate whitelist create --from', () => {
  it('makes a list of the names, in their sections, without a configuration', async () => {
    const cwd = workspace(files)
    const run = await create(
      cwd,
      '--from',
      'Module.symvers',
      '--names',
      'names',
      '--to',
      'new/kabi_whitelist',
    )
    expect(run.stdout).toBe(`2 protected symbols written to ${join(cwd, 'new/kabi_whitelist')}\n`)
    expect(run.code).toBe(0)
    expect(readFileSync(join(cwd, 'new/kabi_whitelist'), 'utf8')).toBe(
      '[usb]\n0x33333333\tusb_alloc_urb\tdrivers/usb/core/usbcore\tEXPORT_SYMBOL_GPL\t\n' +
        '[mm]\n0x11111111\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n',
    )
  })

  it('makes a list of every export, from a packed file too, that the same build keeps', async () => {
    const cwd = workspace({ 'symvers.gz': gzipSync(released) })
    expect((await create(cwd, '--from', 'symvers.gz', '--to', 'list')).stdout).toMatch(/^4 protected symbols/)
    expect((await runMain(['compare', 'list', 'symvers.gz'], { cwd })).code).toBe(0)
    expect((await runMain(['whitelist', 'check', 'list', '--against', 'symvers.gz'], { cwd })).code).toBe(0)
  })

  it('refuses names that the build does not export, unless that is allowed', async () => {
    const cwd = workspace(files)
    const args = ['--from', 'Module.symvers', '--names', 'typos', '--to', 'list']
    const refused = await create(cwd, ...args)
    expect(refused.stdout).toMatch(/The build does not export 1 of the\s+names/)
    expect(refused.stdout).toContain('| kmaloc: did you mean kmalloc?\n')
    expect(refused.code).toBe(3)
    expect(existsSync(join(cwd, 'list'))).toBe(false)
    const allowed = await create(cwd, ...args, '--allow-absent')
    expect(allowed.stdout).toMatch(/^1 protected symbols? written/)
    expect(allowed.stdout).toContain('| kmaloc: did you mean kmalloc?\n')
    expect(allowed.code).toBe(0)
  })

  it('leaves out of every export those without a checksum, and refuses them by name', async () => {
    const cwd = workspace({ ...files, nobody: 'nobody_cares\n' })
    const all = await create(cwd, '--from', 'zero', '--to', 'list')
    expect(all.stdout).toMatch(/^3 protected symbols/)
    expect(all.stdout).toContain('| nobody_cares\n')
    expect(all.code).toBe(0)
    const named = await create(cwd, '--from', 'zero', '--to', 'named', '--names', 'nobody', '--allow-absent')
    expect(named.code).toBe(3)
    expect(existsSync(join(cwd, 'named'))).toBe(false)
  })

  it.each<[string, string[], number, RegExp]>([
    ['no target', ['--from', 'Module.symvers'], 2, /belong together/],
    ['a target alone', ['--to', 'list'], 2, /belong together/],
    [
      'options of a build',
      ['--from', 'Module.symvers', '--to', 'list', '--variant', 'x'],
      2,
      /cannot be used/,
    ],
    ['a list that exists', ['--from', 'Module.symvers', '--to', 'names'], 3, /exists already/],
    ['no such build', ['--from', 'nowhere', '--to', 'list'], 3, /nowhere" does not exist/],
    ['a build that is none', ['--from', 'names', '--to', 'list'], 3, /symvers/],
  ])('is an error for %s', async (_, args, code, message) => {
    const run = await create(workspace(files), ...args)
    expect((run.stdout + run.stderr).replaceAll(/\s+/g, ' ')).toMatch(message)
    expect(run.code).toBe(code)
  })
})
