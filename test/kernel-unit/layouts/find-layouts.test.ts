import { portablePaths } from '../../../src/kernel/exports/portable-paths.ts'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatLayouts } from '../../../src/abi/layouts/format-layouts.ts'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import type { Layouts } from '../../../src/abi/layouts/layout.ts'
import type { ObjectInputs } from '../../../src/kernel/exports/object-inputs.ts'
import type { EnabledObject } from '../../../src/kernel/exports/enabled-object.ts'
import {
  findLayouts,
  findReleasedLayouts,
  type Looking,
  type Probe,
  type ReachingObject,
} from '../../../src/kernel/layouts/find-layouts.ts'
import type { Names } from '../../../src/kernel/layouts/gather-layouts.ts'
import { probeObject } from '../../../src/kernel/layouts/probe-object.ts'
import { keptProbe } from '../../../src/kernel/layouts/probe-store.ts'
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
    object: {
      ...{ object: source.replace(/c$/, 'o'), source: path(source), modname: undefined, compile },
      checksums: { kind: 'genksyms', command: ['genksyms'] },
    },
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
  mkdirSync(path('scratch'), { recursive: true })
  const found = await findLayouts(objects, looking())
  expect(readdirSync(path('scratch'))).toEqual([])
  return found
}

function looking(probe?: Probe): Looking {
  const scratch = ({ object }: EnabledObject) => join(path('.'), 'scratch', object.replaceAll('/', '_'))
  return {
    probe: probe ?? ((object, asked) => probeObject(tree(), object, asked, scratch(object))),
    jobs: 2,
    onProgress: () => undefined,
  }
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

  it('are not known of what only an object has that cannot be compiled, with the reason; all else is', async () => {
    const only = {
      'lib/only.c': '#include "types.h"\nstruct only { nothing_t x; };\nvoid only(struct only *o) { }\n',
    }
    const found = await find(
      [core(), reaching('lib/only.c', ['s#only', 's#inner'], ['only']), hidden()],
      only,
    )
    const lines = text(found)
    const lost = lines.filter((line) => line.startsWith('?'))
    expect(lost.map((line) => line.split(' ')[1])).toEqual(['only', 's#only'])
    for (const line of lost) expect(line).toMatch(/ lib\/only\.o could not be compiled for its types: .*gcc/)
    for (const known of ['s#device struct', 's#inner struct', 's#hidden struct', 'v device_add', 'v hide'])
      expect(
        lines.some((line) => line.startsWith(known)),
        known,
      ).toBe(true)
    expect(found).toMatchObject({ failures: [{ kind: 'failed', object: 'lib/only.o' }] })
  })

  it('come from another object that has them where the first cannot be compiled', async () => {
    const broken = { 'lib/broken.c': '#include "types.h"\nint broken(nothing_t *s) { }\n' }
    const first = reaching('lib/broken.c', ['s#small', 's#inner', 's#hidden', 'e#state'], ['broken'])
    const found = await find([first, small(), hidden(), core()], broken)
    const lines = text(found)
    expect(lines.filter((line) => line.startsWith('?')).map((line) => line.split(' ')[1])).toEqual(['broken'])
    expect(lines.some((line) => line.startsWith('s#small struct'))).toBe(true)
  })

  it('are the same from objects in the same order, however many programs run at once', async () => {
    const one = text(await find([core(), hidden(), small()]))
    const other = await findLayouts([core(), hidden(), small()], { ...looking(), jobs: 7 })
    expect(text(other)).toEqual(one)
  })
})

