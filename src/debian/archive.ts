import { quote } from '../problem/quote.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { compareVersions } from './compare-versions.ts'
import { runCommand, type Session } from '../processes/run-command.ts'

/** A kernel that apt can download: its source, and the package with the configuration it was built with. */
export interface KernelOffer {
  /** As Debian counts: `6.1.192-2`. */
  readonly version: string
  readonly source: string
  readonly headers: string
}

/** A file that apt can download. */
export interface PackageFile {
  /** `linux-source-6.1_6.1.192-2_all.deb`. */
  readonly name: string
  readonly bytes: number
  readonly hash: { readonly algorithm: 'sha256' | 'sha512'; readonly digest: string }
}

const sourcePackage = 'linux-source-6.1'
const headersPackage = /^linux-headers-6\.1\.0-\d+-amd64$/
const advice =
  'Debian 12 (bookworm) and bookworm-security must be among apt’s sources for amd64; then run: sudo apt-get update'

/**
 * The kernel 6.1 for amd64 to take from the archives that apt is set up for.
 *
 * Problems, without a value: `missing-tool` without apt; `download-failed` when there is no such kernel; `usage` when
 * the version asked for is not there.
 * @param version as Debian counts; the newest when not given
 */
export async function findKernel(
  version: string | undefined,
  session: Session,
): Promise<Read<KernelOffer | undefined>> {
  const sources = await madison([sourcePackage], session)
  const names = await runCommand(['apt-cache', 'pkgnames', 'linux-headers-6.1.0-'], '/', session)
  const headers = await madison(
    names.value.filter((name) => headersPackage.test(name)),
    session,
  )
  const problems = [...sources.problems, ...names.problems, ...headers.problems]
  if (problems.length > 0) return { value: undefined, problems: problems.slice(0, 1) }
  const offers = sources.value.flatMap(({ version: offered }): KernelOffer[] => {
    const found = headers.value.find((row) => row.version === offered)
    return found ? [{ version: offered, source: sourcePackage, headers: found.name }] : []
  })
  const newestFirst = offers.sort((a, b) => compareVersions(b.version, a.version))
  const chosen = newestFirst.find((offer) => version === undefined || offer.version === version)
  if (chosen) return { value: chosen, problems: [] }
  return {
    value: undefined,
    problems: [
      version === undefined || offers.length === 0
        ? noKernel(sources.value)
        : noVersion(version, newestFirst),
    ],
  }
}

interface MadisonRow {
  readonly name: string
  readonly version: string
}

async function madison(names: readonly string[], session: Session): Promise<Read<readonly MadisonRow[]>> {
  if (names.length === 0) return { value: [], problems: [] }
  const { value: lines, problems } = await runCommand(['apt-cache', 'madison', ...names], '/', session)
  return { value: lines.flatMap(parseMadison), problems }
}

/** A line such as `linux-source-6.1 |  6.1.192-2 | http://deb.debian.org/debian bookworm/main amd64 Packages`. */
export function parseMadison(line: string): readonly MadisonRow[] {
  const [name = '', version = '', place = ''] = line.split('|').map((cell) => cell.trim())
  return name !== '' && version !== '' && place.endsWith('Packages') ? [{ name, version }] : []
}

function noKernel(sources: readonly MadisonRow[]): Problem {
  const seen =
    sources.length === 0
      ? 'neither'
      : `${sources.map(({ version }) => version).join(', ')} of the first, but not the second`
  return {
    kind: 'download-failed',
    message: `Looked for ${sourcePackage} and linux-headers-6.1.0-NUMBER-amd64 of one version; apt knows ${seen}.`,
    advice,
  }
}

function noVersion(version: string, offers: readonly KernelOffer[]): Problem {
  const has = offers.map((offer) => offer.version).join(', ')
  return {
    kind: 'usage',
    message: `The archive has no ${sourcePackage} ${quote(version)}.`,
    advice: `It has: ${has}. If yours should be among them, run: sudo apt-get update`,
  }
}

/** What apt would download for a package. */
export async function packageFile(
  name: string,
  version: string,
  session: Session,
): Promise<Read<PackageFile | undefined>> {
  const command = ['apt-get', 'download', '--print-uris', `${name}=${version}`] as const
  const { value: lines, problems } = await runCommand(command, '/', session)
  if (problems.length > 0) return { value: undefined, problems }
  const [file] = lines.flatMap(parseUri)
  if (file) return { value: file, problems: [] }
  const message = `${command.join(' ')} names no file with its SHA-256 or SHA-512.`
  return { value: undefined, problems: [{ kind: 'download-failed', message, excerpt: lines.slice(0, 3) }] }
}

/** A line such as `'http://…/linux-source-6.1_6.1.192-2_all.deb' linux-source-6.1_6.1.192-2_all.deb 139331676 SHA256:ae95…`. */
export function parseUri(line: string): readonly PackageFile[] {
  const [, name, bytes, algorithm, digest] =
    /^'[^']*' ([\w.+~%:-]+\.deb) (\d+) (SHA256|SHA512):([0-9a-f]+)$/.exec(line) ?? []
  if (name === undefined || digest === undefined) return []
  const hash = { algorithm: algorithm === 'SHA512' ? 'sha512' : 'sha256', digest } as const
  return [{ name, bytes: Number(bytes), hash }]
}
