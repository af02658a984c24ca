import { readTreeFile } from '../../io/read-tree-file.ts'
import { basename, join, resolve } from 'node:path'
import type { ListedObject } from './dry-run-reader.ts'
import type { KernelTree } from './kernel-tree.ts'
import { scanText, usesMacro, type ScannedText } from './export-scan.ts'

/** An object whose text leaves it possible that it exports something, with the files that make it so. */
export interface PossibleExporter {
  readonly object: ListedObject
  readonly files: readonly string[]
  /**
   * False where a call of EXPORT_SYMBOL may mean something else than usual, or something else than such a call export
   * something: a header that is read may define it anew, is not known, or another macro is used that exports.
   */
  readonly ordinary: boolean
}

export interface PossibleExporters {
  readonly objects: readonly PossibleExporter[]
  /** Macros without `EXPORT_` in their name that export something where they are used. */
  readonly macros: readonly string[]
  /** All files that were looked through. */
  readonly scanned: readonly string[]
  /** The files that the directives of a file may name. */
  readonly included: (path: string) => readonly string[]
}

/**
 * Finds all objects that may export a symbol, by text alone. An export is always the work of a macro in whose definition
 * `EXPORT_` stands. So one of the files that the preprocessor reads uses `EXPORT_...` itself, or a macro that a header
 * defines with it; that file is the object's source, or a directive names it in the source or in a file on the way.
 * Every doubt counts as "may export", also a source that cannot be read yet.
 * @param includable all files that could be included, absolute paths
 */
export function possibleExporters(
  objects: readonly ListedObject[],
  { source, output }: Pick<KernelTree, 'source' | 'output'>,
  includable: readonly string[],
): PossibleExporters {
  const sources = new Set(objects.map((object) => resolve(output, object.source)))
  const scanned = scanAll(sources, includable)
  const macros = [...scanned.values()].flatMap((file) => file.macros)
  // Only a header's macros are used elsewhere.
  const shared = [...scanned].flatMap(([path, file]) => (path.endsWith('.h') ? file.macros : []))
  const macroUsers = new Set([...scanned.keys()].filter((path) => fileUsesMacro(path, shared)))
  const users = [...scanned].flatMap(([path, file]) => (file.uses || macroUsers.has(path) ? [path] : []))
  const folders = searchedFolders(objects, output)
  const includersOf = includers(scanned, folders)
  const reached = reachIncluders(users, includersOf)
  const isForeign = foreign(source, [...sources])
  const doubted = reachAll(
    doubtful(scanned, source).filter((path) => !isForeign(path)),
    includersOf,
  )
  const possible = objects.flatMap((object) => {
    const path = resolve(output, object.source)
    const files = [...((scanned.has(path) ? reached.get(path) : [path]) ?? [])]
    const ordinary = scanned.has(path) && !doubted.has(path) && !files.some((file) => macroUsers.has(file))
    return files.length > 0 ? [{ object, files, ordinary }] : []
  })
  return {
    objects: possible,
    macros: [...new Set(macros)],
    scanned: [...scanned.keys()],
    included: includedFiles(scanned, folders),
  }
}

/**
 * Headers that define EXPORT_SYMBOL anew, and files that include something that is nowhere yet. What the kernel's public
 * headers include and is nowhere is for programs or other systems: `make prepare` made what is for the kernel.
 */
function doubtful(scanned: Scanned, source: string): readonly string[] {
  const known = new Set([...scanned.keys()].map((path) => basename(path)))
  const isPublic = (path: string) =>
    path.startsWith(join(source, 'include/')) || /\/arch\/[^/]+\/include\//.test(path)
  const defining = ['include/linux/export.h', 'include/asm-generic/export.h'].map((path) =>
    join(source, path),
  )
  return [...scanned].flatMap(([path, { redefines, includes }]) =>
    (redefines && !defining.includes(path)) ||
    (!isPublic(path) && includes.some((include) => !known.has(basename(include))))
      ? [path]
      : [],
  )
}

/** Tells the files of programs, and of architectures that have no source among those that are built. */
function foreign(source: string, sources: readonly string[]): (path: string) => boolean {
  const folders = (path: string) => path.slice(source.length + 1).split('/')
  const built = new Set(sources.map(folders).map(([top, arch]) => (top === 'arch' ? arch : undefined)))
  return (path) => {
    const [top = '', arch] = path.startsWith(`${source}/`) ? folders(path) : []
    return (
      ['tools', 'scripts', 'samples', 'Documentation'].includes(top) || (top === 'arch' && !built.has(arch))
    )
  }
}

