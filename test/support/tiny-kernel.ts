import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { runCli } from '../e2e/run-bundle.ts'
import { commitAll } from './git.ts'
import { type Files, writeFiles } from './write-files.ts'

/**
 * Reads structures and declarations up to a semicolon each, passes over functions, and prints and dumps of exports what the kernel's
 * genksyms would.
 */
const genksyms = String.raw`
import { readFileSync, writeFileSync } from 'node:fs'
const words = readFileSync(0, 'latin1').replace(/^#.*$/gm, '').match(/\w+|\S/g) ?? []
const [declared, types, exported] = [new Map(), new Map(), []]
let [statement, depth] = [[], 0]
for (const word of words) {
  depth += { '{': 1, '}': -1 }[word] ?? 0
  const body = word === '}' && depth === 0 && statement.includes('(')
  if (!body && (word !== ';' || depth > 0)) { statement.push(word); continue }
  const name = statement[statement.lastIndexOf('(') - 1] ?? statement.at(-1)
  if (statement[0] === '__GENKSYMS_EXPORT_SYMBOL') exported.push(statement[2])
  else if (statement[2] === '{') types.set('s#' + statement[1], statement)
  else if (!body) declared.set(name, statement)
  statement = []
}
const referring = (tokens) => tokens.join(' ').replace(/(?<=.)\bstruct (\w+)/g, (whole, name) => types.has('s#' + name) ? 's#' + name : whole)
const expand = (tokens, seen) => referring(tokens).split(' ').map((token) => {
  if (!types.has(token)) return token + ' '
  if (seen.has(token)) return 'struct ' + token.slice(2) + ' '
  seen.add(token)
  return expand(types.get(token), seen)
}).join('')
const crcOf = (text) => {
  let crc = -1
  for (const byte of Buffer.from(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (~crc >>> 0).toString(16).padStart(8, '0')
}
const known = exported.filter((name) => declared.has(name))
for (const name of known) console.log('#SYMVER ' + name + ' 0x' + crcOf(expand(declared.get(name), new Set())))
const dump = [...types, ...known.map((name) => [name, declared.get(name)])].map(([name, tokens]) => name + ' ' + referring(tokens) + ' ')
writeFileSync(process.argv[process.argv.indexOf('-T') + 1], dump.join('\n') + '\n')
`

/** As Linux 6.1 has it, as far as one export to everybody goes. */
const exportHeader = String.raw`#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H
#ifdef __GENKSYMS__
#define EXPORT_SYMBOL(sym) __GENKSYMS_EXPORT_SYMBOL(sym)
#else
#define EXPORT_SYMBOL(sym) extern typeof(sym) sym; extern const char __kstrtab_##sym[]; extern const char __kstrtabns_##sym[]; \
  asm("	.section \"__ksymtab_strings\",\"aMS\",%progbits,1	\n" \
      "__kstrtab_" #sym ":	\n" "	.asciz 	\"" #sym "\"	\n" \
      "__kstrtabns_" #sym ":	\n" "	.asciz 	\"\"	\n" "	.previous	\n"); \
  asm("	.section \"___ksymtab" "" "+" #sym "\", \"a\"	\n" "	.balign	4	\n" "__ksymtab_" #sym ":	\n" \
      "	.long	" #sym "- .	\n" "	.long	__kstrtab_" #sym "- .	\n" "	.long	__kstrtabns_" #sym "- .	\n" "	.previous	\n")
#endif
#endif
`

