import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatLayouts } from '../../../src/abi/layouts/format-layouts.ts'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import { findLayouts, type ReachingObject } from '../../../src/kernel/layouts/find-layouts.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { spawnRun } from '../exports/spawn-run.ts'
import { hasCompiler } from './layouts-of-c.ts'

const path = folderOfEachTest()

const headers = {
  'types.h': `typedef unsigned int u32;
struct inner { u32 x; };
struct small { char c; };
#ifdef __GENKSYMS__
struct hidden { u32 a; };
#else
struct hidden { u32 new; u32 a; };
#endif
enum state { DEAD = -1, ALIVE };
typedef struct { int counter; } atomic_t;
`,
  'device.h': `#include "types.h"
struct device { struct inner in; atomic_t n; enum state s; } __attribute__((aligned(64)));
int device_add(struct device *dev, const char *name);
`,
}

const sources = {
  'lib/small.c': '#include "types.h"\nint small(struct small *s) { return s->c; }\n',
  'lib/hidden.c': '#include "types.h"\nvoid hide(struct hidden *h) { h->a = 1; }\n',
  'drivers/core.c': `#include "device.h"
struct other { long l; };
static inline __attribute__((always_inline)) int twice(int x) { return 2 * x; }
int device_add(struct device *dev, const char *name) { return twice(dev->in.x) + sizeof(struct other); }
int other(struct other *o) { return o->l; }
int added __attribute__((alias("device_add")));
`,
}

function tree(signal = new AbortController().signal): KernelTree {
  const run = { source: path('.'), output: path('.'), work: path('.'), results: path('.'), makeArgs: [] }
  return {
    ...run,
    files: new Map(),
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    run: spawnRun().run,
    signal,
    jobs: 2,
  }
}

function reaching(
  source: string,
  types: readonly string[],
  symbols: readonly string[],
  ...flags: string[]
): ReachingObject {
  const compile = [
    'gcc',
    '-E',
    '-D__GENKSYMS__',
    '-O2',
    '-pg',
    '-mfentry',
    `-I${path('include')}`,
    ...flags,
    path(source),
  ]
  return {
    object: { object: source.replace(/c$/, 'o'), compile },
    types: new Set(types),
    symbols,
  }
}

async function find(objects: readonly ReachingObject[], more: Readonly<Record<string, string>> = {}) {
  const files = {
    ...Object.fromEntries(Object.entries(headers).map(([name, text]) => [`include/${name}`, text])),
    ...sources,
    ...more,
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), text)
  }
  mkdirSync(path('scratch'))
  const found = await findLayouts(tree(), objects, join(path('.'), 'scratch'), () => undefined)
  expect(readdirSync(path('scratch'))).toEqual([])
  return found
}

function text(found: Awaited<ReturnType<typeof find>>): readonly string[] {
  if (found.kind !== 'found') throw new Error(JSON.stringify(found))
  return formatLayouts(found.layouts).split('\n').slice(2, -2)
}

const core = () =>
  reaching(
    'drivers/core.c',
    ['s#device', 's#inner', 's#other', 'e#state', 't#atomic_t', 't#u32'],
    ['device_add', 'other'],
  )
const small = () => reaching('lib/small.c', ['s#small', 't#u32'], ['small'])
const hidden = () => reaching('lib/hidden.c', ['s#hidden', 't#u32'], ['hide'])

describe.skipIf(!hasCompiler('gcc'))('layouts of what objects reach (needs gcc)', () => {
  it('are those of the compiler, with alignment and prototypes, from as few objects as hold them', async () => {
    expect(text(await find([small(), core()]))).toEqual([
      'o drivers/core.o',
      'o lib/small.o',
      'v device_add 0 s32 (s#device *, s8 *)',
      'v other 0 s32 (s#other *)',
      'v small 1 s32 (s#small *)',
      'e#state enum 4 - 0',
      ' DEAD -1',
      ' ALIVE 0',
      's#device struct 64 64 0',
      ' in 0 s#inner',
      ' n 32 t#atomic_t',
      ' s 64 e#state',
      's#inner struct 4 4 0',
      ' x 0 u32',
      's#other struct 8 8 0',
      ' l 0 s64',
      's#small struct 1 1 0',
      ' c 0 s8',
      't#atomic_t struct 4 4 0',
      ' counter 0 s32',
    ])
  })

  it('are taken from an object that has them beside its own', async () => {
    const inner = reaching('lib/small.c', ['s#inner'], [])
    const found = await find([inner, core()])
    expect(text(found).filter((line) => line.startsWith('o '))).toEqual(['o drivers/core.o'])
  })

  it('are those without __GENKSYMS__', async () => {
    expect(text(await find([hidden()]))).toEqual([
      'o lib/hidden.o',
      'v hide 0 void (s#hidden *)',
      's#hidden struct 8 4 0',
      ' new 0 u32',
      ' a 32 u32',
    ])
  })

  it('are not known where objects disagree', async () => {
    const more = {
      'lib/one.c': 'struct twofold { int a; };\nint one(struct twofold *t) { return t->a; }\n',
      'lib/two.c': 'struct twofold { long a; };\nint two(struct twofold *t) { return t->a; }\n',
    }
    const objects = [
      reaching('lib/one.c', ['s#twofold'], ['one']),
      reaching('lib/two.c', ['s#twofold'], ['two']),
    ]
    expect(text(await find(objects, more)).filter((line) => line.startsWith('?'))).toEqual([
      '? s#twofold lib/one.o and lib/two.o disagree',
    ])
  })

  it('are not known where no object has the type complete', async () => {
    const objects = [reaching('lib/small.c', ['s#small', 's#nowhere'], ['small'])]
    expect(text(await find(objects)).filter((line) => line.startsWith('?'))).toEqual([
      '? s#nowhere no object that reaches it has it complete',
    ])
  })

  it('need no declaration of a symbol', async () => {
    const objects = [reaching('lib/small.c', ['s#small'], ['small', 'undeclared', 'c'])]
    expect(text(await find(objects)).filter((line) => line.startsWith('v'))).toEqual([
      'v small 0 s32 (s#small *)',
    ])
  })

  it('name the object that cannot be compiled', async () => {
    const objects = [reaching('lib/small.c', ['s#small'], ['small'], '-DNOTHING', '-mno-such-option')]
    expect(await find(objects)).toMatchObject({ kind: 'failed', object: 'lib/small.o' })
    const broken = [reaching('lib/broken.c', ['s#x'], ['f'])]
    expect(await findAfter(broken)).toMatchObject({ kind: 'failed', object: 'lib/broken.o' })
  })

  it('are the same from objects in the same order, however many programs run at once', async () => {
    const one = text(await find([core(), hidden(), small()]))
    const other = await findLayouts(
      { ...tree(), jobs: 7 },
      [core(), hidden(), small()],
      path('scratch'),
      () => undefined,
    )
    expect(text(other)).toEqual(one)
  })
})

async function findAfter(objects: readonly ReachingObject[]) {
  writeFileSync(path('lib/broken.c'), 'struct x { undeclared_t a; };\nint f(struct x *x) { return 0; }\n')
  return findLayouts(tree(), objects, path('scratch'), () => undefined)
}
