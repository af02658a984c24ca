/** A release of two symbols, what a build of it gives, and what one gives that broke the first. */
export const config = `version: 1
variants:
  x86_64: { arch: x86_64, symvers: Module.symvers }
`
export const list = '0x00000011 a vmlinux EXPORT_SYMBOL\n0x00000012 b vmlinux EXPORT_SYMBOL\n'
export const built = '0x00000011\ta\tvmlinux\tEXPORT_SYMBOL\t\n0x00000012\tb\tvmlinux\tEXPORT_SYMBOL\t\n'
export const broken = built.replace('0x00000011', '0x00000021')

/** Its files. */
export const released = {
  Makefile: 'VERSION = 6\n',
  '.gitignore': 'Module.symvers\n',
  'kabi.yml': config,
  'whitelists/x86_64/kabi_whitelist': list,
}
