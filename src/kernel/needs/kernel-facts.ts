import { join } from 'node:path'
import type { ConfigOptions, Strategy } from '../../abi/evidence.ts'
import { isError, type Read } from '../../problem/problem.ts'
import type { KernelConfig, VariantPlan } from '../../config/plan.ts'
import { readText } from '../../io/read-text.ts'
import { sourceFolderOf } from '../check-tree.ts'
import { parseConfig } from '../config-text.ts'
import { exists } from '../exists.ts'

/** What can be known of a kernel before anything is run in its tree. */
export interface KernelFacts {
  readonly arch: string
  readonly strategy: Strategy
  /** The options that files and `set` of the configuration give. */
  readonly options: ConfigOptions
  /** True when an option that is not among these is off: the base is a complete file. */
  readonly complete: boolean
  /** Those of `treeParts` that the tree has. */
  readonly parts: ReadonlySet<TreePart>
}

/** Parts of a tree that tell which tools its age and kind needs. */
export const treeParts = [
  'tools/objtool',
  'tools/bpf/resolve_btfids',
  'scripts/extract-cert.c',
  'scripts/sign-file.c',
  'drivers/gpu/drm/msm/registers/gen_header.py',
] as const

export type TreePart = (typeof treeParts)[number]

/**
 * Reads what a variant's configuration and its kernel tree say.
 *
 * Problems: files of the configuration that cannot be read or understood.
 */
export async function kernelFacts(
  { arch, strategy }: Pick<VariantPlan, 'arch' | 'strategy'>,
  config: KernelConfig,
  source: string,
): Promise<Read<KernelFacts>> {
  const files = config.from.kind === 'file' ? [config.from.path] : []
  const read = await Promise.all([...files, ...config.fragments].map(readOptions))
  const inTree =
    config.from.kind === 'file'
      ? []
      : await Promise.all(defaultFiles(config.from.targets, source, arch).map(readOptions))
  const options = new Map([
    // Which of the places a target is from, and whether it is a file at all, only the kernel's Makefile knows.
    ...inTree.flatMap(({ value }) => [...value]),
    ...read.flatMap(({ value }) => [...value]),
    ...parseConfig(config.set.join('\n'), '').value,
  ])
  const present = await Promise.all(treeParts.map((part) => exists(join(source, part))))
  const parts = new Set(treeParts.filter((_, index) => present[index]))
  const facts = { arch, strategy, options, complete: config.from.kind === 'file', parts }
  return { value: facts, problems: read.flatMap(({ problems }) => problems) }
}

/** Where the kernel keeps the texts of its configuration targets. */
function defaultFiles(targets: readonly string[], source: string, arch: string): string[] {
  return targets.flatMap((target) => [
    join(source, 'kernel/configs', target),
    join(source, 'arch', sourceFolderOf(arch), 'configs', target),
  ])
}

async function readOptions(path: string): Promise<Read<ConfigOptions>> {
  const text = await readText(path)
  if (text.problems.some(isError)) return { value: new Map(), problems: text.problems }
  return parseConfig(text.value, path)
}
