import { join } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import { isError, type Problem } from '../problem/problem.ts'
import type { VariantPlan } from '../config/plan.ts'
import { hasTypes } from '../baseline/read-types.ts'
import { readSymvers } from '../baseline/read-whitelist.ts'
import type { BuildFolder, Extracted, Failed } from './build-folder.ts'
import { build } from './build.ts'
import { collectFromSource } from './collect-from-source.ts'
import type { CollectOptions, Sought } from './collect.ts'
import { exists } from './exists.ts'
import { besideSymvers } from './layouts/beside-symvers.ts'
import type { Kbuild } from './make.ts'

/**
 * Strategy `full`: builds the kernel and its modules with their types, then reads the Module.symvers of that build. What
 * gendwarfksyms dumps is no types that checksums could be recomputed from. Layouts come from the vmlinux of that build.
 * @throws the system's error when the work folder cannot be written.
 */
export function collectFull(
  variant: VariantPlan,
  options: CollectOptions,
  sought: Sought,
): Promise<Collected> {
  return collectFromSource(variant, options, 'full', join(options.workDir, variant.name), (kbuild, folder) =>
    buildSymvers(kbuild, folder, options, sought),
  )
}

async function buildSymvers(
  kbuild: Kbuild,
  { output, options }: BuildFolder,
  { jobs, onProgress }: CollectOptions,
  { wanted, layouts }: Sought,
): Promise<Extracted | Failed> {
  const problem = await build(kbuild, { output, jobs, onProgress })
  if (problem) return { problems: [problem] }
  const path = join(output, 'Module.symvers')
  if (!(await exists(path))) return { problems: [withoutSymvers(path)] }
  onProgress({ variant: kbuild.variant.name, phase: 'read', done: 0 })
  const { value: symvers, problems } = await readSymvers(path)
  if (problems.some(isError)) return { problems }
  const typed = options.get('CONFIG_GENDWARFKSYMS') !== 'y' && (await hasTypes(output))
  const types = typed ? { types: { kind: 'path', path: output } as const } : {}
  const made = { symvers, ...types }
  if (!layouts) return { ...made, notes: problems }
  const found = await besideSymvers(made, wanted, layouts)
  return { ...made, ...found, notes: [...problems, ...found.notes] }
}

function withoutSymvers(file: string): Problem {
  return {
    kind: 'no-symvers',
    message: 'make ended well, but made no Module.symvers',
    place: { file },
    advice:
      'Check that the variant’s configuration has CONFIG_MODULES=y and that its make arguments do not skip work.',
  }
}
