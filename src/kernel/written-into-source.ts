import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Collected } from '../abi/evidence.ts'

/**
 * Files that a kernel's own Makefiles write into its source tree, whatever O= says. None is found by what is compiled.
 *
 * RHEL 8: a rule of `scripts/mod/Makefile` calls make for `$(version_h)`, by its name in the folder of the sources.
 */
const generated = 'include/generated'
const files = [`${generated}/uapi/linux/version.h`]

/** Whether builds write this file of a source tree themselves; a path relative to the tree. */
export function isWrittenByBuilds(path: string): boolean {
  return files.includes(path)
}

/** Whether a folder of a source tree has such files and nothing else: no build was made in the tree. */
export async function hasOnlyWritten(source: string, folder: string): Promise<boolean> {
  const top = join(source, folder)
  const entries = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.flatMap((entry) =>
    entry.isDirectory() ? [] : [relative(source, join(entry.parentPath, entry.name))],
  )
  return paths.length > 0 && paths.every(isWrittenByBuilds)
}

/**
 * Removes these files from a source tree, with the folders that only they needed. A tree that was built in keeps them.
 * @returns those that were there
 * @throws the system's error when one cannot be removed
 */
export async function removeWritten(source: string): Promise<readonly string[]> {
  const removed: string[] = []
  for (const file of files) {
    if (!(await hasOnlyWritten(source, generated))) continue
    await rm(join(source, file))
    removed.push(file)
    await removeEmpty(source, dirname(file))
  }
  return removed
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

/** Says in evidence, or in a failure, which files were removed from the tree it is of. */
export function withRemoved(collected: Collected, removed: readonly string[]): Collected {
  if (removed.length === 0) return collected
  const note = {
    kind: 'source-written',
    variant: collected.variant,
    message: `The kernel's own Makefile wrote ${removed.join(', ')} into the source tree, although it was built outside of it. It was removed.`,
  } as const
  return collected.kind === 'evidence'
    ? { ...collected, notes: [...collected.notes, note] }
    : { ...collected, problems: [...collected.problems, note] }
}
