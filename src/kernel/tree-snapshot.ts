import { lstatSync, readdirSync, type Dirent } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { isWrittenByBuilds } from './written-into-source.ts'

/**
 * The files of a kernel tree by path, each with what tells one state of a file from another: dates of content and of
 * the entry in nanoseconds, size, number.
 */
export type TreeSnapshot = ReadonlyMap<string, string>

/** What a build folder is made for; another value of any needs another build. By name, as text. */
export type BuildSettings = Readonly<Record<string, string>>

/** What a build folder was last used for, and the tree as it was then. */
export interface BuiltFrom {
  readonly settings: BuildSettings
  /** Milliseconds since 1970. */
  readonly finished: number
  readonly files: TreeSnapshot
  /** What the folder was prepared from besides the tree; absent when the run did not succeed. */
  readonly prepared?: string
}

/** Not read by a build; hidden files are those of version control and editors. */
const skipped = new Set(['Documentation'])

/** Looks at every file of a tree without reading any; takes about a second for a kernel. */
export async function takeSnapshot(source: string): Promise<TreeSnapshot> {
  const files = new Map<string, string>()
  // One call after the other: for this many small ones, waiting for each costs more than it does.
  const enter = (entry: Dirent, path: string): void => {
    if (entry.name.startsWith('.') || isWrittenByBuilds(path)) return
    if (entry.isDirectory()) for (const inner of entriesOf(path)) enter(inner, `${path}/${inner.name}`)
    else {
      const stat = lstatSync(`${source}/${path}`, { bigint: true, throwIfNoEntry: false })
      if (stat) files.set(path, `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}`)
    }
  }
  const entriesOf = (folder: string): readonly Dirent[] =>
    readdirSync(`${source}/${folder}`, { withFileTypes: true })
  for (const entry of entriesOf('')) {
    if (!skipped.has(entry.name)) enter(entry, entry.name)
    await setImmediate()
  }
  return files
}

/**
 * Tells why make could not bring a build folder up to date, else undefined. Make compares dates: it does not see a changed file that
 * carries an old date, as after unpacking another release over the first.
 */
export function whyNotReusable(
  built: BuiltFrom,
  settings: BuildSettings,
  files: TreeSnapshot,
): string | undefined {
  for (const [name, value] of Object.entries(settings)) {
    const before = built.settings[name]
    if (before !== value) return `${name} was ${before ?? 'not known'}`
  }
  for (const [path, state] of files) {
    if (built.files.get(path) !== state && modified(state) <= built.finished)
      return `${path} is another file now, with an old date`
  }
  return undefined
}

/**
 * New files that have the name of one that was read: the compiler may find them first now, and make does not see that.
 * @param read names without folders; undefined: not known, so that any header of the tree may have been read
 */
export function hidingFiles(
  built: BuiltFrom,
  files: TreeSnapshot,
  read: () => ReadonlySet<string> | undefined,
): readonly string[] {
  const fresh = [...files.keys()].filter((path) => !built.files.has(path))
  if (fresh.length === 0) return []
  const names =
    read() ??
    new Set([...built.files.keys()].filter((path) => path.endsWith('.h')).map((path) => basename(path)))
  return fresh.filter((path) => names.has(basename(path)))
}

/** Names a file that is not the same in both, else gives undefined; a new file counts when it is a header. */
export function firstDifference(before: TreeSnapshot, after: TreeSnapshot): string | undefined {
  for (const [path, state] of after) {
    const old = before.get(path)
    if (old === undefined ? path.endsWith('.h') : old !== state) return path
  }
  for (const path of before.keys()) if (!after.has(path)) return path
  return undefined
}

function modified(state: string): number {
  return Number(state.slice(0, state.indexOf(' '))) / 1e6
}

/** Keeps a snapshot; the file appears complete or not at all. */
export async function saveSnapshot(path: string, built: BuiltFrom): Promise<void> {
  const draft = `${path}.new`
  await writeFile(draft, JSON.stringify({ ...built, files: [...built.files] }))
  await rename(draft, path)
}

/** Reads a kept snapshot; undefined when there is none that can be understood. */
export async function readSnapshot(path: string): Promise<BuiltFrom | undefined> {
  try {
    const data: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isKept(data) ? { ...data, files: new Map(data.files) } : undefined
  } catch {
    return undefined
  }
}

function isKept(data: unknown): data is Omit<BuiltFrom, 'files'> & { files: [string, string][] } {
  if (typeof data !== 'object' || data === null) return false
  const { settings, finished, files, prepared } = data as Record<string, unknown>
  return (
    typeof settings === 'object' &&
    settings !== null &&
    Object.values(settings).every((value) => typeof value === 'string') &&
    typeof finished === 'number' &&
    (prepared === undefined || typeof prepared === 'string') &&
    Array.isArray(files) &&
    files.every(
      (row) => Array.isArray(row) && row.length === 2 && row.every((column) => typeof column === 'string'),
    )
  )
}
