import type { DiskPackage } from '../vendor/disk/disk-packages.ts'
import { archOfRelease } from '../vendor/installed-kernel.ts'
import { andMore } from '../report/words.ts'
import { UsageError } from './usage-error.ts'

/**
 * The releases of `--for`, which become parts of paths.
 * @throws UsageError for what is no release, is named twice, or is of another architecture
 */
export function diskReleases(text: string, arch: string): readonly string[] {
  const releases = text.split(',')
  for (const [index, release] of releases.entries()) {
    if (!/^\d[\w.+~-]*$/.test(release)) {
      throw new UsageError(`--for has "${release}", which is no kernel release`, 'Give what uname -r prints.')
    }
    if (releases.indexOf(release) < index)
      throw new UsageError(`--for names ${release} twice`, 'Name it once.')
    const own = archOfRelease(release)
    if (own !== undefined && own !== arch) {
      throw new UsageError(
        `--for names ${release}, which is no kernel for --arch ${arch}`,
        'Make a disk for each architecture.',
      )
    }
  }
  return releases
}

/** @throws UsageError for what cannot be a folder of a disk */
export function diskArch(arch: string): string {
  if (/^[a-z]\w*$/.test(arch)) return arch
  throw new UsageError(
    `--arch has "${arch}", which is no architecture`,
    'Give what uname -m prints, such as x86_64.',
  )
}

/**
 * The files that `--symvers` names for each release: `RELEASE=FILE`, or `FILE` where there is one release.
 * @throws UsageError where it is not said for which release a file is
 */
export function diskSymvers(
  values: readonly string[],
  releases: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const value of values) {
    const named = releases.find((release) => value.startsWith(`${release}=`))
    const [only = '', ...more] = releases
    if (named === undefined && (more.length > 0 || /^[^/]*=/.test(value))) {
      throw new UsageError(
        `--symvers ${value} does not say for which release of --for it is`,
        `Write RELEASE=FILE with ${releases.join(' or ')}; a file with = in its name begins with ./`,
      )
    }
    const file = named === undefined ? value : value.slice(named.length + 1)
    if (file === '') throw new UsageError(`--symvers ${value} names no file`)
    found.set(named ?? only, [...(found.get(named ?? only) ?? []), file])
  }
  return found
}

/**
 * The text of `rhdd3`, one line: what was given, or else the names of the packages.
 * @throws UsageError for a title that is empty, long, or has signs that show nothing
 */
export function diskTitle(given: string | undefined, packages: readonly DiskPackage[]): string {
  const labels = packages.map(({ opened }) => opened.package.label)
  const title = given ?? `${labels.slice(0, 3).join(', ')}${andMore(labels.length - 3)}`
  if (given === undefined || (given.trim() === given && /^[^\p{C}]{1,200}$/u.test(given))) return title
  throw new UsageError('--title has to be one line of at most 200 printable characters')
}

const latest = Date.UTC(2100, 0) / 1000

/**
 * The date of a disk in seconds since 1970: `SOURCE_DATE_EPOCH` where it is set, or else when the newest package was built.
 * @throws UsageError for a SOURCE_DATE_EPOCH that is no date
 */
export function diskDate(epoch: string | undefined, packages: readonly DiskPackage[]): number {
  const built = packages.map(({ opened }) => opened.package.buildTime ?? 0)
  if (epoch === undefined || epoch === '') return Math.min(Math.max(0, ...built), latest)
  if (/^\d{1,10}$/.test(epoch) && Number(epoch) < latest) return Number(epoch)
  throw new UsageError(
    `SOURCE_DATE_EPOCH is "${epoch}", which is no date`,
    'Set it to seconds since 1970, before the year 2100, or leave it out.',
  )
}
