import { basename, extname, join } from 'node:path'
import { filesRead, namesIn } from './files-read.ts'
import type { TreeSnapshot } from './tree-snapshot.ts'

/** What an earlier run let make do that it would do again in the same way. */
interface SettledSteps {
  readonly configured: boolean
  /** Then it is configured, too. */
  readonly prepared: boolean
}

/** Files whose content the Makefiles do not look at; which of them exist is another matter. */
const contents = new Set('.c .h .S .rs .dts .dtsi .dtso .rst .txt .json .yaml'.split(' '))

/** Whether only compilers, or nobody, read what a file of a kernel tree holds. */
export function isContent(path: string): boolean {
  return contents.has(extname(path))
}

/** Where the kernel keeps what runs while it is built: programs, and scripts that read what they like. */
const ofBuild = /^(?:scripts|tools|certs|usr)\/|^arch\/[^/]+\/(?:tools|boot)\//

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
    if (old === undefined || !isContent(path) || ofBuild.test(path)) return undefined
    names.add(basename(path))
  }
  return names
}

/** Adds the files that the configuration was read from, which may have any name. */
function withKconfig(config: string, read: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  try {
    return read && new Set([...read, ...namesIn(join(config, 'include/config/auto.conf.cmd'))])
  } catch {
    return undefined
  }
}
