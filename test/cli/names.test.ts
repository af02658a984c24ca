import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { patched, released, whitelist, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const compare = (symvers: string) =>
  runMain(['compare', 'list', 'Module.symvers', '--format', 'names'], {
    cwd: workspace({ list: whitelist, 'Module.symvers': symvers }),
  })

it('the format for scripts has the symbols that break, one a line and sorted, and nothing else', async () => {
  const { code, stdout } = await compare(patched)
  expect(code).toBe(1)
  const names = stdout.trimEnd().split('\n')
  expect(names).toEqual(['pci_enable_device', 'usb_alloc_urb'])
})

it('it is empty for a kernel in which nothing broke', async () => {
  expect(await compare(released)).toEqual({ code: 0, stdout: '', stderr: '' })
})

it('it is empty, with the reason on standard error, where nothing could be verified', async () => {
  const { code, stdout, stderr } = await compare('this is no symvers\n')
  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(/^error: /)
})

it('as a file it is not there where nothing could be verified, not even that of an earlier run', async () => {
  const cwd = workspace({
    list: whitelist,
    'Module.symvers': 'this is no symvers\n',
    names: 'of an earlier run\n',
  })
  const file = join(cwd, 'names')
  const { code, stderr } = await runMain(['compare', 'list', 'Module.symvers', '--output', `names=${file}`], {
    cwd,
  })
  expect(code).toBe(3)
  expect(stderr).toMatch(/^error: the names report was not written: /m)
  expect(existsSync(file)).toBe(false)
})

it('as a file it is empty for a kernel in which nothing broke', async () => {
  const cwd = workspace({ list: whitelist, 'Module.symvers': released })
  const file = join(cwd, 'names')
  const { code } = await runMain(['compare', 'list', 'Module.symvers', '--output', `names=${file}`], { cwd })
  expect([code, readFileSync(file, 'utf8')]).toEqual([0, ''])
})
