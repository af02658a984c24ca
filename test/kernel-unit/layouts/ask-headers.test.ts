import { portablePaths } from '../../../src/kernel/exports/portable-paths.ts'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EnabledObject } from '../../../src/kernel/exports/enabled-object.ts'
import type { Command, KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import type { ObjectInputs } from '../../../src/kernel/exports/object-inputs.ts'
import { askHeaders } from '../../../src/kernel/layouts/ask-headers.ts'
import { folderOfEachTest } from '../../support/temporary-folder.ts'
import { spawnRun } from '../exports/spawn-run.ts'
import { hasCompiler } from './layouts-of-c.ts'

const path = folderOfEachTest()

const guarded = (name: string, text: string) => `#ifndef ${name}\n#define ${name}\n${text}\n#endif\n`

const files = {
  'core.c': '#include "include/a.h"\nstatic int own(struct a *a) { return a->x; }\n',
  'include/a.h': guarded('A_H', 'struct a { int x; };\nint use_a(struct a *a);'),
  'include/b.h': guarded('B_H', 'struct b { long y; char z; };'),
  'include/needs.h': guarded('NEEDS_H', 'struct needs { struct b b; };\nvoid use_needs(struct needs *n);'),
}

/** Asks for the types of the headers, with some files changed, as the first object of a kernel. */
async function ask(changes: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries({ ...files, ...changes })) {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), text)
  }
  mkdirSync(path('work'), { recursive: true })
  const { run, commands } = spawnRun()
  const tree: KernelTree = {
    ...{ source: path('.'), output: path('.'), work: path('work'), results: path('.'), makeArgs: [] },
    ...{ files: new Map(), run, signal: new AbortController().signal, jobs: 1 },
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
  }
  const headers = Object.keys({ ...files, ...changes }).filter((name) => name.endsWith('.h'))
  const record = { exports: [], types: undefined, dependencies: headers.map((name) => path(name)) }
  const probe = askHeaders(tree, { objects: new Map([['core.o', record]]), inputs }, path('kept'))
  const answer = await probe(core(), {
    types: new Set(['s#a', 's#b', 's#needs']),
    symbols: new Set(['use_a', 'use_needs']),
  })
  expect(readdirSync(path('work'))).toEqual([])
  return { answer, compiled: commands.filter(isCompilation).length }
}

const isCompilation = ({ args }: Command) => args.includes('-c')

const inputs: ObjectInputs = {
  seen: { files: new Set(), asksForFiles: false },
  paths: portablePaths({ source: '/source', output: '/output', work: '/work' }),
  commands: () => 'same',
  dependencies: () => 'same',
  files: (paths) => paths.map((name) => readFileSync(name, 'utf8')).join('\0'),
}

function core(): EnabledObject {
  return {
    ...{ object: 'core.o', source: 'core.c', modname: undefined },
    compile: ['gcc', '-E', '-D__GENKSYMS__', '-O2', 'core.c'],
    checksums: { kind: 'genksyms', command: ['genksyms'] },
  }
}

function known({ answer }: Awaited<ReturnType<typeof ask>>): readonly string[] {
  return answer.kind === 'probed' ? [...answer.types.keys(), ...answer.symbols.keys()] : [answer.kind]
}

describe.skipIf(!hasCompiler('gcc'))('headers that are asked together (needs gcc)', () => {
  it('are compiled once behind the source of one object', async () => {
    const asked = await ask()
    expect(asked.answer).toMatchObject({
      kind: 'probed',
      types: new Map([
        ['s#a', { size: 4 }],
        ['s#b', { size: 16 }],
        ['s#needs', { size: 16 }],
      ]),
      symbols: new Map([
        ['use_a', 's32 (s#a *)'],
        ['use_needs', 'void (s#needs *)'],
      ]),
    })
    expect(asked.compiled).toBe(1)
  })

  it('are those that the compiler sees', async () => {
    const hidden = '#ifndef __GENKSYMS__\nlong more;\n#endif'
    const { answer } = await ask({
      'include/b.h': guarded('B_H', `struct b { long y; \n${hidden}\nchar z; };`),
    })
    expect(answer).toMatchObject({
      types: new Map([
        ['s#b', { size: 24 }],
        ['s#needs', {}],
        ['s#a', {}],
      ]),
    })
  })

  it('are kept until one of them changes', async () => {
    await ask()
    expect((await ask()).compiled).toBe(0)
    expect((await ask({ 'include/b.h': guarded('B_H', 'struct b { char z; };') })).compiled).toBe(1)
  })

  it('are asked without one that cannot be compiled there, which is left out at once until it changes', async () => {
    const wrong = { 'include/needs.h': guarded('NEEDS_H', 'struct needs { struct c c; };') }
    const first = await ask(wrong)
    expect(known(first)).toEqual(['s#a', 's#b', 'use_a'])
    expect(first.compiled).toBe(2)
    const other = { 'include/b.h': guarded('B_H', 'struct b { char z; };') }
    expect((await ask({ ...wrong, ...other })).compiled).toBe(1)
    const mended = await ask(other)
    expect(known(mended)).toEqual(['s#a', 's#b', 's#needs', 'use_a', 'use_needs'])
  })

  it('say nothing where the object itself cannot be compiled, and are not tried again until something changes', async () => {
    const broken = { 'core.c': 'int own(nothing_t *a) { return 0; }\n' }
    const first = await ask(broken)
    expect(first.answer).toMatchObject({ kind: 'failed' })
    expect(first.compiled).toBe(1)
    expect((await ask(broken)).compiled).toBe(0)
  })

  it('say nothing where one writes debug information of its own', async () => {
    const forged = String.raw`extern int v asm("v\n.set forged,1\n#");`
    expect((await ask({ 'include/b.h': guarded('B_H', forged) })).answer).toMatchObject({ kind: 'failed' })
  })
})
