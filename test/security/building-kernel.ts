import { fakeKernel, type FakeKernel } from '../kernel-unit/fake-kernel.ts'
import { writeFiles } from '../support/workspace.ts'

/** The environment in which a bundle finds the tools of the fake kernel and keeps everything in its folder. */
export function environmentOf({ folder, bin }: FakeKernel): Readonly<Record<string, string>> {
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: folder, TMPDIR: folder }
}

/** A fake kernel with a configuration and a whitelist, whose build exports what the list has. */
export function buildingKernel(): FakeKernel {
  const kernel = fakeKernel()
  writeFiles(kernel.source, {
    'kabi.yml': `version: 1
variants:
  x86_64: { arch: x86_64, strategy: full, config: { targets: [tinyconfig] } }
`,
    'whitelists/x86_64/kabi_whitelist': '0x12345678 printk vmlinux EXPORT_SYMBOL\n',
  })
  return kernel
}
