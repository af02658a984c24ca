import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Makes a temporary folder with the files given, removed when the test ends. */
export function workspace(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kabi-gate-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), contents)
  }
  return folder
}

export const released = `0x11111111\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t
0x22222222\tpci_enable_device\tvmlinux\tEXPORT_SYMBOL\t
0x33333333\tusb_alloc_urb\tdrivers/usb/core/usbcore\tEXPORT_SYMBOL_GPL\t
0x44444444\tnobody_cares\tvmlinux\tEXPORT_SYMBOL\t
`

export const patched = released
  .replace('0x22222222', '0xdeadbeef')
  .replace('0x33333333\tusb_alloc_urb\tdrivers/usb/core/usbcore\tEXPORT_SYMBOL_GPL\t\n', '')

export const whitelist = released.replace(/^.*nobody_cares.*\n/m, '')

export const kabiYml = `version: 1
variants:
  x86_64:
    arch: x86_64
    symvers: Module.symvers
`
