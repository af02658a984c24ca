import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ListedObject } from '../../../src/kernel/exports/dry-run-reader.ts'
import { exportEvidence } from '../../../src/kernel/exports/export-evidence.ts'
import { possibleExporters } from '../../../src/kernel/exports/possible-exporters.ts'

/** A tree in which names come about in the ways that kernels have. */
const files: Readonly<Record<string, string>> = {
  'include/linux/export.h':
    '#define EXPORT_SYMBOL(sym) _EXPORT_SYMBOL(sym, "")\n#define EXPORT_SYMBOL_GPL(sym) _EXPORT_SYMBOL(sym, "GPL")\n',
  'include/linux/percpu-defs.h':
    '#define EXPORT_PER_CPU_SYMBOL(var) EXPORT_SYMBOL(var)\n#define DEFINE_PER_CPU(t, n) t n\n',
  'include/linux/paste.h': '#define ___PASTE(a, b) a##b\n#define __PASTE(a, b) ___PASTE(a, b)\n',
  'include/linux/static_call.h':
    '#include <linux/paste.h>\n#define STATIC_CALL_KEY(name) __PASTE(__SCK__, name)\n' +
    '#define STATIC_CALL_TRAMP(name) __PASTE(__SCT__, name)\n#ifdef CONFIG_HAVE_STATIC_CALL\n' +
    '#define EXPORT_STATIC_CALL_TRAMP(name) \\\n\tEXPORT_SYMBOL(STATIC_CALL_TRAMP(name))\n' +
    '#define EXPORT_STATIC_CALL(name)\t\\\n\tEXPORT_SYMBOL(STATIC_CALL_KEY(name)); /* key */ \\\n\tEXPORT_SYMBOL(STATIC_CALL_TRAMP(name))\n#else\n' +
    '#define EXPORT_STATIC_CALL(name) EXPORT_SYMBOL(STATIC_CALL_KEY(name))\n#endif\n',
  'include/linux/tracepoint.h':
    '#include <linux/static_call.h>\n#define EXPORT_TRACEPOINT_SYMBOL(name) \\\n\tEXPORT_SYMBOL(__tracepoint_##name); \\\n' +
    '\tEXPORT_SYMBOL(__traceiter_##name); \\\n\tEXPORT_STATIC_CALL(tp_func_##name)\n',
  'include/linux/subsys.h': '#if IS_ENABLED(CONFIG_FREEZER)\nSUBSYS(freezer)\n#endif\n',
  'include/linux/group.h':
    '#define SUBSYS(_x) extern int _x##_subsys;\n#include <linux/subsys.h>\n#undef SUBSYS\n',
  'include/linux/bpf.h':
    '#define DEFINE_DISPATCHER(name) \\\n\tint bpf_##name; \\\n\tEXPORT_SYMBOL(bpf_dispatcher_##name##_func)\n',
  'include/linux/wifi.h': '#define WIFI_EXPORT(sym) EXPORT_SYMBOL_NS_GPL(sym, "WIFI")\n',
  'include/linux/prefixed.h':
    '#define READER(prefix, name) EXPORT_SYMBOL(prefix##name)\nREADER(ext, _read);\nEXPORT_SYMBOL(NAME(write));\n',
  'arch/x86/include/asm/regs.h':
    '#define __SEL(a, b) b\n#define __REG(reg) __SEL(e##reg, r##reg)\n#define _AX __REG(ax)\n',
  'arch/x86/include/asm/each.h': 'GEN(rax)\nGEN(r8)\n',
  'kernel/params.c':
    '#define STANDARD_PARAM_DEF(name, type) \\\n\tint param_set_##name(type x) { } \\\n\tEXPORT_SYMBOL(param_set_##name); \\\n\tEXPORT_SYMBOL(param_get_##name)\n\nSTANDARD_PARAM_DEF(ullong, unsigned long long);\n',
  'net/dev.c':
    '#define define_netdev_printk_level(func, level)\t\t\\\nvoid func(const char *f, ...) { va(f); }\t\\\nEXPORT_SYMBOL(func);\n\ndefine_netdev_printk_level(netdev_warn, KERN_WARNING);\n',
  'net/uses.c': 'EXPORT_SYMBOL(user);\nvoid user(void) { netdev_warn(); param_set_ullong(); freezer(); }\n',
  'drivers/wifi.c':
    '#include <linux/wifi.h>\n#define LOADER(__name) int get_ ## __name(void); WIFI_EXPORT(wifi_get_ ## __name)\n#define LOADER_DATA(n, t) LOADER(n)\nLOADER_DATA(eckv, u32)\n',
  'kernel/group.c':
    '#include <linux/group.h>\n#define SUBSYS(_x) EXPORT_SYMBOL_GPL(_x ## _enabled_key);\n#include <linux/subsys.h>\n#undef SUBSYS\n',
  'kernel/sched.c':
    '#include <linux/tracepoint.h>\nEXPORT_TRACEPOINT_SYMBOL(pelt_cfs);\n#ifdef TRAMP\nEXPORT_STATIC_CALL_TRAMP(might);\n#endif\n',
  'kernel/build.c': '#include "part.inc"\n#include "other.c"\n',
  'kernel/other.c': '#define MAKE(a, b) EXPORT_SYMBOL(a##_##b)\nMAKE(two, words);\n',
  'kernel/part.inc': '#define LIST(M) M(one) M(two)\n#define SHOW(n) EXPORT_SYMBOL(shown_##n);\nLIST(SHOW)\n',
  'kernel/template.c':
    '#define NAME(n) NAME2(ext, n)\n#define NAME2(a, b) a##_##b\n#include <linux/prefixed.h>\n',
  'net/filter.c': '#include <linux/bpf.h>\nDEFINE_DISPATCHER(xdp)\n',
  'mm/numa.c': '#include <linux/percpu-defs.h>\nEXPORT_PER_CPU_SYMBOL(numa_node);\n',
  'lib/renamed.c': '#define plain moved\nEXPORT_SYMBOL(plain);\n',
  'lib/given.c': 'EXPORT_SYMBOL(given);\n',
  'arch/x86/lib/thunk.S':
    '#include <asm/regs.h>\n#define __THUNK(sym) EXPORT_SYMBOL(sym)\n#define EXPORT_THUNK(reg) __THUNK(thunk_ ## reg)\n#define GENERATE(reg) THUNK reg ; EXPORT_THUNK(reg)\nGENERATE(_AX)\n' +
    '#define GEN(reg) __THUNK(call_ ## reg)\n#include <asm/each.h>\n#undef GEN\n#define GEN(reg) __THUNK(jump_ ## reg)\n#include <asm/each.h>\n',
  'arch/x86/lib/macro.S': '.macro ATOMIC op, size\nEXPORT_SYMBOL(atomic_\\op\\size)\n.endm\nATOMIC add, 64\n',
}

