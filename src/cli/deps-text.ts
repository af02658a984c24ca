import { createColors } from 'picocolors'
import type { ModuleCheck, PackageCheck, Unmet } from '../vendor/deps/check-package.ts'
import type { TargetCheck } from '../vendor/deps/check-deps.ts'
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

/** A package fails with a dependency of its own or an import of one of its modules. */
export function depsTotals(targets: readonly TargetCheck[]): DepsTotals {
  const packages = targets.flatMap((target) => target.packages)
  const loose = targets.flatMap((target) => target.modules)
  return {
    packages: packages.length,
    modules: loose.length + packages.reduce((sum, { modules }) => sum + modules.length, 0),
    failing: packages.filter(packageFails).length + loose.filter(({ unmet }) => unmet.length > 0).length,
  }
}

function packageFails({ unasked, unmet, modules }: PackageCheck): boolean {
  return unasked > 0 || unmet.length > 0 || modules.some((one) => one.unmet.length > 0)
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
    ...packages.map((one) => packageLines(one, disk !== undefined)),
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
  const or = anywhere ? ', or would install on any' : ''
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

function packageLines(check: PackageCheck, onDisk: boolean): readonly string[] {
  const { file, label, releases, forInstaller, modules } = check
  const installer =
    forInstaller.length === 0
      ? 'the installer passes it over: it does not provide kernel-modules'
      : `for the installer: ${forInstaller.map((one) => printable(one)).join(', ')}`
  return [
    `${printable(label)}${builtFor(releases)}`,
    `  ${printable(file)}`,
    ...(onDisk ? [`  ${installer}`] : []),
    ...dependencyLines(check),
    ...modules.flatMap((one) => [`  ${printable(one.path)}`, ...moduleLines(one)]),
  ]
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
