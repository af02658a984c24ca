import { basename, join } from 'node:path'
import { readText } from '../io/read-text.ts'
import { variantNames, type FoundList } from './find-lists.ts'
import { optionsOfElsewhere } from './kernel-config-plan.ts'
import { layouts, type ConfigPlace } from './layouts.ts'
import { matchPattern, sameVariant, type Folders, type Match } from './match-pattern.ts'
import type { TreeConfig, TreeVariant } from './tree-facts.ts'

interface FoundConfig {
  readonly who: string
  readonly match: Match
  readonly place: ConfigPlace
  /** What the file says; empty for a default configuration. */
  readonly text: string
}

/**
 * The kernels of a distribution: every configuration and every list that was found, put together where both speak of one variant.
 * Those of this machine come first, then those with a list.
 */
export async function findVariants(
  folder: string,
  folders: Folders,
  found: readonly FoundList[],
  node: string,
): Promise<readonly TreeVariant[]> {
  const configs = await configsIn(folder, folders)
  const lists = found.filter(({ kind }) => kind !== 'symbols')
  const named = variantNames([...configs, ...lists].map(({ match }) => match))
  const made = (match: Match, who: string, config: TreeConfig, list?: FoundList): TreeVariant => ({
    name: named(match),
    arch: match.machine.arch,
    crossCompile: match.machine.node === node ? undefined : match.machine.crossCompile,
    config,
    list: list && { path: list.match.path, checksums: list.checksums },
    who,
  })
  const withList = lists.map((list) => made(list.match, list.who, configFor(list.match, configs), list))
  const alone = configs
    .filter(({ match }) => !lists.some((list) => sameVariant(list.match, match)))
    .map(({ match, who }) => made(match, who, configFor(match, configs)))
  return inOrder([...withList, ...alone])
}

/** Of two variants of one name, such as a list in two places, the first counts. */
function inOrder(variants: readonly TreeVariant[]): readonly TreeVariant[] {
  const rank = ({ crossCompile, list, name }: TreeVariant): number =>
    (crossCompile === undefined ? 0 : 4) + (list ? 0 : 2) + (/^ext\d|debug|fedora|vanilla/.test(name) ? 1 : 0)
  return variants
    .filter(({ name }, index) => variants.findIndex((one) => one.name === name) === index)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

async function configsIn(folder: string, folders: Folders): Promise<readonly FoundConfig[]> {
  const found: FoundConfig[] = []
  for (const { who, configs } of layouts) {
    for (const place of configs) {
      for (const match of await matchPattern(folders, place.path, place.arch)) {
        if (found.some((one) => one.match.path === match.path || sameVariant(one.match, match))) continue
        const text = place.kind === 'defconfig' ? '' : (await readText(join(folder, match.path))).value
        // RHEL keeps an empty file for a kernel that it does not build.
        if (place.kind !== 'defconfig' && !/^CONFIG_\w+=/m.test(text)) continue
        found.push({ who, match, place, text })
      }
    }
  }
  return found
}

/** A variant's own configuration, or that of the plain kernel of its architecture. */
function configFor(match: Match, configs: readonly FoundConfig[]): TreeConfig {
  const own = configs.find((one) => sameVariant(one.match, match))
  const plain = configs.find(
    (one) =>
      one.match.machine === match.machine &&
      one.match.release === match.release &&
      ['', 'default', 'generic'].includes(one.match.flavour),
  )
  const config = own ?? plain
  if (!config) return { kind: 'none' }
  const { place, text } = config
  const { path } = config.match
  if (place.kind === 'defconfig')
    return { kind: 'defconfig', name: basename(path), path, llvm: place.llvm === true }
  const base = basisOf(config, configs)
  return {
    kind: 'file',
    path: base?.match.path ?? path,
    fragment: base && path,
    set: neededOptions(`${base?.text ?? ''}${text}`),
    borrowed: own === undefined,
  }
}

/** What the configuration has to set besides: without checksums there is nothing to compare. */
function neededOptions(text: string): readonly (readonly [option: string, value: string])[] {
  const modversions = /^CONFIG_MODVERSIONS=y$/m.test(text) ? [] : [['MODVERSIONS', 'y'] as const]
  return [...modversions, ...optionsOfElsewhere(text)]
}

/** What a file with differences differs from: such a file lacks the title that Kconfig gives a complete one. */
function basisOf(
  { place, match, text }: FoundConfig,
  configs: readonly FoundConfig[],
): FoundConfig | undefined {
  if (
    place.over === undefined ||
    match.flavour === place.over ||
    /Kernel Configuration/i.test(text.slice(0, 4096))
  )
    return undefined
  return configs.find(
    (one) => one.match.arch === match.arch && one.match.flavour === place.over && one.place === place,
  )
}
