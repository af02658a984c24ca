import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Collected, KernelBuild } from '../abi/evidence.ts'
import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { makeFolder } from '../io/make-folder.ts'
import { kernelVersion } from '../io/kernel-version.ts'
import { openBuildLog } from './build-log.ts'
import { inBuildFolder, type BuildFolder, type Extracted, type Failed } from './build-folder.ts'
import { checkTools } from './check-tools.ts'
import { checkTree } from './check-tree.ts'
import { checkWorkDir } from './check-work-dir.ts'
import type { CollectOptions } from './collect.ts'
import { genksymsDigest } from './genksyms-digest.ts'
import { takeLock } from './lock.ts'
import type { Kbuild } from './make.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/** Reads the exports of a configured kernel. */
export type Extract = (
  kbuild: Kbuild,
  folder: BuildFolder,
  options: CollectOptions,
) => Promise<Extracted | Failed>

/**
 * What the strategies that need the kernel's source have in common: they configure it in a folder of its own and read
 * the exports there. Nothing is started before the tree, the work folder and the tools are fit for it.
 * @param folder the strategy's folder for this variant
 * @throws the system's error when the work folder cannot be written.
 */
export async function collectFromSource(
  variant: VariantPlan,
  options: CollectOptions,
  strategy: 'full' | 'exports',
  folder: string,
  extract: Extract,
): Promise<Collected> {
  const started = performance.now()
  const { name, config, arch, toolchain } = variant
  const failure = (problem: Problem): Collected => ({ kind: 'failure', variant: name, problems: [problem] })
  if (!config) return failure(withoutConfig(strategy))
  if (options.source === undefined) return failure(withoutSource)
  const source = await realpath(options.source).catch(() => undefined)
  if (source === undefined) return failure(noSuchTree(options.source))
  const env = scrubbedEnvironment(process.env)
  const unfit =
    (await checkTree(source, arch)) ??
    (await checkWorkDir(folder, source)) ??
    (await checkTools(toolchain, env['PATH'] ?? ''))
  if (unfit) return failure(unfit)

  await makeFolder(folder)
  const lock = await takeLock(join(folder, 'lock'))
  if ('kind' in lock) return failure(lock)
  try {
    const log = openBuildLog(join(folder, 'build.log'))
    try {
      const kbuild = { variant, source, env, log, signal: options.signal }
      const result = await inBuildFolder(kbuild, config, folder, options.onProgress, (build) =>
        extract(kbuild, build, options),
      )
      if ('problems' in result) return { kind: 'failure', variant: name, problems: result.problems }
      const seconds = (performance.now() - started) / 1000
      const { symvers, objects, types, compiler, configDigest, notes } = result
      const how = { strategy, source, compiler, configDigest, seconds }
      const build: KernelBuild = {
        arch,
        kernel: await kernelVersion(source),
        genksyms: await genksymsDigest(source, result.options),
        options: result.options,
        ...(objects ? { objects } : {}),
      }
      return { kind: 'evidence', variant: name, symvers, how, build, ...(types ? { types } : {}), notes }
    } finally {
      log.close()
    }
  } finally {
    await lock.release()
  }
}

function withoutConfig(strategy: string): Problem {
  return {
    kind: 'config',
    message: `strategy ${strategy} needs the kernel configuration of the variant`,
    advice: 'Add config to the variant in kabi.yml.',
  }
}

const withoutSource: Problem = { kind: 'tree-not-kernel', message: 'no kernel source tree was named' }

function noSuchTree(file: string): Problem {
  return { kind: 'tree-not-kernel', message: 'there is no such folder', place: { file } }
}
