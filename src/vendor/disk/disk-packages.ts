import { basename } from 'node:path'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { openPackageFile, type OpenedPackage } from '../deps/open-packages.ts'

/** A package for a disk: the file it is read from, and what is in it, by its place on the disk. */
export interface DiskPackage {
  readonly source: string
  readonly opened: OpenedPackage
}

/**
 * Reads the packages of which a disk for one architecture is to be made, in the order of their names.
 *
 * Problems: `usage` for names that a disk cannot have, or has twice; those of reading a package.
 */
export async function readDiskPackages(
  sources: readonly string[],
  arch: string,
): Promise<Read<readonly DiskPackage[]>> {
  const packages: DiskPackage[] = []
  const problems: Problem[] = []
  const names = new Map<string, string>()
  for (const source of sources) {
    const name = basename(source)
    const other = names.get(name)
    names.set(name, source)
    if (!/^\w[\w.+~^-]*\.rpm$/.test(name)) {
      problems.push(
        badName(source, 'is no name of a package: letters, digits and . _ + ~ ^ - with .rpm at the end'),
      )
    } else if (other !== undefined) {
      problems.push(badName(source, `has the name of another package, ${quote(other)}`))
    } else {
      const read = await openPackageFile(source)
      problems.push(...read.problems)
      if (read.value) packages.push({ source, opened: { ...read.value, file: `rpms/${arch}/${name}` } })
    }
  }
  return { value: packages.sort((a, b) => (a.opened.file < b.opened.file ? -1 : 1)), problems }
}

function badName(file: string, what: string): Problem {
  return {
    kind: 'usage',
    message: `${quote(file)} ${what}.`,
    place: { file },
    advice: 'Give each package once, under the name that rpmbuild gave it.',
  }
}
