import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Problem } from '../../problem/problem.ts'
import type { EnabledObject } from './enabled-object.ts'
import { readKept, writeKept } from './kept-json.ts'
import type { KernelTree } from './kernel-tree.ts'
import type { ObjectInputs } from './object-inputs.ts'
import { sectionDrop } from './linker-sections.ts'
import { runCompiler } from './run-compiler.ts'

const keptScript = z.object({ key: z.string(), read: z.array(z.string()).readonly() })

/**
 * Makes sure that the linker scripts of the kernel and of modules keep every export that its object has. They are
 * preprocessed as the kernel's build does (`cmd_cpp_lds_S` in scripts/Makefile.build); what they make of a section is
 * looked at in full only when one of the files that were read has changed, or one of that name came or went.
 * @param symbols the exports that count
 * @returns the first thing that drops one, or keeps a script from being read; undefined when all is well
 */
export async function linkerScriptProblem(
  tree: KernelTree,
  inputs: ObjectInputs,
  objects: readonly EnabledObject[],
  symbols: readonly string[],
): Promise<Problem | undefined> {
  const model = objects.find(({ compile, assembler }) => compile.includes('-D__KERNEL__') && !assembler)
  const arch = model?.compile.map((word) => /(?:^|\/)arch\/(\w+)\/include$/.exec(word)?.[1]).find(Boolean)
  if (!model || symbols.length === 0) return undefined
  const scripts = [
    `arch/${arch ?? ''}/kernel/vmlinux.lds.S`,
    `arch/${arch ?? ''}/kernel/module.lds`,
    'scripts/module.lds.S',
    'scripts/module-common.lds',
  ].filter((path) => tree.files.has(path))
  for (const script of scripts) {
    const problem = await problemOf(
      tree,
      inputs,
      commandOf(model, arch ?? '', join(tree.source, script)),
      script,
      symbols,
    )
    if (problem) return problem
  }
  return undefined
}

async function problemOf(
  tree: KernelTree,
  inputs: ObjectInputs,
  command: readonly string[],
  script: string,
  symbols: readonly string[],
): Promise<Problem | undefined> {
  const kept = join(tree.results, 'linker', `${script}.json`)
  const asked = createHash('sha256')
    .update(JSON.stringify([command.map(inputs.paths.inWord), [...symbols].sort()]))
    .digest('hex')
  const keyOf = (read: readonly string[]): string | undefined => {
    const files = inputs.files(read)
    return files === undefined ? undefined : `${asked} ${files}`
  }
  const before = await readKept(kept, keptScript)
  if (before && before.key === keyOf(before.read.map(inputs.paths.home))) return undefined
  const scratch = join(tree.work, 'linker-script')
  const output = `${scratch}.lds`
  const place = { file: join(tree.source, script) }
  try {
    const made = await runCompiler(tree, command, scratch, output)
    if (made.kind !== 'compiled') {
      if (made.kind === 'interrupted')
        return { kind: 'interrupted', message: 'the search for exports was stopped' }
      return {
        kind: 'build-failed',
        message: `the linker script cannot be preprocessed: ${made.why}`,
        place,
        excerpt: made.stderr,
        ...(made.byMachine ? { speaksOf: 'setup' } : {}),
      }
    }
    const drop = sectionDrop(made.output.toString('latin1'), symbols, script.includes('vmlinux'))
    if (drop === undefined) {
      const { read } = made
      const key = keyOf(read)
      if (key !== undefined) {
        const files = read.map(inputs.paths.away)
        await writeKept(kept, { key, read: files } satisfies z.infer<typeof keptScript>)
      }
      return undefined
    }
    return {
      kind: 'build-failed',
      message: `the linker script may drop exports: ${drop}`,
      place,
      advice:
        'Compare this variant with --strategy full, or leave the sections of exports where they belong.',
    }
  } finally {
    await Promise.all(['lds', 'd'].map((suffix) => rm(`${scratch}.${suffix}`, { force: true })))
  }
}

/** The command of a C object, made one for a linker script. */
function commandOf({ compile }: EnabledObject, arch: string, script: string): readonly string[] {
  const words = compile.slice(0, -1)
  const kept = words.filter(
    (word, at) =>
      word !== '-D__GENKSYMS__' &&
      !/^-DKBUILD_|^-DMODULE$|compiler_types\.h$/.test(word) &&
      !(word === '-include' && words[at + 1]?.endsWith('compiler_types.h') === true),
  )
  return [...kept, '-P', '-xassembler-with-cpp', `-U${arch}`, '-D__ASSEMBLY__', '-DLINKER_SCRIPT', script]
}
