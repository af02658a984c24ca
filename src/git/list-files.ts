import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { ObjectReader } from './object-reader.ts'

/** A file of a commit. */
interface CommittedFile {
  /** From the top of the repository. */
  readonly path: string
  /** Name of the object that holds its content. */
  readonly object: string
}

/** Lists files of one commit; a folder that was read once is not read again. */
type ListFiles = (paths: readonly string[], most: number) => Promise<Read<readonly CommittedFile[]>>

/** A folder with far more names than one of a kernel has. */
const mostBytes = 64 * 1024 * 1024

/**
 * Makes what lists the files of a commit at or below some paths, from the top of the repository, an empty one for all; none where
 * the commit has nothing there, and no more than one over the most that is asked for. Problems, without files: those of the
 * reader; `unreadable` for a symbolic link or a submodule at, above or below a path, as it would lead elsewhere.
 * @param where what the commit is, as half a sentence
 */
export function fileLister(objects: ObjectReader, commit: string, where: string): ListFiles {
  const known = new Map<string, readonly TreeEntry[]>()

  const entriesOf = async (tree: string): Promise<readonly TreeEntry[]> => {
    const read = known.get(tree)
    if (read) return read
    const object = await objects.read(tree, mostBytes, absent(tree))
    if (object === undefined || 'kind' in object) throw new Refused(object ?? absent(tree))
    const entries = entriesIn(object.bytes, object.name.length / 2)
    if (object.type !== 'tree' || !entries) throw new Refused(absent(tree))
    known.set(tree, entries)
    return entries
  }

  const below = async (
    entry: TreeEntry,
    path: string,
    files: CommittedFile[],
    most: number,
  ): Promise<void> => {
    if (entry.mode === folderMode) {
      for (const one of await entriesOf(entry.object)) {
        if (files.length > most) return
        if (!isName(one.name)) throw new Refused(noPlainFile('', `${path}/${one.name}`, where))
        await below(one, path === '' ? one.name : `${path}/${one.name}`, files, most)
      }
    } else if (isPlain(entry)) files.push({ path, object: entry.object })
    else throw new Refused(noPlainFile(entry.mode, path, where))
  }

  /** What is at a path; undefined when nothing is there. */
  const at = async (path: string): Promise<TreeEntry | undefined> => {
    let entry: TreeEntry = { mode: folderMode, name: '', object: `${commit}^{tree}` }
    const parts = path === '' ? [] : path.split('/')
    for (const [index, part] of parts.entries()) {
      if (entry.mode !== folderMode) return undefined
      const found = (await entriesOf(entry.object)).find(({ name }) => name === part)
      if (!found) return undefined
      if (found.mode !== folderMode && !isPlain(found)) {
        throw new Refused(noPlainFile(found.mode, parts.slice(0, index + 1).join('/'), where))
      }
      entry = found
    }
    return entry
  }

  return async (paths, most) => {
    const files: CommittedFile[] = []
    try {
      for (const path of paths) {
        const entry = await at(path)
        if (entry) await below(entry, path, files, most)
      }
      return { value: files, problems: [] }
    } catch (error) {
      if (error instanceof Refused) return { value: [], problems: [error.problem] }
      throw error
    }
  }
}

class Refused extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

interface TreeEntry {
  /** In octal digits. */
  readonly mode: string
  readonly name: string
  readonly object: string
}

const folderMode = '40000'

function isPlain({ mode }: TreeEntry): boolean {
  return mode.startsWith('100')
}

/** False for what git does not make itself, as it would lead elsewhere, and for bytes that are no text. */
function isName(name: string): boolean {
  return !/^\.{0,2}$|[/\uFFFD]/.test(name)
}

/** `<mode> <name>`, a NUL and the bytes of the object's name, for each entry; undefined for anything else. */
function entriesIn(tree: Buffer, hashBytes: number): readonly TreeEntry[] | undefined {
  const entries: TreeEntry[] = []
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at)
    const end = tree.indexOf(0, at)
    if (space < at || end < space || end + hashBytes >= tree.length) return undefined
    const after = end + 1 + hashBytes
    entries.push({
      mode: tree.toString('latin1', at, space),
      name: tree.toString('utf8', space + 1, end),
      object: tree.toString('hex', end + 1, after),
    })
    at = after
  }
  return entries
}

function absent(tree: string): Problem {
  return { kind: 'unreadable', message: `git has no folder ${quote(tree)} that could be read.` }
}

function noPlainFile(mode: string, path: string, where: string): Problem {
  const what = mode === '120000' ? 'a symbolic link' : mode === '160000' ? 'a submodule' : 'no regular file'
  return {
    kind: 'unreadable',
    message: `${quote(path)} is ${what} in ${where}.`,
    place: { file: path },
    advice: 'What a check trusts has to be regular files of the repository itself.',
  }
}
