import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { Read } from './abi/problem.ts'
import { loadPlan } from './config/load-plan.ts'
import type { Plan, VariantPlan } from './config/plan.ts'
import { shippedFolder } from './io/shipped-whitelists.ts'
import { whitelistFiles } from './io/whitelist-files.ts'
import type { Verdict } from './judge/verdict.ts'
import type { BaseCommit } from './kernel/base-commit/base-commit.ts'

/**
 * The plan of a base commit: configuration, severities, waivers, whitelists and kernel configurations are those of the
 * commit. What a build leaves behind (`symvers`) and the programs that it runs are those of the work tree. Problems: those
 * of `loadPlan` and of bringing the files.
 * @param config absolute; looked for in `source` when not given
 */
export async function loadBasePlan(
  base: BaseCommit,
  config: string | undefined,
  source: string,
  shipped = shippedFolder(),
): Promise<Read<Plan | undefined>> {
  const file = config && (await mirrored(base, config))
  const loaded = await loadPlan(file, await mirrored(base, source), shipped, base.bring)
  if (!loaded.value) return loaded
  const plan = { ...loaded.value, variants: loaded.value.variants.map((one) => inWorkTree(one, base)) }
  const problems = await base.bring(plan.variants.flatMap((variant) => filesOf(variant, shipped)))
  return problems.length > 0 ? { value: undefined, problems } : { value: plan, problems: loaded.problems }
}

/** Links inside of the work tree are the patch's and lead nowhere here; links to it are the machine's. */
async function mirrored({ top, folder }: BaseCommit, path: string): Promise<string> {
  const above: string[] = []
  for (let one = path; above.at(-1) !== one; one = dirname(one)) above.push(one)
  for (const one of above.reverse()) {
    if ((await realpath(one).catch(() => one)) === top) return join(folder, relative(one, path))
  }
  return join(folder, relative(top, path))
}

/** What is to be trusted of a variant. */
function filesOf({ promise, config }: VariantPlan, shipped: string): readonly string[] {
  const kernel = [...(config?.from.kind === 'file' ? [config.from.path] : []), ...(config?.fragments ?? [])]
  if (promise.kind === 'none') return kernel
  const lookup = promise.whitelist
  if (lookup.kind === 'folder') {
    const path = relative(shipped, lookup.folder)
    const ours = !path.startsWith('..') && !isAbsolute(path)
    return ours ? kernel : [...kernel, lookup.folder]
  }
  const { path, checksums } = lookup.files
  const { types, baseline } = whitelistFiles(path)
  return [...kernel, path, types, baseline, ...(checksums === undefined ? [] : [checksums])]
}

function inWorkTree(variant: VariantPlan, { top, folder }: BaseCommit): VariantPlan {
  const moved = (text: string): string => text.replaceAll(folder, top)
  const { symvers, toolchain } = variant
  return {
    ...variant,
    ...(symvers === undefined ? {} : { symvers: moved(symvers) }),
    toolchain: {
      crossCompile: moved(toolchain.crossCompile),
      ...(toolchain.compiler === undefined ? {} : { compiler: moved(toolchain.compiler) }),
      ...(toolchain.llvm === undefined ? {} : { llvm: moved(toolchain.llvm) }),
    },
  }
}

/**
 * Names files as a person knows them: places by their path in the work tree, where a forge shows them, and in sentences by
 * the commit, `origin/main:kabi.yml`.
 */
export function withKnownNames(verdict: Verdict, { ref, top, folder }: BaseCommit): Verdict {
  const named = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (!value.includes(folder)) return value
      if (key === 'file' || key === 'whitelist') return value.replaceAll(folder, top)
      return value.replaceAll(`${folder}/`, `${ref}:`).replaceAll(folder, `${ref}:`)
    }
    if (Array.isArray(value)) return value.map((item) => named(item, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, named(item, name)]))
  }
  return named(verdict, '') as Verdict
}
