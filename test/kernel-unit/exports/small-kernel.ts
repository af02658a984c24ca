import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { evaluateObject } from '../../../src/kernel/exports/evaluate-object.ts'
import { openFactStore } from '../../../src/kernel/exports/file-facts.ts'
import { findExports, type FindProgress, type Wanted } from '../../../src/kernel/exports/find-exports.ts'
import type { Command, KernelTree, Run } from '../../../src/kernel/exports/kernel-tree.ts'
import { plainExports } from '../../../src/kernel/exports/plain-exports.ts'
import { spawnRun } from './spawn-run.ts'

/** A source tree and a build folder that behave like a kernel's, as far as the search for exports looks at them. */
export interface SmallKernel {
  readonly source: string
  readonly output: string
  readonly write: (files: Readonly<Record<string, string>>) => void
  readonly remove: (path: string) => void
  readonly find: (
    wanted: readonly string[] | 'all',
    options?: { readonly signal?: AbortSignal; readonly expected?: Readonly<Record<string, string>> },
  ) => Promise<Found>
  /** Evaluates one object without asking make, its source a path without suffix. */
  readonly evaluate: (name: string, flags: readonly string[]) => ReturnType<typeof evaluateObject>
  readonly end: () => void
}

type WithoutInputs<Result> = Result extends unknown ? Omit<Result, 'inputs' | 'othersRead'> : never

type FindResult = Awaited<ReturnType<typeof findExports>>

function withoutInputs(result: FindResult): WithoutInputs<FindResult> {
  if (result.kind === 'not-found') return result
  const { kind, exports, absent, objects, listed } = result
  return { kind, exports, absent, objects, listed }
}

export interface Found {
  /** But for the functions that tell whether it still holds. */
  readonly result: WithoutInputs<FindResult>
  /** What was run, by kind. */
  readonly runs: Readonly<Record<'make' | 'compiler' | 'checksums', number>>
  readonly progress: readonly FindProgress[]
}

/** What differs between kernels whose checksums are computed in different ways. */
export interface Flavour {
  /** Path of the program for checksums in the build folder. */
  readonly program: string
  readonly script: string
  /** Files of the source tree; others are those of the genksyms kernel. */
  readonly sources: Readonly<Record<string, string>>
}

export function smallKernel(flavour: Flavour = genksymsKernel): SmallKernel {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'small-kernel-')))
  const [source, output, work] = ['source', 'output', 'work'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ]
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(source, path)), { recursive: true })
      writeFileSync(join(source, path), text)
    }
  }
  write({ ...sources, ...flavour.sources })
  const program = join(output, flavour.program)
  const treeOf = (run: Run, signal: AbortSignal): KernelTree => ({
    source,
    output,
    work,
    results: join(base, 'results'),
    files: statesOf(source),
    makeArgs: ['-C', output, '-f', join(source, 'Makefile'), `src=${source}`],
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    run,
    signal,
    jobs: 2,
  })
  for (const folder of [
    dirname(program),
    ...['lib', 'drivers/usb-storage', 'init'].map((name) => join(output, name)),
  ]) {
    mkdirSync(folder, { recursive: true })
  }
  writeFileSync(join(output, '.config'), 'CONFIG_MODVERSIONS=y\n')
  writeFileSync(program, flavour.script)
  chmodSync(program, 0o755)
  return {
    source,
    output,
    write,
    remove: (path) => rmSync(join(source, path)),
    find: async (wanted, { signal = new AbortController().signal, expected = {} } = {}) => {
      const { run, commands } = spawnRun()
      const tree = treeOf(run, signal)
      const names: Wanted = wanted === 'all' ? wanted : new Set(wanted)
      const progress: FindProgress[] = []
      const result = await findExports(tree, names, new Map(Object.entries(expected)), (one) =>
        progress.push(one),
      )
      return { result: withoutInputs(result), runs: count(commands), progress }
    },
    evaluate: async (name, flags) => {
      const tree = treeOf(spawnRun().run, new AbortController().signal)
      const path = join(source, `${name}.c`)
      const common = ['-nostdinc', `-I${source}/include`]
      const object = {
        object: `${name}.o`,
        source: path,
        modname: undefined,
        compile: ['gcc', '-E', '-D__GENKSYMS__', ...common, ...flags, path],
        checksums: { kind: 'genksyms', command: [program] },
      } as const
      const context = {
        tree,
        facts: await openFactStore(join(work, 'facts.json')),
        namespaces: true,
        plain: plainExports(source, output),
      }
      return evaluateObject(context, object, { scratch: join(base, 'scratch'), types: join(base, 'types') })
    },
    end: () => rmSync(base, { recursive: true, force: true }),
  }
}

