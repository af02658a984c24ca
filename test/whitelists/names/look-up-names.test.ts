import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VariantPlan } from '../../../src/config/plan.ts'
import { lookUpNames, unknownNameText } from '../../../src/whitelists/names/look-up-names.ts'
import { workspace } from '../../support/workspace.ts'

const sources = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nobj-y += drivers/ kernel/\n',
  Kbuild: '',
  Kconfig: '',
  'scripts/mod/modpost.c': '',
  'arch/x86/Makefile': '',
  'arch/powerpc/Makefile': 'core-y += arch/powerpc/kernel/\n',
  'arch/powerpc/kernel/ppc.c': 'EXPORT_SYMBOL(ppc_only);\n',
  'arch/powerpc/kernel/Makefile': 'obj-y += ppc.o\n',
  'include/linux/wq.h': `#ifndef WQ
#define flush_all(wq) \\
({ __flush_all(wq); })
static inline int run_one(void)
{
	return __run_one(0);
}
struct wq_thing { int a; };
#define EXPORT_OPS(name) EXPORT_SYMBOL(ops_##name)
#define make_level(func, level) EXPORT_SYMBOL(func)
#endif
`,
  'kernel/Makefile': 'obj-y += wq.o params.o\nobj-$(CONFIG_SMP) += smp.o\n',
  'kernel/wq.c': `/* EXPORT_SYMBOL of wq_lookup */
static int wq_private(void)
{
	return 0;
}
int wq_public(int a,
	      int b)
{
	return 0;
}
EXPORT_SYMBOL(__flush_all);
EXPORT_SYMBOL_GPL(__run_one);
EXPORT_SYMBOL_NS_GPL(
	long_line, WQ);
#ifdef CONFIG_WQ_DEBUG
EXPORT_SYMBOL(wq_debug);
#endif
#define SAFE(x) x##_safe
EXPORT_SYMBOL(SAFE(wq_copy));
#define wq_alias __wq_real
EXPORT_SYMBOL(wq_alias);
`,
  'kernel/params.c': 'EXPORT_OPS(int);\nmake_level(printk_err, 1);\n',
  'kernel/smp.c': 'EXPORT_SYMBOL(smp_call);\n',
  'drivers/Makefile': 'obj-$(CONFIG_NET) += net/\n',
  'drivers/net/Makefile': 'obj-$(CONFIG_DUMMY) += dummy.o\n',
  'drivers/net/dummy.c': 'EXPORT_SYMBOL(dummy_setup);\n',
}

async function lookUp(names: string, options: Record<string, string> = {}, archs = ['x86_64']) {
  const source = workspace({ ...sources, config: 'CONFIG_SMP=y\n' })
  const config = { from: { kind: 'file', path: join(source, 'config') }, fragments: [], set: [] } as const
  const variants = archs.map(
    (arch): VariantPlan => ({
      name: arch,
      arch,
      config,
      guard: { kind: 'none', reason: '' },
      strategy: 'exports',
      toolchain: { crossCompile: '' },
      makeArgs: [],
    }),
  )
  const request = {
    ...{ source, workDir: join(source, '.work'), jobs: 1, onProgress: () => undefined },
    signal: new AbortController().signal,
  }
  let configured = 0
  const found = await lookUpNames(new Set(names.split(' ')), variants, request, () => {
    configured++
    return Promise.resolve(new Map(Object.entries({ CONFIG_SMP: 'y', ...options })))
  })
  return { lines: [...found].map(([name, why]) => unknownNameText(name, why)), configured }
}

describe('lookUpNames', () => {
  it('says nothing of what is exported, however it is written, and configures nothing for it', async () => {
    const names = '__flush_all __run_one long_line smp_call ops_int printk_err wq_copy_safe __wq_real wq_alias'
    expect(await lookUp(names)).toEqual({ lines: [], configured: 0 })
  })

  it.each([
    ['flush_all', 'flush_all: a macro over __flush_all (include/linux/wq.h:2)'],
    ['run_one', 'run_one: an inline function over __run_one (include/linux/wq.h:4)'],
    ['wq_private', 'wq_private: static, so not exported (kernel/wq.c:2)'],
    ['wq_public', 'wq_public: a function that is not exported (kernel/wq.c:6)'],
    ['wq_thing', 'wq_thing: a type, not a symbol (include/linux/wq.h:8)'],
    ['__flush_al', '__flush_al: nowhere in the source; did you mean __flush_all?'],
    ['zzzzzzzz', 'zzzzzzzz: nowhere in the source'],
  ])('tells what %s is instead', async (name, line) => {
    expect((await lookUp(name)).lines).toEqual([line])
  })

  it.each([
    ['dummy_setup', {}, 'drivers/net/dummy.c:1, not in this configuration (CONFIG_NET, CONFIG_DUMMY are not set)'],
    ['dummy_setup', { CONFIG_NET: 'y' }, 'drivers/net/dummy.c:1, not in this configuration (CONFIG_DUMMY is not set)'],
    ['wq_debug', {}, 'kernel/wq.c:16, not in this configuration (CONFIG_WQ_DEBUG is not set)'],
    ['ppc_only', {}, 'arch/powerpc/kernel/ppc.c:1, for another architecture'],
  ])('tells where %s is, and why it is not in the configuration %j', async (name, options, line) => {
    expect((await lookUp(name, options)).lines).toEqual([`${name}: in ${line}`])
  })

  it('leaves it to the build where the configuration has it after all', async () => {
    expect(await lookUp('dummy_setup', { CONFIG_NET: 'y', CONFIG_DUMMY: 'm' })).toEqual({ lines: [], configured: 1 })
  })

  it('says nothing of a name that one of several variants may export', async () => {
    expect((await lookUp('ppc_only', {}, ['x86_64', 'powerpc'])).lines).toEqual([])
  })
})
