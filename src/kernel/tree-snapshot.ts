import { lstatSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/**
 * The files of a kernel tree by path, each with what tells one state of a file from another: dates of content and of
 * the entry in nanoseconds, size, number.
 */
export type TreeSnapshot = ReadonlyMap<string, string>

/** The tree as it was when a build folder was last used. */
export interface BuiltFrom {
  readonly source: string
  /** Milliseconds since 1970. */
  readonly finished: number
  readonly files: TreeSnapshot
}

/** Not read by a build; hidden files are those of version control and editors. */
const skipped = new Set(['Documentation'])

/** Looks at every file of a tree without reading any; takes about a second for a kernel. */
export async function takeSnapshot(source: string): Promise<TreeSnapshot> {
  const files = new Map<string, string>()
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(source, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || (folder === '' && skipped.has(entry.name))) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await walk(path)
      else {
        const stat = lstatSync(join(source, path), { bigint: true, throwIfNoEntry: false })
        if (stat) files.set(path, `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}`)
      }
    }
  }
  await walk('')
  return files
}

/**
 * Tells why make could not bring a build folder up to date, else undefined. Make compares dates: it does not see a
 * changed file that carries an old date, as after unpacking another release over the first, and it does not see a new
 * header that is now found before the one that was read last time.
 */
export function whyNotReusable(built: BuiltFrom, source: string, files: TreeSnapshot): string | undefined {
  if (built.source !== source) return `it was made from ${built.source}`
  let headers: ReadonlySet<string> | undefined
  for (const [path, state] of files) {
    const before = built.files.get(path)
    if (before === state) continue
    if (modified(state) <= built.finished) return `${path} is another file now, with an old date`
    if (before !== undefined || !path.endsWith('.h')) continue
    headers ??= new Set(
      [...built.files.keys()].filter((name) => name.endsWith('.h')).map((name) => basename(name)),
    )
    if (headers.has(basename(path))) return `${path} is new and may hide another header of that name`
  }
  return undefined
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
export async function saveSnapshot(path: string, { source, finished, files }: BuiltFrom): Promise<void> {
  const draft = `${path}.new`
  await writeFile(draft, JSON.stringify({ source, finished, files: [...files] }))
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
  const { source, finished, files } = data as Record<string, unknown>
  return (
    typeof source === 'string' &&
    typeof finished === 'number' &&
    Array.isArray(files) &&
    files.every(
      (row) => Array.isArray(row) && row.length === 2 && row.every((column) => typeof column === 'string'),
    )
  )
}
