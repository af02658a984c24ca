import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { ListedObject } from './dry-run-reader.ts'
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
  output: string,
  includable: readonly string[],
): PossibleExporters {
  const sources = new Set(objects.map((object) => resolve(output, object.source)))
  const scanned = scanAll(sources, includable)
  const macros = [...scanned.values()].flatMap((file) => file.macros)
  // Only a header's macros are used elsewhere.
  const shared = [...scanned].flatMap(([path, file]) => (path.endsWith('.h') ? file.macros : []))
  const macroUsers = new Set([...scanned.keys()].filter((path) => fileUsesMacro(path, shared)))
  const users = [...scanned].flatMap(([path, file]) => (file.uses || macroUsers.has(path) ? [path] : []))
  const reached = reachIncluders(scanned, users)
  const doubted = reachIncluders(scanned, doubtful(scanned))
  const possible = objects.flatMap((object) => {
    const path = resolve(output, object.source)
    const files = [...((scanned.has(path) ? reached.get(path) : [path]) ?? [])]
    const ordinary = scanned.has(path) && !doubted.has(path) && !files.some((file) => macroUsers.has(file))
    return files.length > 0 ? [{ object, files, ordinary }] : []
  })
  return { objects: possible, macros: [...new Set(macros)], scanned: [...scanned.keys()] }
}

/** Headers that define EXPORT_SYMBOL anew, and files that include something that is nowhere yet. */
function doubtful(scanned: Scanned): readonly string[] {
  const known = new Set([...scanned.keys()].map((path) => basename(path)))
  return [...scanned].flatMap(([path, { redefines, includes }]) =>
    (redefines && !path.endsWith('/include/linux/export.h')) ||
    includes.some((include) => !known.has(basename(include)))
      ? [path]
      : [],
  )
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

/** For each file, the given files that are reached from it by include directives, itself among them. */
function reachIncluders(
  scanned: Scanned,
  files: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const includers = new Map<string, { readonly path: string; readonly include: string }[]>()
  const hinting = new Map<string, string[]>()
  for (const [path, { includes, hints }] of scanned) {
    for (const include of includes) add(includers, basename(include), { path, include })
    for (const hint of hints) add(hinting, hint, path)
  }
  const reached = new Map<string, Set<string>>()
  for (const file of files) {
    const waiting = [file]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const found = reached.get(path) ?? new Set<string>()
      reached.set(path, found)
      if (found.has(file)) continue
      found.add(file)
      const here = path
      const direct = (includers.get(basename(here)) ?? []).filter(({ include }) => isNamedBy(here, include))
      waiting.push(...direct.map((includer) => includer.path))
      if (here.endsWith('.h')) waiting.push(...(hinting.get(basename(here, '.h')) ?? []))
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
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const found = map.get(key)
  if (found) found.push(value)
  else map.set(key, [value])
}
