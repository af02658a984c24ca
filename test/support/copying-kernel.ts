/** What a kernel exports. */
export const released = `0x11111111\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t
0x22222222\tpci_enable_device\tvmlinux\tEXPORT_SYMBOL\t
0x33333333\tusb_alloc_urb\tdrivers/usb/core/usbcore\tEXPORT_SYMBOL_GPL\t
`

/** What a patch leaves behind that changes the checksum of a protected symbol. */
export const broken = released.replace('0x22222222', '0xdeadbeef')

/** A tree that passes for a kernel's, and builds in no time: its exports are those of its file `exports`. */
export const copyingKernel: Readonly<Record<string, string>> = {
  Makefile: `VERSION = 6
PATCHLEVEL = 1
.PHONY: olddefconfig prepare modules_prepare vmlinux modules
olddefconfig prepare modules_prepare modules: ;
vmlinux:
	@cp exports $(O)/Module.symvers
	@touch $(O)/vmlinux
include $(wildcard $(CURDIR)/local.mk)
`,
  Kbuild: '',
  exports: released,
  'scripts/Kbuild.include': '',
  'arch/x86/Makefile': '',
  'configs/x86_64.config': 'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\n',
  'whitelists/x86_64/kabi_whitelist': released,
}
