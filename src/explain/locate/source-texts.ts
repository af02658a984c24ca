import { realpathSync } from 'node:fs'
import { readTreeText } from '../../io/read-tree-file.ts'
import { relative, resolve } from 'node:path'

/** The texts of a kernel tree and of its build folder, each read once, when it is asked for. */
export interface SourceTexts {
  /** The top of the kernel tree; absolute. */
  readonly source: string
  /**
   * The text of a file, by its absolute path; a byte is a character, which is enough to find C in it.
   * @returns undefined for a file that cannot be read
   */
  readonly text: (path: string) => string | undefined
  /** A path as reports show it: from the top of the tree, or as it is when the file lies elsewhere. */
  readonly shown: (path: string) => string
  /** The absolute path of a file that is named as reports show it. */
  readonly pathOf: (shown: string) => string
}

/**
 * Opens a kernel tree; it has to stay as it is while its texts are in use.
 * @param given texts by the absolute path under which they are asked for, no matter what is there
 */
export function openSourceTexts(source: string, given: ReadonlyMap<string, string> = new Map()): SourceTexts {
  const texts = new Map<string, string | undefined>(given)
  return {
    source,
    text: (path) => {
      if (!texts.has(path)) texts.set(path, leadsOut(path, source) ? undefined : readTreeText(path))
      return texts.get(path)
    },
    shown: (path) => (path.startsWith(`${source}/`) ? relative(source, path) : path),
    pathOf: (shown) => resolve(source, shown),
  }
}

/** A link of the tree may lead to any file of the machine, and reports quote what is read. */
function leadsOut(path: string, source: string): boolean {
  if (!path.startsWith(`${source}/`)) return false
  try {
    return !realpathSync(path).startsWith(`${realpathSync(source)}/`)
  } catch {
    return true
  }
}
