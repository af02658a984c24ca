import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { fixedVariables } from '../io/fixed-variables.ts'
import { makeFolder } from '../io/make-folder.ts'
import { openBuildLog } from './build-log.ts'
import { checkTools } from './check-tools.ts'
import { checkTree } from './check-tree.ts'
import { checkWorkDir } from './check-work-dir.ts'
import type { CollectOptions } from './collect.ts'
import { takeLock } from './lock.ts'
import type { Kbuild } from './make.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/**
 * Does some work with make for a variant in a folder of its own, in which nobody else works meanwhile. Nothing is started before
 * the tree, the folder and the tools are fit for it.
 * @returns what came of the work, or the problem for which it was not begun
 * @throws the system's error when the folder cannot be written.
 */
export async function inVariantFolder<T>(
  variant: VariantPlan,
  { source: tree, signal }: Pick<CollectOptions, 'source' | 'signal'>,
  folder: string,
  work: (kbuild: Kbuild) => Promise<T>,
): Promise<{ readonly value: T } | { readonly problem: Problem }> {
  if (tree === undefined) return { problem: withoutSource }
  const source = await realpath(tree).catch(() => undefined)
  if (source === undefined) return { problem: noSuchTree(tree) }
  const env = scrubbedEnvironment(process.env)
  const unfit =
    (await checkTree(source, variant.arch)) ??
    (await checkWorkDir(folder, source)) ??
    (await checkTools(variant.toolchain, env['PATH'] ?? ''))
  if (unfit) return { problem: unfit }
  await makeFolder(folder)
  const lock = await takeLock(join(folder, 'lock'))
  if ('kind' in lock) return { problem: lock }
  try {
    const log = openBuildLog(join(folder, 'build.log'))
    try {
      const fixed = await fixedVariables(source)
      const namesCrossTools = fixed.some(({ name }) => name === 'CROSS_COMPILE')
      return { value: await work({ variant, source, env, log, signal, namesCrossTools }) }
    } finally {
      log.close()
    }
  } finally {
    await lock.release()
  }
}

const withoutSource: Problem = { kind: 'tree-not-kernel', message: 'no kernel source tree was named' }

function noSuchTree(file: string): Problem {
  return { kind: 'tree-not-kernel', message: 'there is no such folder', place: { file } }
}
