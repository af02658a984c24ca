import type { Flavour } from './small-kernel.ts'

/**
 * Stands for gendwarfksyms: every export that the debugging information names gets one checksum of all names and sizes
 * in it. Like the real one, it warns of others and gives them 0.
 */
const script = `#!/bin/sh
for object; do :; done
types=$(readelf --debug-dump=info "$object" | grep 'DW_AT_name\\|DW_AT_byte_size' | sed 's/.*: //')
sum=$(echo "$types" | cksum | cut -d' ' -f1)
while read name; do
  if echo "$types" | grep -qx "$name *"; then printf '#SYMVER %s 0x%08x\\n' "$name" "$sum"
  else echo "gendwarfksyms: warning: no information for symbol $name" >&2; echo "#SYMVER $name 0x00000000"; fi
done
`

/** As Linux 6.14 has it. */
const exportHeader = String.raw`
#ifdef __ASSEMBLY__
#define ___EXPORT_SYMBOL(sym, license, ns) .section ".export_symbol","a" ; __export_symbol_##sym: ; \
  .asciz license ; .asciz ns ; .balign 8 ; .quad sym ; .previous
#else
#define ___EXPORT_SYMBOL(sym, license, ns) asm(".section \".export_symbol\",\"a\"\n __export_symbol_" #sym ":\n" \
  ".asciz \"" license "\"\n .asciz \"" ns "\"\n .balign 8\n .quad " #sym "\n .previous");
#endif
#define EXPORT_SYMBOL(sym) ___EXPORT_SYMBOL(sym, "", "")
#define EXPORT_SYMBOL_GPL(sym) ___EXPORT_SYMBOL(sym, "GPL", "")
#define EXPORT_SYMBOL_NS_GPL(sym, ns) ___EXPORT_SYMBOL(sym, "GPL", ns)
`

const makefile = String.raw`
objs := init/main.o lib/plain.o lib/made.o lib/gizmo.o lib/held.o lib/gen.o lib/thunk.o lib/quiet.o drivers/usb-storage/usb.o
depfile = -Wp,-MMD,$(dir $@).$(notdir $@).d
cmd = $(dir $@).$(notdir $@).cmd
cc = gcc $(depfile) -nostdinc -g -I$(src)/first -I$(src)/include $(flags)
.PHONY: modules FORCE
vmlinux: $(objs) vmlinux.a
modules: $(objs)
drivers/usb-storage/usb.o: flags = -DMODULE -DKBUILD_MODNAME='"usb_storage"'
lib/gen.o: lib/table.h
lib/gen.o: flags = -I./lib
lib/table.h: $(src)/lib/table.txt ; @sed 's/.*/int table_&;/' $< > $@
$(filter-out lib/thunk.o,$(objs)): %.o: $(src)/%.c
	set -e; echo '  CC      $@'; $(cc) -c -o $@ $<  ; ./scripts/basic/fixdep 'gcc -c -o $@ $<' > $(cmd) || echo 'source_$@ := $<' > $(cmd)
	if nm $@ 2>/dev/null | grep -q ' __export_symbol_'; then  nm $@ | sed -n 's/.* __export_symbol_\(.*\)/\1/p' | ./scripts/gendwarfksyms/gendwarfksyms   $@ >> $(cmd); fi
	echo usb.o > drivers/usb-storage/usb-storage.mod
lib/thunk.o: %.o: $(src)/%.S
	gcc -I$(src)/include $(depfile) -D__ASSEMBLY__ -c -o $@ $<
	if nm $@ 2>/dev/null | grep -q ' __export_symbol_'; then { echo "#include <prototypes.h>" ; nm $@ | sed -n 's/.* __export_symbol_\(.*\)/EXPORT_SYMBOL(\1);/p' ; } | $(cc) -c -o $(@:.o=.gendwarfksyms.o) -xc -; nm $@ | sed -n 's/.* __export_symbol_\(.*\)/\1/p' | ./scripts/gendwarfksyms/gendwarfksyms   $(@:.o=.gendwarfksyms.o) >> $(cmd); fi
`

/** A kernel with CONFIG_GENDWARFKSYMS: its checksums come from the debugging information of compiled objects. */
export const gendwarfksymsKernel: Flavour = {
  program: 'scripts/gendwarfksyms/gendwarfksyms',
  script,
  sources: {
    Makefile: makefile,
    'include/linux/export.h': exportHeader,
    'lib/thunk.S':
      '#include <linux/export.h>\n.globl thunk_rax\nthunk_rax: .long 0\nEXPORT_SYMBOL_GPL(thunk_rax)\n',
    'init/main.c':
      '#include <linux/export.h>\n#include <types.h>\n\nstruct thing start;\nEXPORT_SYMBOL(start);\nint stop;\nEXPORT_SYMBOL_GPL(stop);\n',
    'drivers/usb-storage/usb.c':
      '#include <linux/export.h>\n#include <types.h>\nstruct thing usb;\nEXPORT_SYMBOL_NS_GPL(usb, "USB");\n',
  },
}
