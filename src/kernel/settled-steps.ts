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
 * Tells what need not be done again after a tree changed: where what changed is read by compilers alone, or by Makefiles of which neither
 * step hears, and nothing has the name of a file that was read for the step.
 * @param folders where the configuration was made, and where the kernel was prepared with it
 */
export function settledSteps(
  before: TreeSnapshot,
  after: TreeSnapshot,
  { config, build }: { readonly config: string; readonly build: string },
): SettledSteps {
  const changes = changesOf(before, after).filter(({ path }) => !isOrdinaryMakefile(path))
  if (!changes.every(({ path }) => isContent(path) && !isOfBuild(path)))
    return { configured: false, prepared: false }
  if (changes.length === 0) return { configured: true, prepared: true }
  const isFree = (read: ReadonlySet<string> | undefined): boolean =>
    read !== undefined && changes.every(({ path }) => !read.has(basename(path)))
  const configured = isFree(withKconfig(config, filesRead([config])))
  const isSettled = configured && changes.every(({ path, cameOrWent }) => !cameOrWent || !mayHide(path))
  return { configured, prepared: isSettled && isFree(filesRead([build])) }
}

interface Change {
  readonly path: string
  readonly cameOrWent: boolean
}

function changesOf(before: TreeSnapshot, after: TreeSnapshot): readonly Change[] {
  const changes: Change[] = []
  for (const [path, state] of after) {
    const old = before.get(path)
    if (old !== state) changes.push({ path, cameOrWent: old === undefined })
  }
  for (const path of before.keys()) if (!after.has(path)) changes.push({ path, cameOrWent: true })
  return changes
}

/** A Makefile of a folder into which make goes for objects alone. */
function isOrdinaryMakefile(path: string): boolean {
  return ordinaryMakefile.test(path)
}

const ordinaryMakefile =
  /^(?:block|crypto|drivers|fs|init|io_uring|ipc|kernel|lib|mm|net|security|sound|virt)\/(?:.*\/)?(?:Makefile|Kbuild)$/

/** Where an architecture has no header of its own, preparing writes one that stands for it. */
function mayHide(path: string): boolean {
  return /^(?:include|arch)\//.test(path)
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