type Scanned = ReadonlyMap<string, ScannedText>

/** Scans sources and headers, then whatever else these include. */
function scanAll(sources: ReadonlySet<string>, includable: readonly string[]): Scanned {
  const scanned = new Map<string, ScannedText>()
  const others = new Map<string, string[]>()
  for (const path of includable) if (!path.endsWith('.h')) add(others, basename(path), path)
  const waiting = [...sources, ...includable.filter((path) => path.endsWith('.h'))]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (scanned.has(path)) continue
    const content = read(path)
    if (!content) continue
    const file = scanText(content, path.endsWith('.h'))
    scanned.set(path, file)
    for (const include of file.includes) {
      for (const other of others.get(basename(include)) ?? [])
        if (isNamedBy(other, include)) waiting.push(other)
    }
  }
  return scanned
}

type Includers = (path: string) => readonly string[]

/** Where compilers look for what a directive names, besides the folder of the file with the directive. */
function searchedFolders(objects: readonly ListedObject[], output: string): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const { compile } of objects) {
    for (const [at, word] of compile.entries()) {
      const [, folder] = /^(?:-I|-iquote|-isystem|-idirafter)(.*)/s.exec(word) ?? []
      if (folder !== undefined) folders.add(folder === '' ? (compile[at + 1] ?? '') : folder)
    }
  }
  return new Set([...folders].map((folder) => resolve(output, folder)))
}

/**
 * Finds the files that may include a file, from directives alone. A directive that begins with `../` may name anything
 * below a folder that the file with the directive is in.
 */
function includers(scanned: Scanned, folders: ReadonlySet<string>): Includers {
  const including = new Map<string, { readonly path: string; readonly include: string }[]>()
  const hinting = new Map<string, string[]>()
  for (const [path, { includes, hints }] of scanned) {
    for (const include of includes) add(including, basename(include), { path, include })
    for (const hint of hints) add(hinting, hint, path)
  }
  return (path) => {
    const direct = (including.get(basename(path)) ?? []).filter((one) =>
      mayName(one.path, one.include, path, folders),
    )
    const hinted = path.endsWith('.h') ? (hinting.get(basename(path, '.h')) ?? []) : []
    return [...direct.map((includer) => includer.path), ...hinted]
  }
}

/** True where a directive of a file may find another. */
function mayName(from: string, include: string, path: string, folders: ReadonlySet<string>): boolean {
  if (!isNamedBy(path, include)) return false
  const folder = path.slice(0, -include.length - 1)
  return folders.has(folder) || from.startsWith(`${folder}/`)
}

/** Finds the files that a file may include, from its directives alone. */
function includedFiles(scanned: Scanned, folders: ReadonlySet<string>): PossibleExporters['included'] {
  const byName = new Map<string, string[]>()
  for (const path of scanned.keys()) add(byName, basename(path), path)
  const known = new Map<string, readonly string[]>()
  return (path) => {
    const found =
      known.get(path) ??
      (scanned.get(path)?.includes ?? []).flatMap((include) =>
        (byName.get(basename(include)) ?? []).filter((other) => mayName(path, include, other, folders)),
      )
    known.set(path, found)
    return found
  }
}

/** Files from which one of the given files is reached, these among them. */
function reachAll(files: readonly string[], includersOf: Includers): ReadonlySet<string> {
  const reached = new Set(files)
  for (const path of reached) for (const includer of includersOf(path)) reached.add(includer)
  return reached
}

/** For each file, the given files that are reached from it by include directives, itself among them. */
function reachIncluders(
  files: readonly string[],
  includersOf: Includers,
): ReadonlyMap<string, ReadonlySet<string>> {
  const reached = new Map<string, Set<string>>()
  for (const file of files) {
    const waiting = [file]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const found = reached.get(path) ?? new Set<string>()
      reached.set(path, found)
      if (found.has(file)) continue
      found.add(file)
      waiting.push(...includersOf(path))
    }
  }
  return reached
}

/** True when a directive with this text, looked up in some folder, may find the file. */
function isNamedBy(path: string, include: string): boolean {
  return path.endsWith(`/${include}`)
}

function fileUsesMacro(path: string, macros: readonly string[]): boolean {
  const content = macros.length > 0 ? read(path) : undefined
  return content !== undefined && usesMacro(content, macros)
}

function read(path: string): Buffer | undefined {
  try {
    return readTreeFile(path)
  } catch {
    return undefined
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const found = map.get(key)
  if (found) found.push(value)
  else map.set(key, [value])
}
