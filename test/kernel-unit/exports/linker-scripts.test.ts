import { portablePaths } from '../../../src/kernel/exports/portable-paths.ts'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EnabledObject } from '../../../src/kernel/exports/enabled-object.ts'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import { linkerScriptProblem } from '../../../src/kernel/exports/linker-scripts.ts'
import type { ObjectInputs } from '../../../src/kernel/exports/object-inputs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { writeFiles } from '../../support/write-files.ts'
import { spawnRun } from './spawn-run.ts'

const hasGcc = spawnSync('gcc', ['--version']).error === undefined

const script = 'arch/x86/kernel/vmlinux.lds.S'
const table = (name: string): string =>
  `__${name} : { __start___${name} = .; KEEP(*(SORT(___${name}+*))) __stop___${name} = .; }`
const keeping = `#define EXPORTS ${['ksymtab', 'ksymtab_gpl', 'kcrctab', 'kcrctab_gpl'].map(table).join(' ')}\n`
const dropping = '#define EXPORTS\n'

/** A kernel whose linker script takes what it does with exports from a header. */
function openTree() {
  const source = temporaryFolder()
  writeFiles(source, {
    [script]: '#include <sections.h>\nSECTIONS\n{\n\tEXPORTS\n\t/DISCARD/ : { *(.discard) }\n}\n',
    'include/sections.h': keeping,
    'arch/x86/include/none.h': '',
  })
  const { run, commands } = spawnRun()
  const [output, results, work] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
  const env = { PATH: process.env['PATH'] ?? '' }
  const signal = new AbortController().signal
  const tree = { ...{ source, output, results, work, env, run, signal }, files: new Map([[script, '']]) }
  const compile = [
    ...['gcc', '-nostdinc', '-D__KERNEL__', `-I${join(source, 'arch/x86/include')}`],
    ...[`-I${join(source, 'include')}`, '-E', 'kernel/fork.c'],
  ]
  const object = { compile } as unknown as EnabledObject
  let state = 'first'
  const inputs: ObjectInputs = {
    commands: () => '',
    files: () => state,
    dependencies: () => state,
    seen: { files: new Set<string>(), asksForFiles: false },
    paths: portablePaths({ source: '/source', output: '/output', work: '/work' }),
  }
  const problem = () => linkerScriptProblem(tree as unknown as KernelTree, inputs, [object], ['f'])
  return { source, problem, runs: () => commands.length, becomes: (next: string) => (state = next) }
}

describe.skipIf(!hasGcc)('linkerScriptProblem (needs gcc)', () => {
  it('reads a script again only where one of its files changed, or one of such a name came', async () => {
    const { source, problem, runs, becomes } = openTree()
    expect(await problem()).toBeUndefined()
    const once = runs()
    expect(await problem()).toBeUndefined()
    expect(runs()).toBe(once)
    // It is found before the other, which is as it was.
    writeFiles(source, { 'arch/x86/include/sections.h': dropping })
    becomes('another of that name')
    expect(await problem()).toMatchObject({
      kind: 'build-failed',
      message: expect.stringContaining('may drop') as string,
    })
    expect(await problem()).toMatchObject({ kind: 'build-failed' })
  })
})
