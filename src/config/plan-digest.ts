import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import type { Plan, VariantPlan } from './plan.ts'

/**
 * A digest of what a plan asks of a variant's kernel: name, architecture, configuration, strategy, toolchain and arguments of
 * make. It is the same on every machine, as paths count from the folder of the configuration; what stands in the files that
 * it names does not count.
 * @returns SHA-256, hexadecimal
 */
export function planDigest(variant: VariantPlan, folder: Plan['folder']): string {
  const { name, arch, config, strategy, toolchain, makeArgs, release, assume } = variant
  const program = (text: string | undefined): string | null =>
    text?.startsWith(`${folder}/`) ? text.slice(folder.length + 1) : (text ?? null)
  const from = config?.from
  const asked = [
    name,
    arch,
    config && [
      from?.kind === 'file' ? ['file', relative(folder, from.path)] : ['targets', ...(from?.targets ?? [])],
      config.fragments.map((path) => relative(folder, path)),
      config.set,
    ],
    strategy,
    [toolchain.crossCompile, toolchain.compiler, toolchain.llvm].map(program),
    makeArgs,
    // Which symbols are looked for depends on it.
    ...(release ? [release.minor] : []),
    ...(assume ? [['assume', ...assume]] : []),
  ]
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex')
}