/** Calls itself in the folder of O= as kbuild does. */
const makefile = (node: string): string => String.raw`VERSION = 6
PATCHLEVEL = 1
ifndef src
olddefconfig prepare modules_prepare vmlinux modules: ; @$(MAKE) -C $(O) -f $(CURDIR)/Makefile src=$(CURDIR) O=$(O) $@
else
cpp = gcc -E -D__GENKSYMS__ -Wp,-MMD,$(dir $@).$(notdir $@).d -nostdinc -I$(src)/include
.PHONY: olddefconfig prepare modules_prepare modules lib objects
olddefconfig: ; @mkdir -p include/config; echo 'deps_config := Kconfig' > include/config/auto.conf.cmd
modules_prepare: ;
prepare:
	@mkdir -p lib scripts/genksyms
	@{ echo '#!${node}'; cat $(src)/scripts/genksyms/genksyms.mjs; } > scripts/genksyms/genksyms.mjs
	@printf '#!/bin/sh\nexec ${node} %s/scripts/genksyms/genksyms.mjs "$$@"\n' "$(O)" > scripts/genksyms/genksyms
	@chmod +x scripts/genksyms/genksyms
vmlinux: lib vmlinux.a
modules: lib
lib: ; $(MAKE) -f $(src)/Makefile src=$(src) O=$(O) obj=$@ need-builtin=1 objects
objects: lib/device.o ; @echo '  AR      $(obj)/built-in.a'
lib/device.o: %.o: $(src)/%.c
	gcc -nostdinc -I$(src)/include -c -o $@ $<; echo 'source_$@ := $<' > $(dir $@).$(notdir $@).cmd
	if nm $@ | grep -q ksymtab; then $(cpp) $< | scripts/genksyms/genksyms -r /dev/null >> $(dir $@).$(notdir $@).cmd; fi
endif
`

/** The header whose structure has a hole of four bytes behind `refs`. */
export const deviceHeader = 'include/linux/device.h'

/**
 * A source tree of one object with one export, that is configured and built as a kernel is, with make and gcc. What it has of
 * genksyms is enough for it.
 */
const tinyKernel: Files = {
  Makefile: makefile(process.execPath),
  Kbuild: '',
  '.gitignore': '/.runner\n/evidence\n',
  'scripts/Kbuild.include': '',
  'scripts/genksyms/genksyms.mjs': genksyms,
  'arch/x86/Makefile': '',
  'configs/x86_64.config': 'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\n',
  'include/linux/export.h': exportHeader,
  [deviceHeader]: `struct device {
	void			*parent;
	int			refs;
	unsigned long long	dma_mask;
};

int device_add(struct device *dev);
`,
  'lib/device.c': `#include <linux/device.h>
#include <linux/export.h>

int device_add(struct device *dev)
{
	return dev->refs;
}
EXPORT_SYMBOL(device_add);
`,
  'kabi.yml': `version: 1
variants:
  x86_64: { arch: x86_64, config: configs/x86_64.config }
`,
}

/** The text of `deviceHeader` after a patch that adds a field, at line 4, into the hole. */
export const addedField = '\tunsigned int\t\tprobe_cookie;'
export const patchedHeader = String(tinyKernel[deviceHeader])
  .split('\n')
  .toSpliced(3, 0, addedField)
  .join('\n')

/** True where the programs are that its build, and the search of kabi-gate, call. */
export const canBuildTinyKernel = ['make', 'gcc', 'nm', 'flex', 'bison', 'bc', 'awk', 'cmp', 'find'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

/**
 * Makes a checkout of the tiny kernel with the whitelist of its release, as the committed command line writes it with types and layouts.
 * @param folder for the checkout, and its name with a suffix for what is built meanwhile
 * @param more files of the release, in place of those that it has, and the symbols that they export besides
 * @returns the commit
 */
export async function releaseTinyKernel(
  folder: string,
  more: { readonly files: Files; readonly symbols: readonly string[] } = { files: {}, symbols: [] },
): Promise<string> {
  const work = `${folder}-work`
  const names = ['device_add', ...more.symbols].join('\n')
  writeFiles(folder, { ...tinyKernel, ...more.files, names: `${names}\n` })
  const made = await runCli(['whitelist', 'create', '--names', 'names', '--work-dir', work], { cwd: folder })
  rmSync(work, { recursive: true, force: true })
  if (made.code !== 0) throw new Error(made.stderr)
  writeFiles(folder, { names: undefined })
  return commitAll(folder, 'Linux 6.1')
}
