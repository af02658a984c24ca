import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { TypePool } from '../abi/types/type-pool.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { IsWanted, KernelTypes, TypedObject } from '../abi/types/kernel-types.ts'
import { parseTypes } from '../abi/types/parse-types.ts'
import { readContext } from '../abi/types/read-context.ts'
import { decompress } from '../io/decompress.ts'
import { fileProblem } from '../io/file-problem.ts'
import { readBytes } from '../io/read-bytes.ts'
import { readTreeFile } from '../io/read-tree-file.ts'

/** The dump of an object, perhaps packed. */
const dumpName = /^(?!\.)(.+)\.symtypes(?:\.(?:gz|xz|zst))?$/

/** Unpacked; far more than the types of a kernel have. */
const mostBytes = 1024 * 1024 * 1024

/**
 * Reads the type definitions of a kernel into a pool: a file in any form (see `parseTypes`), or a folder with a `.symtypes`
 * file for each object, as `make KBUILD_SYMTYPES=1` leaves them in a build folder; each plain or compressed. Of a folder one file at a time
 * is in memory, no link is followed, and files of objects that export nothing that is wanted are only looked through for that.
 *
 * Problems: those of reading and of `parseTypes`; `unreadable` where no exports have types at all.
 */
export async function readTypes(
  path: string,
  pool: TypePool,
  isWanted: IsWanted,
): Promise<Read<KernelTypes>> {
  const context = readContext(pool, isWanted)
  const objects: TypedObject[] = []
  const seen = { exports: false }
  const add = (bytes: Uint8Array, file: string, object: string): void => {
    const read = parseTypes({ ...context, isWanted: seeing }, bytes, file, object)
    objects.push(...read)
  }
  const seeing: IsWanted = (symbol) => {
    seen.exports = true
    return isWanted(symbol)
  }
  const failed = (await isFolder(path)) ? await readFolder(path, add) : await readFile(path, add)
  if (failed.length > 0) return { value: { file: path, objects: [] }, problems: failed }
  const problems = context.problems.all()
  if (!seen.exports && problems.length === 0)
    return { value: { file: path, objects }, problems: [noExports(path)] }
  return { value: { file: path, objects }, problems }
}

type Add = (bytes: Uint8Array, file: string, object: string) => void

async function readFile(path: string, add: Add): Promise<readonly Problem[]> {
  const { value: bytes, problems } = await readBytes(path, { maxBytes: mostBytes })
  if (problems.length > 0) return problems
  add(bytes, path, dumpName.exec(relative(join(path, '..'), path))?.[1] ?? path)
  return []
}

async function readFolder(folder: string, add: Add): Promise<readonly Problem[]> {
  let count = 0
  let path = folder
  try {
    for await (path of dumpsIn(folder)) {
      count++
      const unpacked = await decompress(readTreeFile(path), mostBytes)
      if (unpacked.kind === 'failed')
        return [{ kind: 'unreadable', message: `${quote(path)} ${unpacked.reason}.`, place: { file: path } }]
      add(unpacked.bytes, path, dumpName.exec(relative(folder, path))?.[1] ?? path)
    }
  } catch (error) {
    return [fileProblem('unreadable', path, error)]
  }
  return count === 0 ? [noDumps(folder)] : []
}

/** Whether a build left the types of an object in its folder. */
export async function hasTypes(folder: string): Promise<boolean> {
  try {
    return (await dumpsIn(folder).next()).done !== true
  } catch {
    // What is wrong with the folder says who reads the types.
    return true
  }
}

/** The dumps below a folder, in the order of their paths. Folders of tools, such as `.git`, hold none. */
async function* dumpsIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* dumpsIn(path)
    else if (entry.isFile() && dumpName.test(entry.name)) yield path
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function noDumps(file: string): Problem {
  return {
    kind: 'unreadable',
    message: `${quote(file)} has no .symtypes files.`,
    place: { file },
    advice: 'Build the kernel with `make KBUILD_SYMTYPES=1`, and name the build folder.',
  }
}

function noExports(file: string): Problem {
  return {
    kind: 'unreadable',
    message: `${quote(file)} holds the types of no export.`,
    place: { file },
    advice: 'Give types in a form of docs/formats.md, of a kernel with CONFIG_MODVERSIONS.',
  }
}
