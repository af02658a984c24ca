import type { Basis } from './evidence.ts'
import type { TreeChange, TreeEntry } from './tree-change.ts'
import { fileName, isContent, isForPeople, isOfBuild, isSource } from './tree-file.ts'

/** Why a change keeps evidence from holding. */
export type DoubtKind = 'link' | 'read' | 'hides' | 'build' | 'source' | 'asks' | 'exports'

/** What is said of a file, behind its name. */
export const doubtTexts: Readonly<Record<DoubtKind, string>> = {
  link: 'is or was a symbolic link or a submodule',
  read: 'was read',
  hides: 'has the name of a file that was read, and may be found in its place',
  build: 'may say what is built, and how',
  source: 'is a source that came or went, and rules may go by what is there',
  asks: 'came or went, and a file that was read asks which files exist',
  exports: 'may export a protected symbol, too',
}

/**
 * Makes what tells of a change why evidence may depend on it, undefined where it cannot. Evidence of one tree holds for another where
 * every file that was read is the same, none came that may be read in its place, nothing changed that says what is built and how, and
 * no other source names a symbol that was found in an export: `exports`, which takes the text to tell, is left to the caller. Names
 * that differ in case alone count as one.
 */
export function doubter(basis: Basis): (change: TreeChange) => DoubtKind | undefined {
  const files = lowered(basis.files)
  const unplaced = lowered(basis.names)
  const names = new Set([...unplaced, ...[...files].map((path) => fileName(path))])
  return ({ path, before, after }) => {
    const name = fileName(path).toLowerCase()
    if (![before, after].every(isPlain)) return 'link'
    const forPeople = isForPeople(path)
    if (!forPeople && (!isContent(path) || isOfBuild(path))) return 'build'
    if (files.has(path.toLowerCase()) || (before && unplaced.has(name))) return 'read'
    if (!before && names.has(name)) return 'hides'
    if (forPeople || (before && after)) return undefined
    if (isSource(path)) return 'source'
    return basis.asksForFiles ? 'asks' : undefined
  }
}

function isPlain(entry: TreeEntry | undefined): boolean {
  return entry === undefined || entry.mode.startsWith('100')
}

function lowered(words: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...words].map((word) => word.toLowerCase()))
}
