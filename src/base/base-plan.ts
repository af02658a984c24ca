import { dirname, isAbsolute, join, relative } from 'node:path'
import type { Read } from '../problem/problem.ts'
import { loadPlan } from '../config/load-plan.ts'
import type { Plan, VariantPlan } from '../config/plan.ts'
import { shippedFolder } from '../config/shipped-whitelists.ts'
import { typesPlaces } from '../baseline/find-stored-types.ts'
import { whitelistFiles } from '../baseline/whitelist-files.ts'
import type { BaseCommit } from '../git/open-commit.ts'
import { realPath } from '../io/real-path.ts'

/**
 * The plan of a base commit: configuration, severities, waivers, whitelists and kernel configurations are those of the
 * commit. What a build leaves behind (`symvers`, `types`), drivers, which are too large for a tree, and the programs that it runs are
 * those of the work tree. Problems: those
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
    if ((await realPath(one)) === top) return join(folder, relative(one, path))
  }
  return join(folder, relative(top, path))
}

/** What is to be trusted of a variant. */
function filesOf({ guard, config }: VariantPlan, shipped: string): readonly string[] {
  const kernel = [...(config?.from.kind === 'file' ? [config.from.path] : []), ...(config?.fragments ?? [])]
  if (guard.kind === 'none') return kernel
  const lookup = guard.whitelist
  if (lookup.kind === 'folder') {
    const path = relative(shipped, lookup.folder)
    const ours = !path.startsWith('..') && !isAbsolute(path)
    return ours ? kernel : [...kernel, lookup.folder]
  }
  const { path, checksums } = lookup.files
  const { baseline, layouts } = whitelistFiles(path)
  const types = typesPlaces(path).map(({ file }) => file)
  return [...kernel, path, ...types, layouts, baseline, ...(checksums === undefined ? [] : [checksums])]
}

function inWorkTree(variant: VariantPlan, base: BaseCommit): VariantPlan {
  const { symvers, types, toolchain, drivers } = variant
  const named = {
    ...(symvers === undefined ? {} : { symvers }),
    ...(types === undefined ? {} : { types }),
    toolchain,
    ...(drivers ? { drivers } : {}),
  }
  return { ...variant, ...withTreeNames(named, base) }
}

/**
 * Names files as a person knows them: places by their path in the work tree, where a forge shows them, and in sentences by
 * the commit, `origin/main:kabi.yml`.
 */
export function withKnownNames<T>(value: T, { ref, top, folder }: BaseCommit): T {
  return mapTexts(value, '', (text, key) =>
    key === 'file' || key === 'whitelist'
      ? text.replaceAll(folder, top)
      : text.replaceAll(`${folder}/`, `${ref}:`).replaceAll(folder, `${ref}:`),
  )
}

/** Names files by their path in the work tree only. */
export function withTreeNames<T>(value: T, { top, folder }: BaseCommit): T {
  return renamed(value, (text) => text.replaceAll(folder, top))
}

/** Changes every text in plain data. */
export function renamed<T>(value: T, change: (text: string) => string): T {
  return mapTexts(value, '', change)
}

/** Changes every text in plain data; anything else, such as a map, stays as it is. */
function mapTexts<T>(value: T, key: string, change: (text: string, key: string) => string): T
function mapTexts(value: unknown, key: string, change: (text: string, key: string) => string): unknown {
  if (typeof value === 'string') return change(value, key)
  if (Array.isArray(value)) return value.map((item) => mapTexts<unknown>(item, key, change))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapTexts<unknown>(item, name, change)]),
  )
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