const folder = mkdtempSync(join(tmpdir(), 'evidence-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const objects = Object.keys(files)
  .filter((path) => /\.[cS]$/.test(path) && path !== 'kernel/other.c')
  .map((path) => {
    const given = path === 'lib/given.c' ? ['-Dgiven=took'] : []
    const compile = ['gcc', '-E', `-I${folder}/include`, `-I${folder}/arch/x86/include`, ...given]
    return {
      object: path.replace(/\.[cS]$/, '.o'),
      source: join(folder, path),
      compile,
    } as unknown as ListedObject
  })
const tree = { source: folder, output: join(folder, 'output') }
const possible = possibleExporters(
  objects,
  tree,
  Object.keys(files).map((path) => join(folder, path)),
)

const exporters = async (...names: readonly string[]) => {
  const found = await exportEvidence(possible, tree.output, new Set(names))
  return names.map((name) =>
    found
      .get(name)
      ?.map(({ object }) => object)
      .join(' '),
  )
}

describe('the text of a tree tells who makes', () => {
  it('nothing more once the run is to end', async () => {
    const ended = AbortSignal.abort()
    expect(await exportEvidence(possible, tree.output, new Set(['netdev_warn']), ended)).toEqual(new Map())
  })

  it.each([
    ['what a macro of the source exports under the name that it is given', 'netdev_warn', 'net/dev.o'],
    ['a word pasted to an argument', 'param_set_ullong', 'kernel/params.o'],
    ['what a macro makes of a macro, with one of a header', 'wifi_get_eckv', 'drivers/wifi.o'],
    ['an element of a list that is included', 'freezer_enabled_key', 'kernel/group.o'],
    ['a tracepoint', '__tracepoint_pelt_cfs', 'kernel/sched.o'],
    ['the function of a tracepoint', '__traceiter_pelt_cfs', 'kernel/sched.o'],
    ['the key of a static call', '__SCK__tp_func_pelt_cfs', 'kernel/sched.o'],
    ['a trampoline', '__SCT__might', 'kernel/sched.o'],
    ['two arguments pasted together, in an included source', 'two_words', 'kernel/build.o'],
    ['an element of a list that gets a macro as an argument', 'shown_two', 'kernel/build.o'],
    ['a name that a header pastes together', 'ext_read', 'kernel/template.o'],
    ['a name that a header makes with a macro of its includer', 'ext_write', 'kernel/template.o'],
    ['what a macro of a header exports', 'bpf_dispatcher_xdp_func', 'net/filter.o'],
    ['a variable of each processor', 'numa_node', 'mm/numa.o'],
    ['a name for which a macro stands', 'moved', 'lib/renamed.o'],
    ['a name for which a macro of the command line stands', 'took', 'lib/given.o'],
    ['a register for which a macro stands', 'thunk_rax', 'arch/x86/lib/thunk.o'],
    ['a register of an included list', 'call_r8', 'arch/x86/lib/thunk.o'],
    ['a register of the same list, with another macro of that name', 'jump_rax', 'arch/x86/lib/thunk.o'],
    ['what a macro of the assembler exports', 'atomic_add64', 'arch/x86/lib/macro.o'],
  ])('%s', async (_, name, object) => {
    expect(await exporters(name)).toEqual([object])
  })

  it('of many names each one, and nothing of a name that is only used', async () => {
    expect(await exporters('netdev_warn', 'freezer', 'moved', 'param_set_', 'gone')).toEqual([
      'net/dev.o',
      undefined,
      'lib/renamed.o',
      undefined,
      undefined,
    ])
  })
})
