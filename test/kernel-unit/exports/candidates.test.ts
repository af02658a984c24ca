import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  inOrderOfMention,
  likelyObjects,
  namingObjects,
  unmadeObjects,
} from '../../../src/kernel/exports/candidates.ts'
import type { ListedObject } from '../../../src/kernel/exports/dry-run-reader.ts'
import { scanText } from '../../../src/kernel/exports/export-scan.ts'
import { openFactStore } from '../../../src/kernel/exports/file-facts.ts'

const sources: Readonly<Record<string, string>> = {
  'params.c':
    '#define STANDARD_PARAM_DEF(name) \\\n\tEXPORT_SYMBOL(param_set_##name); \\\n\tEXPORT_SYMBOL(param_ops_##name)\nSTANDARD_PARAM_DEF(byte);\n',
  'dev.c':
    '#define define_netdev_printk_level(func, level) \\\nvoid func(void) {} \\\nEXPORT_SYMBOL(func)\ndefine_netdev_printk_level(netdev_err, KERN_ERR);\n',
  'driver.c': 'EXPORT_SYMBOL(driver_start);\nvoid f(void) { netdev_err(); param_ops_byte(); }\n',
  'core.c': 'EXPORT_TRACEPOINT_SYMBOL_GPL(xdp_exception);\nEXPORT_SYMBOL(bpf_run);\n',
  'filter.c': 'DEFINE_BPF_DISPATCHER(xdp)\n',
  'bpf_trace.c': '#define BPF_TRACE_DEFN_x(x) \\\n\tEXPORT_SYMBOL_GPL(bpf_trace_run##x)\n',
  'thunk.S': '#define EXPORT_THUNK(reg) __EXPORT_THUNK(__x86_indirect_thunk_ ## reg)\n',
}

const folder = mkdtempSync(join(tmpdir(), 'candidates-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text)

const possible = {
  objects: Object.keys(sources).map((name) => ({
    object: { object: name, source: name } as ListedObject,
    files: [join(folder, name)],
  })),
  macros: [
    'DEFINE_BPF_DISPATCHER',
    ...Object.values(sources).flatMap((text) => scanText(Buffer.from(text), false).macros),
  ],
}

describe('the objects that name a symbol', () => {
  it('are those whose source, or a source that it includes, exports it by name', async () => {
    writeFileSync(join(folder, 'all.c'), '#include <linux/x.h>\n  # include "part.c"\n#include "gone.c"\n')
    writeFileSync(join(folder, 'part.c'), 'EXPORT_SYMBOL_GPL(part_start);\n')
    const objects = ['all.c', 'dev.c', 'driver.c'].map(
      (name) => ({ object: name, source: name }) as ListedObject,
    )
    const facts = await openFactStore(join(folder, 'facts.json'))
    const naming = (...symbols: readonly string[]) =>
      namingObjects(objects, new Set(symbols), folder, facts, new Map()).map(({ object }) => object)
    expect(naming('part_start')).toEqual(['all.c'])
    expect(naming('driver_start', 'part_start')).toEqual(['all.c', 'driver.c'])
    expect(naming('netdev_err')).toEqual([])
  })
})

const likely = (...symbols: readonly string[]) =>
  [...likelyObjects(possible, new Set(symbols)).values()].flat().map(({ object }) => object)

describe('the likely exporters of a symbol that no source names in full', () => {
  it.each([
    ['param_ops_byte', 'params.c'],
    ['netdev_err', 'dev.c'],
    ['__tracepoint_xdp_exception', 'core.c'],
    ['__SCK__tp_func_xdp_exception', 'core.c'],
    ['bpf_dispatcher_xdp_func', 'filter.c'],
    ['bpf_trace_run5', 'bpf_trace.c'],
    ['__x86_indirect_thunk_rax', 'thunk.S'],
  ])('of %s is %s alone, and nobody who only calls it', (symbol, source) => {
    expect(likely(symbol)).toEqual([source])
  })

  it('are none when no exporting macro is given a part of the name', () => {
    expect(likely('usb_register', 'driver_starter', 'unrelated')).toEqual([])
  })
})

describe('objects without a trace of a symbol', () => {
  const objects = ['dev.c', 'gone.c', 'driver.c', 'core.c'].map((name) => ({
    object: { object: name, source: name } as ListedObject,
    files: [],
  }))

  it('come behind those that have no source yet, of which a Makefile that names the symbol is the best sign', () => {
    const unmade = ['lib/tables.c', 'kernel/init.c'].map((object) => ({
      object: { object, source: object } as ListedObject,
      files: [],
    }))
    mkdirSync(join(folder, 'kernel'))
    writeFileSync(join(folder, 'kernel/Makefile'), 'init.c:\n\tsed -n /^void __init_rwsem/p rwsem.c >$@\n')
    expect(
      unmadeObjects([...objects, ...unmade], new Set(['__init_rwsem']), {
        source: folder,
        output: folder,
      }).map(({ object }) => object),
    ).toEqual(['kernel/init.c', 'gone.c', 'lib/tables.c'])
  })

  it('come in this order: a source with the name in it, all others', () => {
    expect(
      inOrderOfMention(
        objects.map(({ object }) => object),
        new Set(['bpf_run', 'nowhere']),
        ({ source }) => join(folder, source),
      ).map(({ object }) => object),
    ).toEqual(['core.c', 'dev.c', 'gone.c', 'driver.c'])
  })
})
