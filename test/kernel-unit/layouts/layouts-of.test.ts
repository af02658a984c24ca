import { portablePaths } from '../../../src/kernel/exports/portable-paths.ts'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Layouts } from '../../../src/abi/layouts/layout.ts'
import type { ListedObject } from '../../../src/kernel/exports/dry-run-reader.ts'
import type { ObjectInputs } from '../../../src/kernel/exports/object-inputs.ts'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import { layoutsOf } from '../../../src/kernel/layouts/layouts-of.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/workspace.ts'
import { spawnRun } from '../exports/spawn-run.ts'
import { hasCompiler } from './layouts-of-c.ts'

const path = folderOfEachTest()

describe('layouts of objects whose types were written down', () => {
  it('are not known at all when the types of one cannot be read', async () => {
    const types = path('a.symtypes')
    writeFileSync(types, 's#x struct x { int a ; }\nf int f ( s#gone * )\n')
    const listed = [{ object: 'lib/a.o', compile: ['false'] } as unknown as ListedObject]
    const objects = new Map([['lib/a.o', { exports: ['f'], types, dependencies: [] }]])
    const tree = { output: path('.'), results: path('.'), work: path('.') } as KernelTree
    const found = await layoutsOf(
      tree,
      { objects, listed, inputs: {} as ObjectInputs },
      'all',
      () => undefined,
    )
    expect(found.layouts).toBeUndefined()
    expect(found.notes).toMatchObject([{ kind: 'no-layouts' }])
    expect(found.notes[0]?.message).toContain('The types of lib/a.o could not be read')
  })
})

describe.skipIf(!hasCompiler('gcc'))('layouts of objects of which one cannot be compiled (needs gcc)', () => {
  const texts = {
    'lib/good.c': 'struct a { int x; };\nint f(struct a *a) { return a->x; }\n',
    'lib/bad.c': 'struct b { nothing_t x; };\nint g(struct b *b) { return 0; }\n',
  }
  const symtypes = {
    'good.symtypes': 's#a struct a { int x ; }\nf int f ( s#a * )\n',
    'bad.symtypes':
      's#b struct b { t#nothing_t x ; }\nt#nothing_t typedef int nothing_t\ng int g ( s#b * )\n',
  }

  async function found(names: readonly (readonly [name: string, symbol: string])[]) {
    writeFiles(path(), { ...texts, ...symtypes })
    const records = names.map(([name, symbol]) => {
      const types = path(`${name}.symtypes`)
      return [`lib/${name}.o`, { exports: [symbol], types, dependencies: [] }] as const
    })
    const listed = names.map(([name]): ListedObject => {
      const source = path(`lib/${name}.c`)
      return {
        object: `lib/${name}.o`,
        source,
        modname: undefined,
        compile: ['gcc', '-E', '-O2', source],
        modules: [],
        checksums: { kind: 'genksyms', command: [] },
      }
    })
    const inputs: ObjectInputs = {
      commands: () => 'same',
      files: () => 'same',
      dependencies: () => 'same',
      seen: { files: new Set<string>(), asksForFiles: false },
      paths: portablePaths({ source: '/source', output: '/output', work: '/work' }),
    }
    const signal = new AbortController().signal
    const tree: KernelTree = {
      ...{ source: path('.'), output: path('.'), work: path('.'), results: path('.'), makeArgs: [] },
      ...{ files: new Map(), env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }, signal, jobs: 2 },
      run: spawnRun().run,
    }
    return layoutsOf(tree, { objects: new Map(records), listed, inputs }, 'all', () => undefined)
  }

  it('are those of the others, and a note counts what is not known and says why', async () => {
    const { layouts, notes } = await found([
      ['good', 'f'],
      ['bad', 'g'],
    ])
    expect([...(layouts?.types.keys() ?? [])]).toEqual(['s#a'])
    expect([...(layouts?.unknown.keys() ?? [])].toSorted()).toEqual(['g', 's#b'])
    expect(notes).toMatchObject([{ kind: 'layouts-not-known' }])
    const [{ message, excerpt = [] } = { message: '' }] = notes
    expect(message).toBe(
      'Of 2 of 4 types and symbols the layout is not known and not stored, because lib/bad.o could not be compiled for types.',
    )
    expect(excerpt.join('\n')).toMatch(
      /^struct b: lib\/bad\.o could not be compiled for its types: gcc ended/m,
    )
    expect(excerpt.join('\n')).toContain('nothing_t')
  })

  it('are none where none can be compiled, with what the compiler says', async () => {
    const { layouts, notes } = await found([['bad', 'g']])
    expect(layouts).toBeUndefined()
    expect(notes).toMatchObject([{ kind: 'no-layouts' }])
    expect(notes[0]?.message).toContain('lib/bad.o could not be compiled for its types')
  })
})

