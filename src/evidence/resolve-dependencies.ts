import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigOptions, Evidence } from '../abi/evidence.ts'
import { autoconf } from './dependencies.ts'
import { openDependencies } from './open-dependencies.ts'

/**
 * Adds to evidence from another machine what the objects of some symbols read, as far as that is found in a kernel tree on
 * this one. Only regular files that really lie in the tree are taken. Of the generated ones only the configuration's
 * header is, made again from the options. Other evidence is given back as it is.
 * @param source the kernel tree, an absolute path without symbolic links
 */
export async function resolveDependencies(
  evidence: Evidence,
  symbols: ReadonlySet<string>,
  source: string,
): Promise<Evidence> {
  const { build, variant } = evidence
  const sent = build?.sent?.dependencies
  const dependencies = sent && (await openDependencies(sent)).value
  if (!build?.objects || !dependencies) return evidence
  const { tree, generated, objects } = dependencies
  const wanted = new Set(
    [...build.objects].flatMap(([object, { exports }]) =>
      exports.some((symbol) => symbols.has(symbol)) ? [object] : [],
    ),
  )
  // Under a device, no file of this name can exist.
  const header = `/dev/null/${variant}/${autoconf}`
  const headerNumber = tree.length + generated.indexOf(autoconf)
  const found = new Map<number, string | undefined>(
    headerNumber < tree.length ? [] : [[headerNumber, header]],
  )
  const known = new Map(build.objects)
  for (const [object, numbers] of objects) {
    const record = known.get(object)
    if (!record || !wanted.has(object)) continue
    const files: string[] = []
    for (const number of numbers) {
      const path = tree[number]
      if (!found.has(number) && path !== undefined) found.set(number, await insideTree(source, path))
      const file = found.get(number)
      if (file !== undefined) files.push(file)
    }
    known.set(object, { ...record, dependencies: files })
  }
  const texts = new Map([[header, autoconfText(build.options)]])
  return { ...evidence, build: { ...build, objects: known, texts } }
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
