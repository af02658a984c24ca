import type { Collected, KernelBuild } from '../abi/evidence.ts'
import type { Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { kernelVersion } from '../io/kernel-version.ts'
import { inBuildFolder, type BuildFolder, type Extracted, type Failed } from './build-folder.ts'
import type { CollectOptions } from './collect.ts'
import { genksymsDigest } from './genksyms-digest.ts'
import { inVariantFolder } from './in-variant-folder.ts'
import type { Kbuild } from './make.ts'
import { withAge } from './old-kernel.ts'

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
  const { name, config, arch } = variant
  const failure = (problems: readonly Problem[]): Collected => ({ kind: 'failure', variant: name, problems })
  if (!config) return failure([withoutConfig(strategy)])
  const worked = await inVariantFolder(variant, options, folder, async (kbuild): Promise<Collected> => {
    const result = await inBuildFolder(kbuild, config, folder, options.onProgress, (build) =>
      extract(kbuild, build, options),
    )
    const kernel = await kernelVersion(kbuild.source)
    if ('problems' in result) return failure(result.problems.map((problem) => withAge(problem, kernel)))
    const seconds = (performance.now() - started) / 1000
    const { symvers, objects, types, layouts, basis, compiler, configDigest, notes } = result
    const { source } = kbuild
    const how = { strategy, source, compiler, configDigest, seconds }
    const build: KernelBuild = {
      arch,
      kernel,
      genksyms: await genksymsDigest(source, result.options),
      options: result.options,
      ...(objects ? { objects } : {}),
    }
    const found = {
      ...(types ? { types } : {}),
      ...(layouts ? { layouts } : {}),
      ...(basis ? { basis } : {}),
    }
    return { kind: 'evidence', variant: name, symvers, how, build, ...found, notes }
  })
  return 'problem' in worked ? failure([worked.problem]) : worked.value
}

function withoutConfig(strategy: string): Problem {
  return {
    kind: 'config',
    message: `strategy ${strategy} needs the kernel configuration of the variant`,
    advice: 'Add config to the variant in kabi.yml.',
  }
}
