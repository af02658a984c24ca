import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Collected } from '../abi/evidence.ts'

/**
 * The file that a kernel's own Makefiles write into its source tree, whatever O= says. Nothing that is compiled finds it.
 *
 * RHEL 8: a rule of `scripts/mod/Makefile` calls make for `$(version_h)`, by its name in the folder of the sources.
 */
const generated = 'include/generated'
const file = `${generated}/uapi/linux/version.h`

/** Whether a file of a source tree is the one that builds write themselves; a path relative to the tree. */
export function isWrittenByBuilds(path: string): boolean {
  return path === file
}

/** Whether a folder of a source tree has that file and nothing else: no build was made in the tree. */
export async function hasOnlyWritten(source: string, folder: string): Promise<boolean> {
  const top = join(source, folder)
  const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.flatMap((entry) =>
    entry.isDirectory() ? [] : [relative(source, join(entry.parentPath, entry.name))],
  )
  return paths.length > 0 && paths.every(isWrittenByBuilds)
}

/**
 * Removes that file from a source tree, with the folders that only it needed. A tree that was built in keeps it.
 * @returns whether it was there
 * @throws the system's error when it cannot be removed
 */
export async function removeWritten(source: string): Promise<boolean> {
  if (!(await hasOnlyWritten(source, generated))) return false
  await rm(join(source, file))
  await removeEmpty(source, dirname(file))
  return true
}

async function removeEmpty(source: string, folder: string): Promise<void> {
  if (folder === 'include') return
  try {
    await rmdir(join(source, folder))
  } catch {
    // Something else stands there.
    return
  }
  await removeEmpty(source, dirname(folder))
}

/** Says in evidence, or in a failure, that the file was removed from the tree it is of. */
export function withRemoved(collected: Collected): Collected {
  const note = {
    kind: 'source-written',
    variant: collected.variant,
    message: `The kernel's own Makefile wrote ${file} into the source tree, although it was built outside of it. It was removed.`,
  } as const
  return collected.kind === 'evidence'
    ? { ...collected, notes: [...collected.notes, note] }
    : { ...collected, problems: [...collected.problems, note] }
}
