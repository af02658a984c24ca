import { temporaryFolder } from './temporary-folder.ts'
import { type Files, writeFiles } from './write-files.ts'

export { type Files, writeFiles } from './write-files.ts'

/** Makes a temporary folder with the files given, removed when the test ends. */
export function workspace(files: Files): string {
  const folder = temporaryFolder()
  writeFiles(folder, files)
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
