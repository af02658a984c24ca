import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildKmod } from '../support/build-kmod.ts'
import { rpmFolder, run } from '../support/packaging.ts'

/**
 * A real driver of Debian's cloud kernel on a driver disk. KABI_MODULES names the folder of modules.test.ts; the kernel after it
 * changed the ABI.
 */

const kernels = process.env['KABI_MODULES']
if (kernels === undefined) throw new Error('KABI_MODULES must name a folder with unpacked kernels')

const release = '6.1.0-47-cloud-amd64'
const later = '6.1.0-56-cloud-amd64'
const driver = join(kernels, 'cloud-amd64/lib/modules', release, 'kernel/drivers/net/virtio_net.ko')

test('a disk with a real driver passes on its kernel, and is refused for the kernel after it', () => {
  const top = rpmFolder({})
  const gate = (...args: readonly string[]) => run('kabi-gate', args, { cwd: top })
  const own = join(kernels, 'cloud-amd64')
  const lines = gate('deps', 'requires', driver, '--root', own).output.trim().split('\n')
  expect(lines.length).toBeGreaterThan(100)
  const rpm = buildKmod(top, {
    name: 'virtio-net',
    module: readFileSync(driver),
    release,
    requires: lines,
    provides: ['kernel-modules >= 6.1.0'],
  })
  const make = ['disk', 'make', '--rpm', rpm, '--arch', 'x86_64']
  const made = gate(...make, '--for', release, '--root', own, '-o', 'dd.iso')
  expect(made.output).toContain('MADE: dd.iso')
  expect(made.code).toBe(0)
  const symvers = (kernel: string, name: string) =>
    join(kernels, kernel, `usr/src/linux-headers-${name}/Module.symvers`)
  expect(gate('deps', 'check', 'dd.iso', '--symvers', symvers('cloud-amd64', release)).code).toBe(0)
  expect(gate('deps', 'check', 'dd.iso', '--symvers', symvers('next', later)).code).toBe(1)
  const refused = gate(...make, '--for', later, '--root', join(kernels, 'next'), '-o', 'next.iso')
  expect(refused.output).toContain(`kmod-virtio-net-1.0-1.x86_64: would not install and load on ${later}`)
  expect(refused.code).toBe(1)
})