function count(commands: readonly Command[]): Found['runs'] {
  const runs = { make: 0, compiler: 0, checksums: 0 }
  for (const { program, args } of commands) {
    if (program === 'make') runs.make++
    else if (args.some((arg) => arg.endsWith('ksyms'))) runs.checksums++
    else runs.compiler++
  }
  return runs
}

function statesOf(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    paths.flatMap((path) => {
      const stat = statSync(join(folder, path), { bigint: true })
      return stat.isFile() ? [[path, `${stat.mtimeNs} ${stat.size} ${stat.ino}`]] : []
    }),
  )
}

/** Gives every export a type that is named by the whole text, so that any change shows; dumps the text as types, too. */
const genksyms = `#!/bin/sh
types=/dev/null
while [ $# -gt 0 ]; do case $1 in -T) types=$2; shift;; esac; shift; done
text=$(grep -v '^#')
sum=$(echo "$text" | cksum | cut -d' ' -f1)
crc=$(printf 'int of_%s ' "$sum" | gzip -c | tail -c8 | head -c4 | od -An -tx4 | tr -d ' ')
echo 's#text' $text > "$types"
echo "$text" | sed -n 's/.*__GENKSYMS_EXPORT_SYMBOL(\\([a-z_0-9]*\\)).*/\\1/p' | while read name; do
  case "$text" in *"int $name"*) echo "#SYMVER $name 0x$crc"; echo "$name int of_$sum" >> "$types";; esac
done
`

/** As Linux 6.1 has it, with relative references. */
const exportHeader = String.raw`
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H
#ifdef __GENKSYMS__
#define ___EXPORT_SYMBOL(sym, sec, ns) __GENKSYMS_EXPORT_SYMBOL(sym)
#else
#define ___EXPORT_SYMBOL(sym, sec, ns) extern typeof(sym) sym; __ADDRESSABLE(sym, __COUNTER__) \
  extern const char __kstrtab_##sym[]; extern const char __kstrtabns_##sym[]; \
  asm("	.section \"__ksymtab_strings\",\"aMS\",%progbits,1	\n" \
      "__kstrtab_" #sym ":	\n" "	.asciz 	\"" #sym "\"	\n" \
      "__kstrtabns_" #sym ":	\n" "	.asciz 	\"" ns "\"	\n" "	.previous	\n"); \
  asm("	.section \"___ksymtab" sec "+" #sym "\", \"a\"	\n" "	.balign	4	\n" "__ksymtab_" #sym ":	\n" \
      "	.long	" #sym "- .	\n" "	.long	__kstrtab_" #sym "- .	\n" "	.long	__kstrtabns_" #sym "- .	\n" "	.previous	\n")
#endif
#define __ADDRESSABLE(sym, id) ___ADDRESSABLE(sym, id)
#define ___ADDRESSABLE(sym, id) static void *__attribute__((__used__)) __addressable_##sym##id = (void *)&sym;
#define str(x...) str1(x)
#define str1(x...) #x
#ifdef DEFAULT_SYMBOL_NAMESPACE
#define _EXPORT_SYMBOL(sym, sec) ___EXPORT_SYMBOL(sym, sec, str(DEFAULT_SYMBOL_NAMESPACE))
#else
#define _EXPORT_SYMBOL(sym, sec) ___EXPORT_SYMBOL(sym, sec, "")
#endif
#define EXPORT_SYMBOL(sym) _EXPORT_SYMBOL(sym, "")
#define EXPORT_SYMBOL_GPL(sym) _EXPORT_SYMBOL(sym, "_gpl")
#define EXPORT_SYMBOL_NS(sym, ns) ___EXPORT_SYMBOL(sym, "", str(ns))
#define EXPORT_SYMBOL_NS_GPL(sym, ns) ___EXPORT_SYMBOL(sym, "_gpl", str(ns))
#endif
`

/** For assembler sources, as include/asm-generic/export.h of Linux 6.1 has it. */
const assemblerHeader = String.raw`
.macro ___EXPORT_SYMBOL name,val,sec
	.section ___ksymtab\sec+\name,"a"
	.balign 4
__ksymtab_\name:
	.long \val - ., __kstrtab_\name - ., 0
	.previous
	.section __ksymtab_strings,"aMS",%progbits,1
__kstrtab_\name:
	.asciz "\name"
	.previous
.endm
`

