import { basename, join } from 'node:path'
import { isContent, isOfBuild } from '../abi/tree-file.ts'
import { filesRead, wordsIn } from './files-read.ts'
import type { TreeSnapshot } from './tree-snapshot.ts'

/** What an earlier run let make do that it would do again in the same way. */
interface SettledSteps {
  readonly configured: boolean
  /** Then it is configured, too. */
  readonly prepared: boolean
}

/**
 * Tells what need not be done again after a tree changed: where the same files are there, those that changed hold what only compilers
 * read, and none has the name of one that was read for the step.
 * @param folders where the configuration was made, and where the kernel was prepared with it
 */
export function settledSteps(
  before: TreeSnapshot,
  after: TreeSnapshot,
  { config, build }: { readonly config: string; readonly build: string },
): SettledSteps {
  const changed = changedContents(before, after)
  if (!changed) return { configured: false, prepared: false }
  if (changed.size === 0) return { configured: true, prepared: true }
  const isFree = (read: ReadonlySet<string> | undefined): boolean =>
    read !== undefined && [...changed].every((name) => !read.has(name))
  const configured = isFree(withKconfig(config, filesRead([config])))
  return { configured, prepared: configured && isFree(filesRead([build])) }
}

/** The names of files that changed; undefined where something else did. */
function changedContents(before: TreeSnapshot, after: TreeSnapshot): ReadonlySet<string> | undefined {
  if (before.size !== after.size) return undefined
  const names = new Set<string>()
  for (const [path, state] of after) {
    const old = before.get(path)
    if (old === state) continue
    if (old === undefined || !isContent(path) || isOfBuild(path)) return undefined
    names.add(basename(path))
  }
  return names
}

/** Where kconfig notes the files that it read, in the folder of a configuration. */
export const optionSources = 'include/config/auto.conf.cmd'

/** Adds the files that the configuration was read from, which may have any name. */
function withKconfig(config: string, read: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  try {
    return read && new Set([...read, ...wordsIn(join(config, optionSources)).map((word) => basename(word))])
  } catch {
    return undefined
  }
}