describe('layouts of a kernel that randomizes structures', () => {
  const seed = `-frandomize-layout-seed-file=./scripts/basic/randstruct.seed`
  const released: Layouts = {
    pointer: 8,
    objects: ['lib/a.o'],
    types: new Map([['s#a', { object: 0, value: { kind: 'struct', size: 4, align: 4, members: [] } }]]),
    symbols: new Map([['f', { object: 0, value: 's32 (s#a *)' }]]),
    unknown: new Map(),
  }
  const option = (word: string) => ['CONFIG_MODULES=y\n', ['gcc', '-E', word, 'a.c']] as const

  function looked(config: string, compile: readonly string[], wanted: Layouts | 'all') {
    writeFiles(path(), {
      '.config': config,
      'a.symtypes': 's#a struct a { int x ; }\nf int f ( s#a * )\n',
    })
    const listed = [{ object: 'lib/a.o', compile } as unknown as ListedObject]
    const objects = new Map([['lib/a.o', { exports: ['f'], types: path('a.symtypes'), dependencies: [] }]])
    const tree = { output: path(), results: path(), work: path() } as KernelTree
    return layoutsOf(tree, { objects, listed, inputs: {} as ObjectInputs }, wanted, () => undefined)
  }

  it.each<readonly [name: string, config: string, compile: readonly string[]]>([
    ['CONFIG_RANDSTRUCT=y', 'CONFIG_MODULES=y\nCONFIG_RANDSTRUCT=y\n', ['gcc', '-E', 'a.c']],
    ['CONFIG_GCC_PLUGIN_RANDSTRUCT=y', 'CONFIG_GCC_PLUGIN_RANDSTRUCT=y\n', ['gcc', '-E', 'a.c']],
    [seed, ...option(seed)],
    ['-frandomize-layout-seed=1', ...option('-frandomize-layout-seed=1')],
    [
      '-fplugin=./scripts/gcc-plugins/randomize_layout_plugin.so',
      ...option('-fplugin=./scripts/gcc-plugins/randomize_layout_plugin.so'),
    ],
    ['-DRANDSTRUCT', ...option('-DRANDSTRUCT')],
    ['-DRANDSTRUCT_PLUGIN', ...option('-DRANDSTRUCT_PLUGIN')],
  ])('are not looked at, and what is asked for is not known: %s', async (name, config, compile) => {
    const all = await looked(config, compile, 'all')
    expect(all.layouts).toBeUndefined()
    expect(all.notes).toMatchObject([{ kind: 'no-layouts' }])
    const { message = '' } = all.notes[0] ?? {}
    expect(message).toMatch(/^Layouts are not known: this configuration randomizes /)
    expect(message).toContain(name)

    const { layouts, notes } = await looked(config, compile, released)
    expect(notes).toEqual([])
    expect([layouts?.types.size, layouts?.symbols.size]).toEqual([0, 0])
    expect([...(layouts?.unknown.keys() ?? [])]).toEqual(['s#a', 'f'])
    for (const why of layouts?.unknown.values() ?? []) expect(why).toContain(name)
  })

  it.each([
    ['# CONFIG_RANDSTRUCT is not set\nCONFIG_RANDSTRUCT_NONE=y\n', '-fplugin=./latent_entropy_plugin.so'],
    ['CONFIG_GCC_PLUGINS=y\n', '-fplugin=./scripts/gcc-plugins/stackleak_plugin.so'],
  ])('are looked at where it only could: %s', async (config, word) => {
    const { notes } = await looked(config, ['false', word], 'all')
    expect(notes.map(({ message }) => message).join()).not.toContain('randomizes')
  })
})
