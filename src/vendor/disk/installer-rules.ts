import { compareRpmVersions } from '../../module/rpm/compare-versions.ts'
import type { RpmDependency, RpmPackage } from '../../module/rpm/rpm-package.ts'
import type { CheckedModule } from '../deps/check-package.ts'
import type { OpenedPackage } from '../deps/open-packages.ts'

/*
 * What Fedora's and RHEL's installer takes from a driver update disk. Source of the rules: dracut/dd and dracut/driver_updates.py of
 * anaconda, and its docs/developer/driverdisc.rst; docs/packages.md says which of them.
 */

/** Why the installer does not use a package, or something in it, whatever kernel it runs. */
export type InstallerFault =
  /** It provides neither `kernel-modules` nor what programs for the installer provide. */
  | { readonly kind: 'no-provides' }
  /** It provides `kernel-modules` without a version, which no kernel matches. */
  | { readonly kind: 'no-version' }
  | { readonly kind: 'other-arch'; readonly arch: string }
  | { readonly kind: 'module-arch'; readonly path: string; readonly arch: string }
  /** A module that is not below `lib/modules`: unpacked, but not loaded. */
  | { readonly kind: 'module-place'; readonly path: string }
  /** The package lies deeper than `rpms/<arch>/`, or is hidden. */
  | { readonly kind: 'package-place' }

/** Modules of which the installer keeps one, because it puts them all in the same place. */
export interface Clash {
  /** Below `/lib/modules/<release>/updates/`. */
  readonly place: string
  /** `kmod-igb-1.0-1.x86_64: lib/modules/5.14.0-70.el9.x86_64/extra/igb.ko`. */
  readonly modules: readonly string[]
}

/** The version that the installer calls itself, of whatever release it is. */
const installerVersion = '19.0'

/** Tells what keeps the installer from using a package for one architecture, in the order in which it would find out. */
export function installerFaults(
  one: Pick<OpenedPackage, 'file' | 'package' | 'modules'>,
  arch: string,
): readonly InstallerFault[] {
  const {
    file,
    package: { arch: own, provides },
    modules,
  } = one
  const forKernels = kernelModules(provides)
  return [
    ...(isFound(file) ? [] : [{ kind: 'package-place' } as const]),
    ...(forKernels.length > 0 || helpsInstaller(one) ? [] : [{ kind: 'no-provides' } as const]),
    ...(forKernels.length > 0 && !forKernels.some(({ version }) => version !== '')
      ? [{ kind: 'no-version' } as const]
      : []),
    ...(own === 'noarch' || isFor(own, arch) ? [] : [{ kind: 'other-arch', arch: own } as const]),
    ...modules.flatMap(({ path, module }): readonly InstallerFault[] => [
      ...(isFor(module.arch, arch) ? [] : [{ kind: 'module-arch', path, arch: module.arch } as const]),
      ...(path.startsWith(moduleFolder) ? [] : [{ kind: 'module-place', path } as const]),
    ]),
  ]
}

/** Whether the installer that runs a kernel takes modules and firmware from a package. */
export function isTakenFor(release: string, { provides }: Pick<RpmPackage, 'provides'>): boolean {
  return kernelModules(provides).some((one) => matches(release, one) || isOfFirstReleases(one))
}

/** Whether a package is for the installer itself, and taken whatever kernel it runs. */
export function helpsInstaller({
  package: { provides },
  modules,
}: Pick<OpenedPackage, 'package' | 'modules'>): boolean {
  return modules.length === 0 && provides.some(isEnhancement)
}

/**
 * The places that several modules would get. The folder of the release that a module was built for is not kept: all go to
 * `/lib/modules/<release>/updates`, whatever release that is.
 */
export function clashesOf(
  packages: readonly { readonly label: string; readonly modules: readonly CheckedModule[] }[],
): readonly Clash[] {
  const found = new Map<string, string[]>()
  for (const { label, modules } of packages) {
    for (const { path } of modules) {
      const place = placeOf(path)
      found.set(place, [...(found.get(place) ?? []), `${label}: ${path}`])
    }
  }
  return [...found].flatMap(([place, modules]) => (modules.length > 1 ? [{ place, modules }] : []))
}

const moduleFolder = 'lib/modules/'

function kernelModules(provides: RpmPackage['provides']): readonly RpmDependency[] {
  return provides.filter(({ name }) => name === 'kernel-modules')
}

function isEnhancement(one: RpmDependency): boolean {
  return one.name === 'installer-enhancement' && matches(installerVersion, one)
}

/** Whether a version is one of those that a dependency allows: the whole text is compared, `5.14.0-70.el9.x86_64` too. */
function matches(version: string, { flags, version: asked }: RpmDependency): boolean {
  const order = compareRpmVersions(version, asked)
  return (flags & (order < 0 ? less : order > 0 ? greater : equal)) !== 0
}

const less = 2
const greater = 4
const equal = 8

/** Disks of RHEL 6.0 and 6.1 are taken by every installer. */
function isOfFirstReleases({ version }: RpmDependency): boolean {
  return version.startsWith('2.6.32-131') || version.startsWith('2.6.32-71')
}

/** What is not on a disk stands for a package at the right place. */
function isFound(file: string): boolean {
  return !file.startsWith('rpms/') || /^rpms\/[^/]+\/[^/.][^/]*$/.test(file)
}

/** Names of packages and of machines for one name of `uname -m`. */
const families: Readonly<Record<string, readonly string[]>> = {
  i686: ['i386', 'i486', 'i586', 'i686'],
  armv7l: ['armv7l', 'armv7hl', 'armv7hnl'],
}

function isFor(own: string, arch: string): boolean {
  return own === arch || (families[arch]?.includes(own) ?? false)
}

function placeOf(path: string): string {
  const inside = path.slice(path.startsWith(moduleFolder) ? moduleFolder.length : 0)
  return /^\d/.test(inside) ? inside.replace(/^[^/]+\//, '').replace(/^kernel\//, '') : inside
}
