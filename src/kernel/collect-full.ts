import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import type { Problem } from '../abi/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { openBuildLog } from './build-log.ts'
import { buildVariant } from './build-variant.ts'
import { checkTools } from './check-tools.ts'
import { checkTree } from './check-tree.ts'
import { checkWorkDir } from './check-work-dir.ts'
import type { CollectOptions } from './collect.ts'
import { takeLock } from './lock.ts'
import { scrubbedEnvironment } from './scrubbed-environment.ts'

/**
 * Strategy `full`: configures and builds the kernel and its modules in a folder of their own, then reads the
 * Module.symvers of that build. Nothing is started before the tree, the work folder and the tools are fit for it.
 * @throws the system's error when the work folder cannot be written.
 */
export async function collectFull(variant: VariantPlan, options: CollectOptions): Promise<Collected> {
  const started = performance.now()
  const { name, config, arch, toolchain } = variant
  const failure = (problem: Problem): Collected => ({ kind: 'failure', variant: name, problems: [problem] })
  if (!config) return failure(withoutConfig)
  if (options.source === undefined) return failure(withoutSource)
  const source = await realpath(options.source).catch(() => undefined)
  if (source === undefined) return failure(noSuchTree(options.source))
  const env = scrubbedEnvironment(process.env)
  const folder = join(options.workDir, name)
  const unfit =
    (await checkTree(source, arch)) ??
    (await checkWorkDir(folder, source)) ??
    (await checkTools(toolchain, env['PATH'] ?? ''))
  if (unfit) return failure(unfit)

  await mkdir(folder, { recursive: true })
  const lock = await takeLock(join(folder, 'lock'))
  if ('kind' in lock) return failure(lock)
  try {
    const log = openBuildLog(join(folder, 'build.log'))
    try {
      const kbuild = { variant, source, env, log, signal: options.signal }
      const built = await buildVariant(kbuild, config, folder, options)
      if ('problems' in built) return { kind: 'failure', variant: name, problems: built.problems }
      const seconds = (performance.now() - started) / 1000
      const { symvers, compiler, configDigest, notes } = built
      const how = { strategy: 'full', source, compiler, configDigest, seconds } as const
      return { kind: 'evidence', variant: name, symvers, how, notes }
    } finally {
      log.close()
    }
  } finally {
    await lock.release()
  }
}

const withoutConfig: Problem = {
  kind: 'config',
  message: 'strategy full needs the kernel configuration of the variant',
  advice: 'Add config to the variant in kabi.yml.',
}

const withoutSource: Problem = { kind: 'tree-not-kernel', message: 'no kernel source tree was named' }

function noSuchTree(file: string): Problem {
  return { kind: 'tree-not-kernel', message: 'there is no such folder', place: { file } }
}
