import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
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
    const tree = { results: path('.'), work: path('.') } as KernelTree
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
    const inputs: ObjectInputs = { commands: () => 'same', files: () => 'same' }
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
