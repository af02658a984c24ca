import type { JoinedTables } from '../../abi/join-tables.ts'
import { checkPackage, offerOf, wouldNotLoad, type PackageCheck } from '../deps/check-package.ts'
import type { OpenedPackage } from '../deps/open-packages.ts'
import { dependencyText } from '../deps/symbol-dependency.ts'
import {
  clashesOf,
  helpsInstaller,
  installerFaults,
  isTakenFor,
  type Clash,
  type InstallerFault,
} from './installer-rules.ts'

/** A kernel that a disk is for. */
export interface DiskKernel {
  /** As `uname -r` says it. */
  readonly release: string
  /** The files that its exports were read from. */
  readonly symvers: readonly string[]
  readonly tables: Pick<JoinedTables, 'kernel' | 'beside'>
}

/** What the installer that runs a kernel would do with the packages of a disk. */
export interface KernelCheck {
  readonly release: string
  readonly symvers: readonly string[]
  /** The packages that it takes. */
  readonly packages: readonly PackageCheck[]
  readonly clashes: readonly Clash[]
}

/** Why a disk is not made of the given packages. */
export type Refusal =
  | { readonly kind: 'passed-over'; readonly package: string; readonly fault: InstallerFault }
  /** It is for none of the kernels. */
  | { readonly kind: 'other-kernel'; readonly package: string; readonly provided: readonly string[] }
  /** The check of the kernel says which symbols. */
  | { readonly kind: 'would-not-load'; readonly package: string; readonly release: string }
  | { readonly kind: 'clash'; readonly release: string; readonly clash: Clash }
  /** No package has a module for that kernel. */
  | { readonly kind: 'nothing'; readonly release: string }

export interface DiskVerdict {
  readonly kernels: readonly KernelCheck[]
  /** None for a disk that may be made. */
  readonly refusals: readonly Refusal[]
}

/**
 * Decides whether packages make a driver update disk for kernels: each is taken by the installer of one of them at least, and where it
 * is taken it would install and load, beside the others that are.
 */
export function judgeDisk(
  packages: readonly OpenedPackage[],
  arch: string,
  kernels: readonly DiskKernel[],
): DiskVerdict {
  const checks = kernels.map((kernel) => checkKernel(packages, kernel))
  return {
    kernels: checks.map(({ check }) => check),
    refusals: [
      ...packages.flatMap((one) => refusalsOf(one, arch, kernels)),
      ...checks.flatMap(({ check, modules }) => refusalsFor(check, modules)),
    ],
  }
}

function checkKernel(
  packages: readonly OpenedPackage[],
  { release, symvers, tables }: DiskKernel,
): { readonly check: KernelCheck; readonly modules: number } {
  const taken = packages.filter((one) => isTakenFor(release, one.package))
  const modules = taken.flatMap((one) => one.modules)
  // RHEL 5, which had groups, knew no such disks: nothing provides one.
  const offer = offerOf(
    tables,
    [],
    taken.map((one) => one.package),
    modules,
  )
  const check = {
    release,
    symvers,
    packages: taken.map((one) => checkPackage(one.file, one.package, one.modules, offer)),
    clashes: clashesOf(taken.map((one) => ({ label: one.package.label, modules: one.modules }))),
  }
  return { check, modules: modules.length }
}

function refusalsOf(one: OpenedPackage, arch: string, kernels: readonly DiskKernel[]): readonly Refusal[] {
  const { label, provides } = one.package
  const faults = installerFaults(one, arch)
  const passed = faults.map((fault): Refusal => ({ kind: 'passed-over', package: label, fault }))
  const never = faults.some(({ kind }) => kind === 'no-provides' || kind === 'no-version')
  const taken = helpsInstaller(one) || kernels.some(({ release }) => isTakenFor(release, one.package))
  if (never || taken) return passed
  const provided = provides.filter(({ name }) => name === 'kernel-modules').map(dependencyText)
  return [...passed, { kind: 'other-kernel', package: label, provided }]
}

function refusalsFor({ release, packages, clashes }: KernelCheck, modules: number): readonly Refusal[] {
  return [
    ...packages
      .filter(wouldNotLoad)
      .map(({ label }): Refusal => ({ kind: 'would-not-load', package: label, release })),
    ...clashes.map((clash): Refusal => ({ kind: 'clash', release, clash })),
    ...(modules === 0 ? [{ kind: 'nothing', release } as const] : []),
  ]
}
