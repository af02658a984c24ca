import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Argv } from './enabled-object.ts'
import type { KernelTree } from './kernel-tree.ts'
import { parseDependencies } from './parse-dependencies.ts'
import { runProgram, type Stopped } from './run-program.ts'

/**
 * Runs a compiler so that it writes a file, and gives the files it read, absolute paths.
 * @param scratch a file with `.d` behind this name is written
 * @param input a file for its standard input
 */
export async function runCompiler(
  tree: KernelTree,
  argv: Argv,
  scratch: string,
  output: string,
  input?: string,
): Promise<readonly string[] | Stopped> {
  const rule = `${scratch}.d`
  const outcome = await runProgram(tree, [...argv, '-MD', '-MF', rule, '-o', output], input)
  if (outcome.kind !== 'done') return outcome
  const read = parseDependencies(await readFile(rule, 'utf8'))
  return read.filter((path) => path !== '-').map((path) => resolve(tree.output, path))
}
