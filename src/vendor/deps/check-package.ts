import { formatCrc } from '../../abi/export.ts'
import type { JoinedTables } from '../../abi/join-tables.ts'
import type { KernelModule } from '../../module/kernel-module.ts'
import type { RpmDependency, RpmPackage } from '../../module/rpm/rpm-package.ts'
import { dependencyText, isEqual, symbolDependency, type SymbolDependency } from './symbol-dependency.ts'

/** What a kernel and the packages that are installed with it give. */
interface Offer {
  /** The exports of the kernel by name. */
  readonly kernel: ReadonlyMap<string, number>
  /** The exports of modules that are installed beside it, by name. */
  readonly beside: ReadonlyMap<string, ReadonlySet<number>>
  /** `kernel(rhel5_mm_ga) = d5ed…`, where the kernel has groups and they are known. */
  readonly groups: ReadonlySet<string> | undefined
  /** What the modules of all packages export, by name. */
  readonly modules: ReadonlyMap<string, ReadonlySet<number>>
  /** What the packages say that they provide, as text. */
  readonly provided: ReadonlySet<string>
}

/** A module with the checksums of its exports, which other modules are built against. */
export interface CheckedModule {
  /** Where it is in its package or on its disk. */
  readonly path: string
  readonly module: KernelModule
  readonly exports: ReadonlyMap<string, number>
}

/** Why something that is needed is not there. */
export interface Unmet {
  /** The symbol, or the dependency as text. */
  readonly name: string
  readonly kind: 'missing' | 'changed' | 'unknown-group' | 'not-understood'
  /** The checksum that is needed and the one that is there, for `changed`. */
  readonly needed: string | undefined
  readonly found: string | undefined
}

export interface ModuleCheck {
  readonly path: string
  readonly release: string | undefined
  readonly imports: number
  readonly unmet: readonly Unmet[]
}

export interface PackageCheck {
  readonly file: string
  readonly label: string
  /** The kernel releases that its modules were built for. */
  readonly releases: readonly string[]
  /** What it says to the installer of a distribution: `kernel-modules >= 5.14.0`. */
  readonly forInstaller: readonly string[]
  /** How many dependencies on symbols it has. */
  readonly dependencies: number
  /** Dependencies on symbols that none of its modules imports with that checksum; not known of groups. */
  readonly obsolete: readonly string[]
  /** How many symbols its modules need of others, where the package asks for no symbol and no kernel: then it fails. */
  readonly unasked: number
  readonly unmet: readonly Unmet[]
  readonly modules: readonly ModuleCheck[]
}

/** Tells which dependencies of a package, and which imports of its modules, an offer does not meet. */
export function checkPackage(
  file: string,
  { label, requires, provides }: RpmPackage,
  modules: readonly CheckedModule[],
  offer: Offer,
): PackageCheck {
  const needed = new Map(
    requires.flatMap((one) => {
      const dependency = symbolDependency(one)
      return dependency ? [[dependency.text, dependency] as const] : []
    }),
  )
  return {
    file,
    label,
    releases: releasesOf(modules),
    forInstaller: provides.filter(({ name }) => name === 'kernel-modules').map(dependencyText),
    dependencies: needed.size,
    obsolete: modules.length === 0 ? [] : obsoleteOf([...needed.values()], modules),
    unasked: needed.size > 0 || requires.some(isOneKernel) ? 0 : neededOfOthers(modules),
    unmet: [...needed.values()].flatMap((one) => unmetDependency(one, offer) ?? []),
    modules: modules.map((one) => checkAgainst(one, offer)),
  }
}

/** Whether a package would not install or not load, or install where it does not load. */
export function wouldNotLoad({ unasked, unmet, modules }: PackageCheck): boolean {
  return unasked > 0 || unmet.length > 0 || modules.some((one) => one.unmet.length > 0)
}

function obsoleteOf(
  dependencies: readonly SymbolDependency[],
  modules: readonly CheckedModule[],
): readonly string[] {
  const imports = modules.flatMap(({ module }) => module.imports)
  const symbols = new Set(imports.map(({ symbol }) => symbol))
  const versions = new Set(imports.map(({ symbol, crc }) => `${symbol}:${crc ?? ''}`))
  return dependencies
    .filter((one) => {
      if (one.kind !== 'symbol') return false
      return one.crc === undefined ? !symbols.has(one.name) : !versions.has(`${one.name}:${one.crc}`)
    })
    .map(({ text }) => text)
    .sort()
}

