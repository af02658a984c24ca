import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigOptions, KernelBuild } from '../abi/evidence.ts'
import { autoconf, type Dependencies } from './dependencies.ts'

/** The files of a build on this machine. */
export interface ResolvedDependencies {
  /** By object: absolute paths. */
  readonly objects: ReadonlyMap<string, readonly string[]>
  readonly texts: NonNullable<KernelBuild['texts']>
}

/**
 * Finds the files that a build elsewhere read in a kernel tree on this machine. Only regular files that really lie in the
 * tree are taken. Of the generated ones only the configuration's header is, made again from the options.
 * @param source an absolute path without symbolic links; without it, nothing is found
 */
export async function resolveDependencies(
  { tree, generated, objects }: Dependencies,
  {
    variant,
    options,
    source,
  }: { readonly variant: string; readonly options: ConfigOptions; readonly source: string | undefined },
): Promise<ResolvedDependencies> {
  if (source === undefined) return { objects: new Map(), texts: new Map() }
  const inTree: (string | undefined)[] = []
  for (const path of tree) inTree.push(await insideTree(source, path))
  // Under a device, no file of this name can exist.
  const header = `/dev/null/${variant}/${autoconf}`
  const files = [...inTree, ...generated.map((path) => (path === autoconf ? header : undefined))]
  return {
    objects: new Map(
      objects.map(([object, numbers]) => [object, numbers.flatMap((number) => files[number] ?? [])]),
    ),
    texts: new Map([[header, autoconfText(options)]]),
  }
}

async function insideTree(source: string, path: string): Promise<string | undefined> {
  const file = join(source, path)
  try {
    const target = await realpath(file)
    return target.startsWith(`${source}/`) && (await stat(target)).isFile() ? file : undefined
  } catch {
    return undefined
  }
}

/** What Kconfig writes for these options. */
function autoconfText(options: ConfigOptions): string {
  return [...options]
    .filter(([, value]) => value !== 'n')
    .map(([name, value]) => {
      if (value === 'm') return `#define ${name}_MODULE 1\n`
      return `#define ${name} ${value === 'y' ? '1' : value}\n`
    })
    .join('')
}
