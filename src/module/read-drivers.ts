import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { fileProblem } from '../io/file-problem.ts'
import { withoutLinks } from '../io/without-links.ts'
import { isArchive } from './archive/modules-in-archive.ts'
import { isModuleFile } from './archive/packed-file.ts'
import type { KernelModule } from './kernel-module.ts'
import { parseModule } from './parse-module.ts'
import { readEachModule } from './read-modules.ts'
import { readArchive } from './read-archive.ts'

/**
 * Reads the drivers at some paths: modules, packages and archives of modules, and folders with any of these in them or
 * below. Links to folders are not followed; a link to a driver that is there too, as in weak-updates, counts for nothing. The order is that of the paths, in folders that of the names.
 *
 * Problems: those of `readEachModule` and `readArchive`; `unreadable` for what is not there, and for a path at which no
 * driver is.
 */
export async function readDrivers(paths: readonly string[]): Promise<Read<readonly KernelModule[]>> {
  const listed = []
  for (const path of paths) listed.push(await filesAt(path))
  const { kept } = await withoutLinks(
    listed.flatMap(({ value }) => value),
    (file) => file,
  )
  const counting = new Set(kept)
  const sets = []
  for (const [at, { value, problems }] of listed.entries())
    sets.push(
      problems.length > 0
        ? { value: [], problems }
        : await readSet(
            paths[at] ?? '',
            value,
            value.filter((file) => counting.has(file)),
          ),
    )
  return { value: sets.flatMap(({ value }) => value), problems: sets.flatMap(({ problems }) => problems) }
}

async function filesAt(path: string): Promise<Read<readonly string[]>> {
  const files: string[] = []
  try {
    if ((await stat(path)).isDirectory()) await listDrivers(path, files)
    else files.push(path)
    return { value: files, problems: [] }
  } catch (error) {
    return { value: [], problems: [fileProblem('unreadable', path, error)] }
  }
}

/**
 * @param all what was found at the path
 * @param files what of it is read
 */
async function readSet(
  path: string,
  all: readonly string[],
  files: readonly string[],
): Promise<Read<readonly KernelModule[]>> {
  const archives = files.filter(isArchive)
  const packed = []
  for (const archive of archives) packed.push(await modulesIn(archive))
  const plain = await readEachModule(files.filter((file) => !isArchive(file)))
  const value = [...plain.value, ...packed.flatMap((one) => one.value)]
  const problems = [...plain.problems, ...packed.flatMap((one) => one.problems)]
  return value.length === 0 && problems.length === 0 && all.length === files.length
    ? { value, problems: [noDriver(path)] }
    : { value, problems }
}

async function listDrivers(folder: string, files: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await listDrivers(path, files)
    else if (isModuleFile(path) || isArchive(path)) files.push(path)
  }
}

async function modulesIn(archive: string): Promise<Read<readonly KernelModule[]>> {
  const { value: packed, problems } = await readArchive(archive)
  const read = packed.map(({ path, bytes }) => parseModule(bytes, `${archive}!/${path}`))
  const value = read.flatMap((one) => one.value ?? [])
  return { value, problems: [...problems, ...read.flatMap((one) => one.problems)] }
}

function noDriver(path: string): Problem {
  return {
    kind: 'unreadable',
    message: `There is no driver in ${quote(path)}.`,
    place: { file: path },
    advice: 'Name a folder, package or archive that holds .ko files, plain or compressed.',
  }
}
