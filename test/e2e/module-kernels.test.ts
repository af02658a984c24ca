import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildDeb } from '../module/build-deb.ts'
import { buildModule } from '../module/build-module.ts'
import { workspace } from '../support/workspace.ts'
import { runCli } from './run-bundle.ts'

const symvers = (kfree: number) =>
  `0x00000009\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n0x0000000${kfree}\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n`

it('the bundle tells on which kernels a driver loads, and writes it as a page', async () => {
  const cwd = workspace({
    'igb.ko': buildModule({ imports: { module_layout: 9, kfree: 1 } }),
    'old.deb': buildDeb({ 'usr/src/linux-headers-6.1.0/Module.symvers': symvers(1) }),
    'new.symvers': symvers(2),
    'kernels.txt': './old.deb\n./new.symvers\n',
  })
  const { code, stdout, stderr } = await runCli(
    ['module', 'check', '--kernels', 'kernels.txt', '--output', 'table.html', 'igb.ko'],
    { cwd },
  )
  expect(stderr).toBe('')
  expect(stdout).toContain('igb     loads  no\n')
  expect(stdout).toContain('kfree  built with 0x00000001, kernel 0x00000002  kernel 2  igb\n')
  expect(readFileSync(join(cwd, 'table.html'), 'utf8')).toContain('DOES NOT LOAD')
  expect(code).toBe(1)
})

it('the bundle holds a driver against the lists of kabi.yml that it was built for', async () => {
  const cwd = workspace({
    'igb.ko': buildModule({ imports: { module_layout: 9, kfree: 1 } }),
    'kabi.yml':
      'version: 1\nvariants:\n  a: { arch: x86_64, whitelist: a }\n  b: { arch: s390, whitelist: a }\n',
    a: symvers(1),
  })
  const { code, stdout } = await runCli(['module', 'check', 'igb.ko'], { cwd })
  expect(stdout).toContain('igb.ko was built for x86_64, 6.1.0: checked against a\n')
  expect(code).toBe(0)
})
