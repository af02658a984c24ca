import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KernelTree } from '../../../src/kernel/exports/kernel-tree.ts'
import { runCompiler } from '../../../src/kernel/exports/run-compiler.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { spawnRun } from './spawn-run.ts'

const hasGcc = spawnSync('gcc', ['--version']).error === undefined

const script = '#define BASE 1\nSECTIONS\n{\n#ifdef BASE\n\t. = BASE;\n#endif\n}\n'

async function preprocess(
  options: readonly string[],
  name: string,
  text: string,
  compiler = 'exec gcc "$@"\n',
) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), text)
  const { run, commands } = spawnRun()
  const env = { PATH: process.env['PATH'] ?? '' }
  const tree = { output: folder, env, run, signal: new AbortController().signal } as unknown as KernelTree
  const program = join(folder, 'cc')
  writeFileSync(program, `#!/bin/sh\n${compiler}`)
  chmodSync(program, 0o755)
  const argv = [program, '-E', '-nostdinc', ...options, join(folder, name)]
  const made = await runCompiler(tree, argv, join(folder, 'scratch'), join(folder, 'out'))
  const read = made.kind === 'compiled' ? made.read : made
  return { read, runs: commands.length, text: () => readFileSync(join(folder, 'out'), 'utf8') }
}

/** The real one; then the file that it wrote loses its last line. */
const cutting =
  'gcc "$@" || exit\nwhile [ "$1" != -o ]; do shift; done\nhead -n -1 "$2" >"$2.x"; mv "$2.x" "$2"\n'

describe.skipIf(!hasGcc)('runCompiler (needs gcc)', () => {
  const lds = ['-P', '-xassembler-with-cpp', '-D__ASSEMBLY__']

  it('takes a linker script, which is preprocessed without markers, for whole', async () => {
    const { read, text } = await preprocess(lds, 'vmlinux.lds.S', script)
    expect(read).toHaveLength(1)
    expect(text()).toContain('. = 1;')
  })

  it('refuses a linker script that is cut', async () => {
    const { read } = await preprocess(lds, 'vmlinux.lds.S', script, cutting)
    expect(read).toMatchObject({ kind: 'failed', why: expect.stringContaining('is not complete') as string })
  })

  it.each([
    ['a body', 'int a;\nint f(void)\n{\n\treturn 1;\n}\n', 1],
    ['a condition that is false', 'int a;\n#ifdef NEVER\nint b;\n#endif\n', 1],
    ['a comment', 'int a;\n/* the end\n * of it */\n', 1],
    ['a call of a macro that gives nothing', '#define NOTHING(x)\nint a;\nNOTHING(a)\n', 2],
    ['a condition with a call of a macro', 'int a;\n#ifdef NEVER\nANY(a);\n#endif\n', 2],
    ['nothing', '', 1],
  ])('takes a source for whole that ends in %s', async (_, text, runs) => {
    const done = await preprocess([], 'a.c', text)
    expect(done.read).toHaveLength(1)
    expect(done.runs).toBe(runs)
  })

  it.each([
    ['an export', 'int a;\nEXPORT_SYMBOL(a);\n'],
    ['an export in a condition', 'int a;\n#ifndef NEVER\nEXPORT_SYMBOL(a);\n#endif\n'],
    ['what may be the call of a macro', 'int a;\nDEFINE(a);\n'],
  ])('refuses a text that lost %s at its end', async (_, text) => {
    const { read } = await preprocess([], 'a.c', text, cutting)
    expect(read).toMatchObject({ kind: 'failed' })
  })
})
