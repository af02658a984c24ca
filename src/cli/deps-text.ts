import { createColors } from 'picocolors'
import {
  wouldNotLoad,
  type ModuleCheck,
  type PackageCheck,
  type Unmet,
} from '../vendor/deps/check-package.ts'
import type { TargetCheck, TargetPackage } from '../vendor/deps/check-deps.ts'
import type { InstallerFault } from '../vendor/disk/installer-rules.ts'
import { printable } from '../report/escape.ts'
import { counted } from '../report/words.ts'

/** Lines about one package or module before the rest is only counted. */
const mostUnmet = 10

/** How many packages and modules do not fit the kernel. */
interface DepsTotals {
  readonly packages: number
  readonly modules: number
  readonly failing: number
}

/** A package fails with a dependency of its own, an import of one of its modules, or where no installer would take it from its disk. */
export function depsTotals(targets: readonly TargetCheck[]): DepsTotals {
  const packages = targets.flatMap((target) => target.packages)
  const loose = targets.flatMap((target) => target.modules)
  return {
    packages: packages.length,
    modules: loose.length + packages.reduce((sum, { modules }) => sum + modules.length, 0),
    failing: packages.filter(packageFails).length + loose.filter(({ unmet }) => unmet.length > 0).length,
  }
}

function packageFails(one: TargetPackage): boolean {
  return one.passedOver.length > 0 || wouldNotLoad(one)
}

/** What a person at a terminal reads of `deps check`. */
export function renderDeps(
  targets: readonly TargetCheck[],
  symvers: string,
  { color }: { readonly color: boolean },
): string {
  const paint = createColors(color)
  const blocks = targets.flatMap(({ file, disk, packages, modules }) => [
    ...(disk ? [diskLines(file, disk.description, disk.arch)] : []),
    ...packages.map((one) => packageLines(one, disk && one.passedOver)),
    ...modules.map((one) => [
      `${printable(one.path)}${builtFor(one.release === undefined ? [] : [one.release])}`,
      ...moduleLines(one),
    ]),
  ])
  const { packages, modules, failing } = depsTotals(targets)
  const what = [
    ...(packages > 0 ? [counted(packages, 'package')] : []),
    ...(modules > 0 ? [counted(modules, 'module')] : []),
  ].join(' with ')
  const kernel = `the kernel of ${printable(symvers)}`
  const anywhere = targets.some((target) => target.packages.some(({ unasked }) => unasked > 0))
  const passed = targets.some((target) => target.packages.some(({ passedOver }) => passedOver.length > 0))
  const or =
    (anywhere ? ', or would install on any' : '') + (passed ? ', or the installer would not use them' : '')
  const end =
    failing === 0
      ? `${paint.green('PASS')}: ${what} would install and load on ${kernel}`
      : `${paint.red('BREAK')}: ${failing} of ${what} would not install or load on ${kernel}${or}`
  return [...blocks, [end]].map((lines) => lines.join('\n') + '\n').join('\n')
}

function diskLines(file: string, description: string, arch: string | undefined): readonly string[] {
  const of = arch === undefined ? '' : `, rpms/${printable(arch)}`
  return [`Driver disk ${printable(file)}${of}: ${printable(description, 200)}`]
}

/**
 * What `deps check` prints about one package.
 * @param passedOver why the installer would not use it; undefined for a package that is not on a driver disk
 */
export function packageLines(
  check: PackageCheck,
  passedOver: readonly InstallerFault[] | undefined,
): readonly string[] {
  const { file, label, releases, modules } = check
  return [
    `${printable(label)}${builtFor(releases)}`,
    `  ${printable(file)}`,
    ...(passedOver ? installerLines(check, passedOver) : []),
    ...dependencyLines(check),
    ...modules.flatMap((one) => [`  ${printable(one.path)}`, ...moduleLines(one)]),
  ]
}

function installerLines(
  { forInstaller }: Pick<PackageCheck, 'forInstaller'>,
  passedOver: readonly InstallerFault[],
): readonly string[] {
  if (passedOver.length > 0) return passedOver.map((one) => `  ${faultText(one)}`)
  return forInstaller.length === 0
    ? ['  for the installer itself']
    : [`  for the installer: ${forInstaller.map((one) => printable(one)).join(', ')}`]
}

/** A fault as a sentence without capital and full stop. */
export function faultText(fault: InstallerFault): string {
  switch (fault.kind) {
    case 'no-provides':
      return 'the installer passes it over: it does not provide kernel-modules'
    case 'no-version':
      return 'the installer passes it over: it provides kernel-modules without a version, which fits no kernel'
    case 'other-arch':
      return `the package is for another architecture: ${printable(fault.arch)}`
    case 'module-arch':
      return `${printable(fault.path)} is for another architecture: ${printable(fault.arch)}`
    case 'module-place':
      return `the installer does not load ${printable(fault.path)}: it is not below /lib/modules`
    case 'package-place':
      return 'the installer does not see it: it looks for packages in rpms/<arch>, and not in folders below or for hidden files'
  }
}

function dependencyLines({ dependencies, obsolete, unasked, unmet }: PackageCheck): readonly string[] {
  if (unasked > 0) {
    const needs = `its modules need ${counted(unasked, 'symbol')}, the package asks for none`
    return [`  ${needs}: rpm would install it anywhere`]
  }
  const left = obsolete.length - mostUnmet
  return [
    unmet.length === 0
      ? `  ${counted(dependencies, 'symbol')} required, all there`
      : `  would not install: ${unmet.length} of ${counted(dependencies, 'required symbol')} not there`,
    ...unmetLines(unmet),
    ...(obsolete.length === 0
      ? []
      : [`  obsolete: ${counted(obsolete.length, 'required symbol')} that none of its modules needs`]),
    ...obsolete.slice(0, mostUnmet).map((text) => `    ${printable(text)}`),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ]
}

function builtFor(releases: readonly string[]): string {
  return releases.length === 0 ? '' : `, built for ${releases.map((one) => printable(one)).join(', ')}`
}

function moduleLines({ imports, unmet }: ModuleCheck): readonly string[] {
  return unmet.length === 0
    ? [`    ${counted(imports, 'symbol')}, all there`]
    : [`    would not load: ${unmet.length} of ${counted(imports, 'symbol')}`, ...unmetLines(unmet)]
}

function unmetLines(unmet: readonly Unmet[]): readonly string[] {
  const left = unmet.length - mostUnmet
  return [
    ...unmet.slice(0, mostUnmet).map((one) => `    ${printable(one.name)}  ${why(one)}`),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ]
}

function why({ name, kind, needed = 'another', found = 'none' }: Unmet): string {
  switch (kind) {
    case 'missing':
      return 'missing'
    case 'changed':
      // A dependency as text has the checksum already.
      return name.endsWith(needed) ? `the kernel has ${found}` : `needs ${needed}, the kernel has ${found}`
    case 'unknown-group':
      return 'a group of symbols: give its list with --whitelist'
    case 'not-understood':
      return 'not understood, so not known to be met'
  }
}
