import { rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { EnabledObject } from '../exports/enabled-object.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'
import type { Stopped } from '../exports/run-program.ts'
import type { Names } from './gather-layouts.ts'
import { probeObject, type Probed } from './probe-object.ts'

/** What headers say, and which of them could not be compiled there. */
interface ProbedHeaders {
  readonly answer: Probed | Stopped
  readonly refused: readonly string[]
}

/** A text is compiled so often at most, each time without the headers that the compiler complained about. */
const mostRounds = 4

/**
 * Learns the layouts of types from the headers that many objects read: they stand behind the source of one object, in one
 * text, which costs as much as two or three objects. What a type is there need not be what it is in another object.
 * @param headers absolute paths that can stand in an include directive as they are
 * @param scratch as for `probeObject`
 */
export async function probeHeaders(
  tree: KernelTree,
  { source, compile }: Pick<EnabledObject, 'source' | 'compile'>,
  { headers, asked }: { readonly headers: readonly string[]; readonly asked: Names },
  scratch: string,
): Promise<ProbedHeaders> {
  const file = `${scratch}.c`
  const refused: string[] = []
  let left = headers
  try {
    for (let round = 1; ; round++) {
      const included = [resolve(tree.output, source), ...left]
      await writeFile(file, [...included.map((path) => `#include "${path}"\n`), end].join(''), 'latin1')
      const blamed = new Set<number>()
      const command = [...compile.slice(0, -1), file]
      const answer = await probeObject(blaming(tree, file, blamed), { compile: command }, asked, scratch)
      if (answer.kind === 'probed')
        return {
          answer: { ...answer, dependencies: answer.dependencies.filter((path) => path !== file) },
          refused,
        }
      const bad = included.filter((_, at) => at > 0 && blamed.has(at + 1))
      if (answer.kind === 'interrupted' || bad.length === 0 || round === mostRounds)
        return { answer, refused }
      refused.push(...bad)
      left = left.filter((path) => !bad.includes(path))
    }
  } finally {
    await rm(file, { force: true })
  }
}

/** A last line by which a preprocessed text tells that it is whole. */
const end = 'struct kabi_gate_end_of_headers;\n'

/** A tree that notes which lines of a file its programs complain about, as `file:7:1: error` or `In file included from file:7`. */
function blaming(tree: KernelTree, file: string, lines: Set<number>): KernelTree {
  return {
    ...tree,
    run: (command, options) =>
      tree.run(command, {
        ...options,
        onLine: (line, stream) => {
          const at = stream === 'stderr' ? line.indexOf(`${file}:`) : -1
          const [, number] = at < 0 ? [] : (/^(\d+)/.exec(line.slice(at + file.length + 1)) ?? [])
          if (number !== undefined) lines.add(Number(number))
          options.onLine(line, stream)
        },
      }),
  }
}