function neededOfOthers(modules: readonly CheckedModule[]): number {
  const own = new Set(modules.flatMap(({ module }) => [...module.exports]))
  const imports = modules.flatMap(({ module }) => module.imports.map(({ symbol }) => symbol))
  return new Set(imports.filter((symbol) => !own.has(symbol))).size
}

/** `kernel-uname-r = 5.14.0-70.el9.x86_64`, `kernel = 5.14.0-70.el9`: a package that is for one kernel and no other. */
function isOneKernel({ name, flags, version }: RpmDependency): boolean {
  return /^kernel(?:-[a-z][a-z0-9-]*)?(?:\([a-z0-9-]+\))?$/.test(name) && isEqual(flags) && version !== ''
}

/** Tells which imports of a module an offer does not meet. */
export function checkAgainst(checked: CheckedModule, { kernel, beside, modules }: Offer): ModuleCheck {
  const { path, module } = checked
  const unmet = module.imports.flatMap(({ symbol, crc }): Unmet[] => {
    const own = kernel.get(symbol)
    const others = [beside, modules].flatMap((offered) => [...(offered.get(symbol) ?? [])])
    if (own === undefined && others.length === 0) return [missing(symbol)]
    if (crc === undefined || own === crc || others.includes(crc)) return []
    return [changed(symbol, crc, own ?? others[0])]
  })
  return { path, release: releaseOf(checked), imports: module.imports.length, unmet: unmet.sort(byName) }
}

/** The offer of a kernel, and what is installed beside it, together with packages and modules. */
export function offerOf(
  tables: Pick<JoinedTables, 'kernel' | 'beside'>,
  groups: readonly string[] | undefined,
  packages: readonly RpmPackage[],
  modules: readonly CheckedModule[],
): Offer {
  const kernel = new Map(tables.kernel.map(({ symbol, crc }) => [symbol, crc]))
  const beside = checksumsByName(tables.beside.map(({ symbol, crc }) => [symbol, crc]))
  const exported = checksumsByName(modules.flatMap(({ exports }) => [...exports]))
  const provided = new Set(packages.flatMap(({ provides }) => provides.map(dependencyText)))
  return { kernel, beside, groups: groups && new Set(groups), modules: exported, provided }
}

function checksumsByName(
  pairs: readonly (readonly [symbol: string, crc: number])[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>()
  for (const [symbol, crc] of pairs) found.set(symbol, (found.get(symbol) ?? new Set()).add(crc))
  return found
}

function unmetDependency(dependency: SymbolDependency, offer: Offer): Unmet | undefined {
  const { text, name } = dependency
  const { kernel, beside, groups, provided } = offer
  if (provided.has(text)) return undefined
  switch (dependency.kind) {
    case 'other':
      return { ...missing(text), kind: 'not-understood' }
    case 'group': {
      const line = `kernel(${name}) = ${dependency.hash}`
      if (!groups) return { ...missing(text), kind: 'unknown-group' }
      if (groups.has(line)) return undefined
      const start = `kernel(${name}) = `
      const now = [...groups].find((one) => one.startsWith(start))?.slice(start.length)
      return now === undefined
        ? missing(text)
        : { name: text, kind: 'changed', needed: dependency.hash, found: now }
    }
    case 'symbol': {
      const now = kernel.get(name)
      // A kernel package provides what is its own; ksym() is also SUSE's word for that.
      const others = dependency.capability === 'ksym' ? [...(beside.get(name) ?? [])] : []
      if (now === undefined && others.length === 0) return missing(text)
      const { crc } = dependency
      if (crc === undefined || crc === now || others.includes(crc)) return undefined
      return changed(text, crc, now ?? others[0])
    }
  }
}

function byName(a: Unmet, b: Unmet): number {
  return a.name < b.name ? -1 : 1
}

function missing(name: string): Unmet {
  return { name, kind: 'missing', needed: undefined, found: undefined }
}

function changed(name: string, needed: number, found: number | undefined): Unmet {
  return {
    name,
    kind: 'changed',
    needed: formatCrc(needed),
    found: found === undefined ? undefined : formatCrc(found),
  }
}

function releasesOf(modules: readonly CheckedModule[]): readonly string[] {
  return [...new Set(modules.flatMap((one) => releaseOf(one) ?? []))].sort()
}

/** The kernel release that a module says it was built for, else the one whose folder it is in. */
function releaseOf({ path, module }: CheckedModule): string | undefined {
  return module.info.vermagic?.split(' ')[0] ?? /(?:^|\/)lib\/modules\/([^/]+)\//.exec(path)?.[1]
}
