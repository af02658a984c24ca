import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import { fileProblem } from '../../io/file-problem.ts'
import { writeWithPrograms } from '../../io/write-file.ts'
import { findProgram } from '../../processes/find-program.ts'
import { runCommand, type Session } from '../../processes/run-command.ts'
import { openDisk } from '../deps/open-packages.ts'
import type { DiskPackage } from './disk-packages.ts'
import { judgeDisk, type DiskKernel } from './judge-disk.ts'
import { withDriverDisk } from './open-disk.ts'

/** The label by which installers find a driver update disk that nobody named to them. */
export const diskLabel = 'OEMDRV'

interface DiskOrder {
  /** The image to write. */
  readonly output: string
  /** The text of `rhdd3`: one line. */
  readonly title: string
  /** As `uname -m` says it. */
  readonly arch: string
  readonly packages: readonly DiskPackage[]
  readonly kernels: readonly DiskKernel[]
  /** The date of everything on the disk, in seconds since 1970. */
  readonly date: number
}

const image = 'image.iso'
const top = 'disk'

/**
 * Makes a driver update disk, version 3: an ISO 9660 image with the names of Rock Ridge and Joliet, labelled OEMDRV, of `rhdd3`, the
 * packages and the metadata of their repository. createrepo_c and xorriso make it; the same packages, title and date give the same image.
 * What was written is read and judged again before it gets its name.
 *
 * Problems, with no image written: `missing-tool`, `interrupted`, `disk-failed` for a program that failed or an image that is not what it
 * should be, `unreadable` for a package that changed, `unwritable`.
 * Source of the layout: docs/developer/driverdisc.rst of anaconda.
 */
export async function makeDisk(order: DiskOrder, { env, signal }: Session): Promise<readonly Problem[]> {
  const missing = await missingTools(env)
  if (missing.length > 0) return missing
  return writeWithPrograms(order.output, async (folder) => {
    // Settings of a user would become part of the disk.
    const own = { HOME: folder, TMPDIR: folder, TZ: 'UTC', SOURCE_DATE_EPOCH: String(order.date) }
    const session = { env: { ...env, ...own }, signal }
    for (const step of [stage, makeRepository, writeImage, readBack]) {
      const problems = await step(order, folder, session)
      if (problems.length > 0) return { value: undefined, problems }
    }
    return { value: join(folder, image), problems: [] }
  })
}

const tools: Readonly<Record<string, string>> = {
  createrepo_c: 'Install the package createrepo_c; Debian and Ubuntu call it createrepo-c.',
  xorriso: 'Install the package xorriso.',
}

async function missingTools(env: Session['env']): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  for (const [tool, advice] of Object.entries(tools)) {
    if ((await findProgram(tool, env['PATH'] ?? '')) !== undefined) continue
    problems.push({
      kind: 'missing-tool',
      message: `A driver disk is made with ${tool}, which was not found.`,
      advice,
    })
  }
  return problems
}

async function stage({ title, packages, date }: DiskOrder, folder: string): Promise<readonly Problem[]> {
  const disk = join(folder, top)
  await mkdir(disk)
  await writeFile(join(disk, 'rhdd3'), title + '\n')
  for (const { source, opened } of packages) {
    const bytes = await readFile(source).catch((error: unknown) => fileProblem('unreadable', source, error))
    if ('kind' in bytes) return [bytes]
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (digest !== opened.digest) return [otherBytes(source)]
    await mkdir(dirname(join(disk, opened.file)), { recursive: true })
    await writeFile(join(disk, opened.file), bytes)
  }
  await dateAll(disk, date)
  return []
}

async function makeRepository(
  { arch, date }: DiskOrder,
  folder: string,
  session: Session,
): Promise<readonly Problem[]> {
  const { problems } = await runCommand(
    [
      'createrepo_c',
      ...['--quiet', '--no-database', '--simple-md-filenames', '--error-exit-val'],
      // What installers of every release can unpack.
      ...['--general-compress-type', 'gz', '--workers', '1'],
      ...['--revision', String(date), '--set-timestamp-to-revision', `${top}/rpms/${arch}`],
    ],
    folder,
    session,
    'disk-failed',
  )
  return problems
}

async function writeImage(
  { date }: DiskOrder,
  folder: string,
  session: Session,
): Promise<readonly Problem[]> {
  await dateAll(join(folder, top), date)
  const { problems } = await runCommand(
    [
      'xorriso',
      ...['-no_rc', '-as', 'mkisofs', '-quiet', '-r', '-J', '-joliet-long', '-V', diskLabel],
      ...[`--modification-date=${isoDate(date)}`, '-o', image, top],
    ],
    folder,
    session,
    'disk-failed',
  )
  return problems
}

/** `2023111422132000`: to the hundredth of a second, in UTC. */
function isoDate(date: number): string {
  return new Date(date * 1000).toISOString().replace(/\D/g, '').slice(0, 14) + '00'
}

/** Gives everything below a folder, and the folder, one date. */
async function dateAll(folder: string, date: number): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) await utimes(join(folder, path), date, date)
  await utimes(folder, date, date)
}

async function readBack(order: DiskOrder, folder: string): Promise<readonly Problem[]> {
  const path = join(folder, image)
  const staged = await withDriverDisk(join(folder, top), ({ paths }) =>
    Promise.resolve({ value: paths, problems: [] }),
  )
  const read = await withDriverDisk(path, async (disk): Promise<Read<readonly string[]>> => {
    const { value, problems } = await openDisk(disk, path, order.arch)
    const packages = order.packages.map(({ opened }) => opened)
    const repository = `rpms/${order.arch}/repodata/repomd.xml`
    const judged = judgeDisk(value.packages, order.arch, order.kernels)
    const differences = [
      ...(disk.label === diskLabel ? [] : ['its label']),
      ...(disk.description === order.title ? [] : ['its title']),
      ...(isDeepStrictEqual(disk.paths, staged.value) ? [] : ['which files it has']),
      ...(disk.paths.includes(repository) ? [] : ['its repository']),
      ...(isDeepStrictEqual(value.packages.map(digestOf), packages.map(digestOf)) ? [] : ['its packages']),
      ...(isDeepStrictEqual(judged, judgeDisk(packages, order.arch, order.kernels))
        ? []
        : ['what its packages need']),
    ]
    return { value: differences, problems }
  })
  const failed = [...staged.problems, ...read.problems]
  if (failed.length > 0) return [unreadableImage(failed)]
  const differences = read.value ?? []
  return differences.length > 0 ? [otherImage(differences)] : []
}

function digestOf({ file, digest }: DiskPackage['opened']): readonly string[] {
  return [file, digest]
}

const throwAway = 'Look at the versions of createrepo_c and xorriso; the image was thrown away.'

function otherBytes(file: string): Problem {
  return {
    kind: 'unreadable',
    message: `${quote(file)} is compressed as a whole, or changed while the disk was made.`,
    place: { file },
    advice: 'Give the package as rpmbuild wrote it, and run again.',
  }
}

function unreadableImage(problems: readonly Problem[]): Problem {
  return {
    kind: 'disk-failed',
    message: 'The image that was written could not be read again.',
    excerpt: problems.map(({ message }) => message),
    advice: throwAway,
  }
}

function otherImage(differences: readonly string[]): Problem {
  return {
    kind: 'disk-failed',
    message: `The image that was written is another than was asked for: ${differences.join(', ')}.`,
    advice: throwAway,
  }
}