describe.skipIf(!hasCompiler('gcc'))('layouts that a release had (needs gcc)', () => {
  const all = () => [core(), hidden(), small()]

  const only = () => reaching('lib/only.c', ['s#only'], ['only'])

  async function released(objects = all()): Promise<Layouts> {
    const found = await find(objects, {
      'lib/only.c': 'struct only { long x; };\nint only(struct only *o) { return o->x; }\n',
    })
    if (found.kind !== 'found') throw new Error(JSON.stringify(found))
    return found.layouts
  }

  /** Looks for them after some files changed, and notes which objects were looked into. */
  async function again(
    layouts: Layouts,
    changes: Readonly<Record<string, string>>,
    objects = all(),
    headers?: Probe,
  ): Promise<{ readonly text: readonly string[]; readonly looked: readonly string[] }> {
    for (const [name, text] of Object.entries(changes)) writeFileSync(path(name), text)
    const looked: string[] = []
    const { probe } = looking()
    const noting: Probe = (object, asked) => {
      looked.push(object.object)
      return probe(object, asked)
    }
    const lazy = objects.map(({ object, symbols, types }) => ({
      object,
      symbols,
      types: () => Promise.resolve(types),
    }))
    const found = await findReleasedLayouts(layouts, lazy, { ...looking(noting), headers })
    return { text: text(found), looked }
  }

  it('come out again when nothing changed, from the objects that they came from', async () => {
    const layouts = await released()
    const { text: lines, looked } = await again(layouts, {})
    expect(lines.toSorted()).toEqual(text({ kind: 'found', layouts, failures: [], lost: [] }).toSorted())
    expect(looked.toSorted()).toEqual(layouts.objects.toSorted())
  })

  it('are those of the new text, also where genksyms sees the old one', async () => {
    const layouts = await released()
    const changed = headers['types.h'].replace(
      'struct small { char c; }',
      'struct small { char c; } __attribute__((aligned(8)))',
    )
    const { text: lines } = await again(layouts, { 'include/types.h': changed })
    expect(lines.join('\n')).toContain('s#small struct 8 8')
  })

  it('are looked for in other objects when one is gone or can no longer be compiled', async () => {
    const layouts = await released()
    const elsewhere = reaching('lib/other.c', ['s#small'], ['other_small'])
    const other = { 'lib/other.c': '#include "types.h"\nint other_small(struct small *s) { return 0; }\n' }
    const gone = await again(layouts, other, [core(), hidden(), elsewhere])
    expect(gone.text.join('\n')).toContain('s#small struct 1 1')
    const broken = await again(layouts, { 'lib/small.c': 'int small(nothing_t *s) { }\n' }, [
      ...all(),
      elsewhere,
    ])
    expect(broken.text.join('\n')).toContain('s#small struct 1 1')
    expect(broken.text.find((line) => line.startsWith('? small'))).toContain(
      'lib/small.o could not be compiled',
    )
  })

  it('are not known where the only object cannot be compiled, and say so with the reason', async () => {
    const layouts = await released([core(), only()])
    const broken = { 'lib/only.c': 'int only(nothing_t *o) { }\n' }
    const { text: lines } = await again(layouts, broken, [core(), only()])
    expect(lines.find((line) => line.startsWith('? s#only'))).toMatch(
      /lib\/only\.o could not be compiled for its types: .*gcc/,
    )
    expect(lines.some((line) => line.startsWith('s#only '))).toBe(false)
  })

  it('leave out what nothing reaches any more', async () => {
    const layouts = await released([core(), only()])
    const changed = { 'lib/only.c': 'int only(void) { return 0; }\n' }
    const { text: lines } = await again(layouts, changed, [core(), reaching('lib/only.c', [], ['only'])])
    expect(lines.filter((line) => line.includes('s#only'))).toEqual([])
    expect(lines.find((line) => line.startsWith('v only'))).toContain('s32 ()')
  })

  describe('where headers are asked first', () => {
    const tiny = { 'include/tiny.h': 'struct tiny { char c; };\nint tiny(struct tiny *t);\n' }
    const source = '#include "tiny.h"\nint tiny(struct tiny *t) { return t->c; }\n'
    const objects = () => [
      reaching('drivers/core.c', ['s#device', 's#inner', 's#other'], ['device_add']),
      reaching('lib/tiny.c', ['s#tiny'], ['tiny']),
    ]
    const write = () => {
      mkdirSync(path('include'), { recursive: true })
      mkdirSync(path('lib'), { recursive: true })
      writeFileSync(path('include/tiny.h'), tiny['include/tiny.h'])
      writeFileSync(path('lib/tiny.c'), source)
      return released(objects())
    }
    /** Puts all headers into one text. */
    const together: Probe = async (object, asked) => {
      writeFileSync(path('headers.c'), '#include "device.h"\n#include "tiny.h"\n')
      const compile = [...object.compile.slice(0, -1), path('headers.c')]
      const answer = await looking().probe({ ...object, compile }, asked)
      expect(answer.kind).toBe('probed')
      return answer
    }
    const withoutObjects = (lines: readonly string[]) =>
      lines
        .filter((line) => !line.startsWith('o '))
        .map((line) => line.replace(/^(v \S+) \d+|^(\w#.*) \d+$/, '$1$2'))
        .toSorted()

    it('come from them, and from objects what they do not have', async () => {
      const layouts = await write()
      const alone = await again(layouts, {}, objects())
      const { text: lines, looked } = await again(layouts, {}, objects(), together)
      expect(withoutObjects(lines)).toEqual(withoutObjects(alone.text))
      expect(alone.looked).toEqual(['drivers/core.o', 'lib/tiny.o'])
      // It alone has s#other.
      expect(looked).toEqual(['drivers/core.o'])
    })

    it('come from the object where headers have another one than the release', async () => {
      const layouts = await write()
      const changed = { 'include/tiny.h': 'struct tiny { char c, d; };\nint tiny(struct tiny *t);\n' }
      const { text: lines, looked } = await again(layouts, changed, objects(), together)
      expect(lines.join('\n')).toContain('s#tiny struct 2 1')
      expect(looked).toEqual(['drivers/core.o', 'lib/tiny.o'])
    })

    it('are not known where an object that is asked has another one than the headers', async () => {
      const layouts = await write()
      const own = (one: ReachingObject) => ({ ...one, types: new Set([...one.types, 's#tiny']) })
      const [core, other] = objects() as [ReachingObject, ReachingObject]
      const changed = { 'drivers/core.c': `struct tiny { long l; };\n${sources['drivers/core.c']}` }
      const { text: lines } = await again(layouts, changed, [own(core), other], together)
      expect(lines.find((line) => line.startsWith('? s#tiny'))).toContain('disagree')
    })

    it('come from the objects alone where headers cannot be compiled', async () => {
      const layouts = await write()
      const failing: Probe = () => Promise.resolve({ kind: 'failed', why: 'no', stderr: [] })
      const { text: lines, looked } = await again(layouts, {}, objects(), failing)
      expect(lines).toEqual((await again(layouts, {}, objects())).text)
      expect(looked).toHaveLength(2)
    })
  })

  it('are unknown where two objects disagree', async () => {
    const layouts = await released()
    const packed = '#pragma pack(1)\n#include "types.h"\nvoid hide(struct hidden *h) { h->a = 1; }\n'
    const own = (one: ReachingObject): ReachingObject => ({
      ...one,
      types: new Set([...one.types, 's#inner']),
    })
    const { text: lines } = await again(
      layouts,
      {
        'lib/hidden.c': packed.replace(
          '#include "types.h"',
          'struct inner { char c; unsigned x; };\nstruct hidden { unsigned a; };',
        ),
      },
      [core(), own(hidden()), small()],
    )
    expect(lines.find((line) => line.startsWith('? s#inner'))).toContain('disagree')
  })
})

describe.skipIf(!hasCompiler('gcc'))('what objects answered (needs gcc)', () => {
  /** Asks through a folder of answers. */
  async function ask(
    state: ObjectInputs,
    one: ReachingObject,
    asked: Names = { types: one.types, symbols: new Set(one.symbols) },
  ) {
    let runs = 0
    const { probe } = looking()
    const counting: Probe = (object, names) => {
      runs++
      return probe(object, names)
    }
    const answer = await keptProbe(path('kept'), state, counting)(one.object, asked)
    return { answer, runs }
  }

  const inputs = (changed: Partial<ObjectInputs> = {}): ObjectInputs => ({
    seen: { files: new Set<string>(), asksForFiles: false },
    paths: portablePaths({ source: '/source', output: '/output', work: '/work' }),
    ...{ commands: () => 'same', files: () => 'same', dependencies: () => 'same' },
    ...changed,
  })

  it('is kept, and the same when it is asked again', async () => {
    await find([core()])
    const first = await ask(inputs(), core())
    const second = await ask(inputs(), core())
    expect([first.runs, second.runs]).toEqual([1, 0])
    expect(second.answer).toEqual(first.answer)
  })

  it.each<[string, () => Promise<{ readonly runs: number }>]>([
    ['the command', () => ask(inputs({ commands: () => 'other' }), core())],
    ['a file that was read', () => ask(inputs({ files: () => 'other' }), core())],
    ['a file that is gone', () => ask(inputs({ files: () => undefined }), core())],
    ['the question', () => ask(inputs(), core(), { types: new Set(['s#inner']), symbols: new Set() })],
  ])('does not hold when %s is another', async (_, other) => {
    await find([core()])
    await ask(inputs(), core())
    expect((await other()).runs).toBe(1)
  })

  it('is not kept when it is none', async () => {
    await find([core()])
    writeFileSync(path('lib/small.c'), 'int small(nothing_t *s) { }\n')
    expect((await ask(inputs(), small())).answer.kind).toBe('failed')
    expect((await ask(inputs(), small())).runs).toBe(1)
  })

  it('is made again when the file was cut', async () => {
    await find([core()])
    await ask(inputs(), core())
    const [file = ''] = readdirSync(path('kept/drivers'))
    writeFileSync(path('kept/drivers', file), readFileSync(path('kept/drivers', file)).subarray(0, 50))
    expect((await ask(inputs(), core())).runs).toBe(1)
  })
})

async function findAfter(objects: readonly ReachingObject[]) {
  writeFileSync(path('lib/broken.c'), 'struct x { undeclared_t a; };\nint f(struct x *x) { return 0; }\n')
  return findLayouts(objects, looking())
}
