import type { JoinedTables } from '../../abi/join-tables.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { withoutLinks } from '../../io/without-links.ts'
import { installerFaults, type InstallerFault } from '../disk/installer-rules.ts'
import { checkAgainst, checkPackage, offerOf, type ModuleCheck, type PackageCheck } from './check-package.ts'
import { openTarget, type Opened } from './open-packages.ts'

interface DepsQuestion {
  /** Packages, images of driver disks, and folders of such disks. */
  readonly paths: readonly string[]
  readonly tables: Pick<JoinedTables, 'kernel' | 'beside'>
  /** The lines of the kernel's groups, where it has some. */
  readonly groups: readonly string[] | undefined
  /** The folder below `rpms/` of a driver disk. */
  readonly arch: string | undefined
}

export interface TargetPackage extends PackageCheck {
  /** Why the installer would not use it; nothing where it is not on a driver disk. */
  readonly passedOver: readonly InstallerFault[]
}

/** What was found out about one of the paths. */
export interface TargetCheck {
  readonly file: string
  /** Of a driver disk. */
  readonly disk: Opened['disk']
  readonly packages: readonly TargetPackage[]
  /** Modules outside of packages. */
  readonly modules: readonly ModuleCheck[]
}

/**
 * Tells whether packages, and what is on driver disks, would install and load on a kernel, all of them together: what
 * one provides another may need. A link to another of the paths counts for nothing.
 *
 * Problems: `unreadable` and `unversioned-module` for what could not be read, `usage` for a disk of several
 * architectures when none was named.
 */
export async function checkDeps(question: DepsQuestion): Promise<Read<readonly TargetCheck[]>> {
  const opened: Opened[] = []
  const problems: Problem[] = []
  const { kept } = await withoutLinks(question.paths, (path) => path)
  for (const path of kept) {
    const read = await openTarget(path, question.arch)
    problems.push(...read.problems)
    if (read.value) opened.push(read.value)
  }
  const packages = opened.flatMap((one) => one.packages)
  const modules = [...packages, ...opened].flatMap((one) => one.modules)
  const offer = offerOf(
    question.tables,
    question.groups,
    packages.map((one) => one.package),
    modules,
  )
  const value = opened.map((target): TargetCheck => ({
    file: target.file,
    disk: target.disk,
    packages: target.packages.map((one) => ({
      ...checkPackage(one.file, one.package, one.modules, offer),
      passedOver: target.disk?.arch === undefined ? [] : installerFaults(one, target.disk.arch),
    })),
    modules: target.modules.map((one) => checkAgainst(one, offer)),
  }))
  return { value, problems }
}
