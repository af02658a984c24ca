import { link, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { draftOf, removeStaleDrafts } from './drafts.ts'
import { errorCode, fileProblem } from './file-problem.ts'
import { makeFolder } from './make-folder.ts'

/**
 * Writes a file so that readers see the old content or the new one, never a part: into a temporary file of the same
 * folder, which then takes the name. Creates missing folders, follows a symbolic link, and writes straight into a
 * device or pipe such as `/dev/stdout`.
 * @returns the `unwritable` problem when that failed; an existing file is then as it was
 */
export function writeFileSafely(path: string, content: string | Uint8Array): Promise<Problem | undefined> {
  return asProblem(path, async () => {
    const target = await existing(path)
    if (target?.special) await writeFile(target.path, content)
    else await writeVia(target?.path ?? path, content, rename)
  })
}

/** Writes a file that must not exist yet; otherwise as `writeFileSafely`. */
export function createFile(path: string, content: string | Uint8Array): Promise<Problem | undefined> {
  return asProblem(path, () => writeVia(path, content, link))
}

/** The problem that writing a file would have, as far as that is known beforehand; writes nothing that stays. */
export function unwritable(path: string): Promise<Problem | undefined> {
  return asProblem(path, async () => {
    const target = await existing(path)
    if (target?.special) return
    if (target) await refuseFolder(target.path)
    await writeVia(target?.path ?? path, '', () => Promise.resolve())
  })
}

/**
 * Lets programs make a file that must be a plain one: in a hidden folder beside it, which goes away in any case. What `make` names takes the
 * file's name. Follows a symbolic link and creates missing folders.
 * @param make makes the file in that folder and gives its path, or problems
 * @returns these problems, and the `unwritable` one when writing failed; after an error an existing file is as it was
 */
export async function writeWithPrograms(
  path: string,
  make: (folder: string) => Promise<Read<string | undefined>>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  const failed = await asProblem(path, async () => {
    const target = await existing(path)
    if (target?.special) throw Object.assign(new Error('no plain file'), { code: 'EEXIST' })
    if (target) await refuseFolder(target.path)
    const place = target?.path ?? path
    await makeFolder(dirname(place))
    await removeStaleDrafts(place)
    const folder = draftOf(place)
    await mkdir(folder)
    try {
      const made = await make(folder)
      problems.push(...made.problems)
      if (made.value === undefined || problems.some(isError)) return
      const handle = await open(made.value)
      await handle.sync().finally(() => handle.close())
      await rename(made.value, place)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
  return failed ? [...problems, failed] : problems
}

async function refuseFolder(path: string): Promise<void> {
  if ((await stat(path)).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
}

async function asProblem(path: string, write: () => Promise<void>): Promise<Problem | undefined> {
  try {
    await write()
    return undefined
  } catch (error) {
    return fileProblem('unwritable', path, error)
  }
}

/** Where an existing path leads to, and whether that is something that cannot be replaced by a file. */
async function existing(
  path: string,
): Promise<{ readonly path: string; readonly special: boolean } | undefined> {
  try {
    const target = await realpath(path)
    const found = await stat(target)
    return { path: target, special: !found.isFile() && !found.isDirectory() }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** @param settle gives the finished temporary file its name */
async function writeVia(
  path: string,
  content: string | Uint8Array,
  settle: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  await makeFolder(dirname(path))
  await removeStaleDrafts(path)
  const temporary = draftOf(path)
  try {
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await settle(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}