const makefile = String.raw`
all := init/main.o lib/plain.o lib/made.o lib/gizmo.o lib/held.o lib/gen.o lib/thunk.o lib/quiet.o drivers/usb-storage/usb.o
objs := $(if $(obj),$(filter $(obj)/%,$(all)),$(all))
folders := init lib drivers
cpp = gcc -E -D__GENKSYMS__ -Wp,-MMD,$(dir $@).$(notdir $@).d -nostdinc -I$(src)/first -I$(src)/include $(flags)
.PHONY: modules objects FORCE $(folders)
vmlinux: $(folders) vmlinux.a
modules: $(folders)
$(folders): ; $(MAKE) -f $(src)/Makefile src=$(src) obj=$@ need-builtin=1 objects
objects: $(objs) ; @echo '  AR      $(obj)/built-in.a'
drivers/usb-storage/usb.o: flags = -DMODULE -DKBUILD_MODNAME='"usb_storage"'
lib/gen.o: lib/table.h
lib/gen.o: flags = -I./lib
lib/table.h: $(src)/lib/table.txt ; @sed 's/.*/int table_&;/' $< > $@
$(filter-out lib/thunk.o,$(objs)): %.o: $(src)/%.c
	gcc -nostdinc -I$(src)/first -I$(src)/include $(flags) -c -o $@ $<; echo 'source_$@ := $<' > $(dir $@).$(notdir $@).cmd
	if nm $@ | grep -q ksymtab; then $(cpp) $< | scripts/genksyms/genksyms -r /dev/null >> $(dir $@).$(notdir $@).cmd; fi
	echo usb.o > drivers/usb-storage/usb-storage.mod
lib/thunk.o: %.o: $(src)/%.S
	gcc -I$(src)/include -Wp,-MMD,$(dir $@).$(notdir $@).d -D__ASSEMBLY__ -c -o $@ $<
	{ echo "#include <prototypes.h>" ; gcc -E -Wp,-MMD,$(dir $@).$(notdir $@).d -I$(src)/include -D__ASSEMBLY__ $< | grep X ; } | $(cpp) -xc - | scripts/genksyms/genksyms >> x
`

const sources = {
  Makefile: makefile,
  'include/linux/export.h': exportHeader,
  'include/types.h': 'struct thing { int a; };\n',
  'include/define.h': '#define DEFINE_GIZMO(name) int gizmo_##name; EXPORT_SYMBOL(gizmo_##name)\n',
  'include/prototypes.h': '#include <linux/export.h>\nint thunk_rax;\n',
  'init/main.c':
    '#include <linux/export.h>\n#include <types.h>\n\nint start;\nEXPORT_SYMBOL(start);\nint stop;\nEXPORT_SYMBOL_GPL(stop);\n',
  'lib/plain.c': '#include <linux/export.h>\nint plain;\nEXPORT_SYMBOL(plain);\n',
  'lib/made.c': '#include <linux/export.h>\n#include "part.c"\n',
  'lib/gizmo.c': '#include <linux/export.h>\n#include <define.h>\nDEFINE_GIZMO(one);\n',
  'lib/held.c': '#include <linux/export.h>\n#include "held.h"\n',
  'lib/held.h': 'int held;\nEXPORT_SYMBOL(held);\n',
  'lib/part.c': 'int part;\nEXPORT_SYMBOL_GPL(part);\n',
  'lib/gen.c': '#include <linux/export.h>\n#include "table.h"\nint gen;\nEXPORT_SYMBOL(gen);\n',
  'lib/table.txt': '1\n',
  'include/asm/export.h': assemblerHeader,
  'lib/thunk.S':
    '#include <asm/export.h>\n.globl thunk_rax\nthunk_rax: .long 0\n ___EXPORT_SYMBOL thunk_rax, thunk_rax, _gpl\n',
  'lib/quiet.c': '#include <types.h>\nint quiet;\n',
  'lib/disabled.c':
    '#include <linux/export.h>\nint disabled;\nEXPORT_SYMBOL(disabled);\nint plain;\nEXPORT_SYMBOL_GPL(plain);\n',
  'drivers/usb-storage/usb.c':
    '#include <linux/export.h>\n#include <types.h>\nint usb;\nEXPORT_SYMBOL_NS_GPL(usb, USB);\n',
}

export const genksymsKernel: Flavour = { program: 'scripts/genksyms/genksyms', script: genksyms, sources: {} }
