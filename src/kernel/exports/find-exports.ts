import { dirname, join, relative, resolve } from 'node:path'
import type { ObjectRecord } from '../../abi/evidence.ts'
import type { Export } from '../../abi/export.ts'
import type { Problem } from '../../problem/problem.ts'
import { withAssumed } from './assumed-options.ts'
import { inOrderOfMention, likelyObjects, namingObjects, unmadeObjects } from './candidates.ts'
import type { ListedObject } from './dry-run-reader.ts'
import { evaluator, type Evaluated, type EvaluateProgress } from './evaluate-all.ts'
import { exportEvidence } from './export-evidence.ts'
import { openFactStore } from './file-facts.ts'
import { openGeneratedFiles } from './generated-files.ts'
import { includableFiles } from './includable-files.ts'
import { keptPairs, readKept, writeKept } from './kept-json.ts'
import type { KernelTree } from './kernel-tree.ts'
import type { Folders } from './list-objects.ts'
import { linkerScriptProblem } from './linker-scripts.ts'
import { listObjectsOnce } from './listing-cache.ts'
import { objectInputs, type ObjectInputs } from './object-inputs.ts'
import { openObjectStore } from './object-store.ts'
import { otherExporters } from './other-exporters.ts'
import { possibleExporters, type PossibleExporter } from './possible-exporters.ts'
import { portablePaths } from './portable-paths.ts'
import { programIdentities } from './program-identity.ts'
import { failureProblems, repeatedExport } from './search-problems.ts'

/** The exports to look for: all, or those of these names. */
export type Wanted = 'all' | ReadonlySet<string>

/** An export; `file` and `line` are those of the source, line 0 where only the file is known. */
export interface FoundExport extends Export {
  /** The object that exports it, a path in the build folder. */
  readonly object: string
}

/** What a kernel exports of what was wanted. */
interface FoundExports {
  readonly kind: 'found'
  /** By symbol; each once. */
  readonly exports: readonly FoundExport[]
  /** Wanted symbols that no enabled object exports. */
  readonly absent: readonly string[]
  /** By their path in the build folder, the objects that export something of it. */
  readonly objects: ReadonlyMap<string, ObjectRecord>
  /** How these are made, by name. */
  readonly listed: readonly ListedObject[]
  /** What was read of objects that were looked into and export nothing of it. */
  readonly othersRead: ReadonlySet<string>
  /** Tells whether what is made from an object still holds. */
  readonly inputs: ObjectInputs
}

/** Why nothing can be said; at least one problem. */
export interface NotFound {
  readonly kind: 'not-found'
  readonly problems: readonly Problem[]
}

/**
 * `list` asks make which objects there are; `evaluate` computes checksums, in several rounds; `widen` begins a longer search
 * because of symbols that were not found so far.
 */
export type FindProgress =
  | { readonly phase: 'list' }
  | ({ readonly phase: 'evaluate' } & EvaluateProgress)
  | {
      readonly phase: 'widen'
      readonly missing: readonly string[]
      /** Objects that were looked into so far. */
      readonly done: number
      /** Objects that are looked into now; absent while that is being found out. */
      readonly total?: number
    }

/**
 * Finds what a configured and prepared kernel exports, and the checksums, without building it. When every wanted symbol is
 * expected somewhere, make is asked about those folders alone, at first. The objects that name a wanted symbol come first;
 * while a symbol is missing, more objects are looked into, by the evidence of their text, at last every one whose text leaves
 * open what it exports. Only then is a symbol absent, and only if not one of them failed.
 * @param expected the object that may export a symbol, by symbol: it comes first too
 */
export async function findExports(
  tree: KernelTree,
  wanted: Wanted,
  expected: ReadonlyMap<string, string>,
  onProgress: (progress: FindProgress) => void,
): Promise<FoundExports | NotFound> {
  const search = await openSearch(tree, wanted, expected, onProgress)
  const { evaluated, missing } = search
  const listed = await searchWhereExpected(search, wanted)
  if ('kind' in listed) return { kind: 'not-found', problems: [listed] }
  // Whatever failed there may be the very object that exports a symbol.
  const failed = failureProblems(evaluated.values(), tree.output)
  if (failed.length === 0 && (wanted === 'all' || missing.size > 0))
    await searchFurther(search, wanted, listed)
  await search.save()
  // A failure says nothing when every symbol was found elsewhere.
  const problems =
    wanted === 'all' || missing.size > 0 ? failureProblems(evaluated.values(), tree.output) : failed
  if (problems.length > 0) return { kind: 'not-found', problems }
  const result = conclude(tree, wanted, [...evaluated.values()], search.store.typesOf)
  if (result.kind === 'not-found') return result
  const symbols = result.exports.map(({ symbol }) => symbol)
  const dropped = await linkerScriptProblem(tree, search.inputs, listed, symbols)
  return dropped ? { kind: 'not-found', problems: [dropped] } : { ...result, inputs: search.inputs }
}

/** Where some objects stand among all that are to be looked into, for the progress. */
interface Span {
  readonly before: number
  readonly total: number
}

type Search = Awaited<ReturnType<typeof openSearch>>

/** What a search has found so far, and what it looks into objects with. */
async function openSearch(
  tree: KernelTree,
  wanted: Wanted,
  expected: ReadonlyMap<string, string>,
  onProgress: (progress: FindProgress) => void,
) {
  const { assumed } = tree
  const facts = await openFactStore(join(tree.results, 'facts.json'))
  const identity = programIdentities(tree.output, tree.env)
  const includable = includableFiles(tree)
  const inputs = objectInputs({
    ...{ output: tree.output, facts, programIdentity: identity, includable },
    paths: portablePaths(tree),
  })
  const store = openObjectStore(join(tree.results, 'objects'), inputs)
  const generated = await openGeneratedFiles(tree, facts)
  let span: Span | undefined
  const evaluate = evaluator({
    ...{ tree, facts, store, generated },
    onProgress: ({ done, total, ...item }) =>
      onProgress({
        ...{ phase: 'evaluate', done: done + (span?.before ?? 0), total: span?.total ?? total },
        ...item,
      }),
  })
  const placesPath = join(tree.results, 'places.json')
  const places = new Map([...expected, ...((await readKept(placesPath, keptPairs)) ?? [])])
  const evaluated = new Map<string, Evaluated>()
  const missing = new Set(wanted === 'all' ? [] : wanted)
  return {
    ...{ tree, facts, includable, inputs, store, places, evaluated, missing },
    list: async (folders: Folders): ReturnType<typeof listObjectsOnce> => {
      onProgress({ phase: 'list' })
      const listed = await listObjectsOnce(tree, facts, identity, folders)
      return assumed === undefined || 'kind' in listed
        ? listed
        : listed.map((object) => withAssumed(object, assumed))
    },
    lookInto: async (some: readonly ListedObject[], within?: Span): Promise<void> => {
      span = within
      for (const one of await evaluate(some.filter(({ object }) => !evaluated.has(object)))) {
        evaluated.set(one.object.object, one)
        for (const { symbol } of one.result.kind === 'evaluation' ? one.result.exports : []) {
          missing.delete(symbol)
          places.set(symbol, one.object.object)
        }
      }
    },
    widen: (more?: readonly ListedObject[]): void => {
      const total = more?.filter(({ object }) => !evaluated.has(object)).length
      const found = { phase: 'widen', missing: [...missing], done: evaluated.size } as const
      if (total !== 0) onProgress({ ...found, ...(total === undefined ? {} : { total }) })
    },
    save: () =>
      Promise.all([facts.save(), generated.save(), store.bound(), writeKept(placesPath, [...places])]),
  }
}

/**
 * Looks into the objects that name a wanted symbol, first in the folders where it is expected, then in all.
 * @returns the objects that were listed last
 */
async function searchWhereExpected(search: Search, wanted: Wanted): ReturnType<typeof listObjectsOnce> {
  const { tree, facts, places, missing, evaluated } = search
  let objects: readonly ListedObject[] = []
  const first = foldersOf(wanted, places)
  for (const folders of new Set([first, 'all'] as const)) {
    if (folders !== first) search.widen()
    const listed = await search.list(folders)
    if ('kind' in listed) return listed
    objects = listed
    if (wanted !== 'all') await search.lookInto(namingObjects(objects, wanted, tree.output, facts, places))
    if (missing.size === 0 || failureProblems(evaluated.values(), tree.output).length > 0) break
  }
  return objects
}

/**
 * Looks into more objects while a symbol is missing: first those whose macros make its name, by the text, then those that have
 * no text yet, then those that give a macro a part of it, at last every one whose text leaves open what it exports.
 */
async function searchFurther(
  search: Search,
  wanted: Wanted,
  objects: readonly ListedObject[],
): Promise<void> {
  const { tree, includable, missing, lookInto, widen } = search
  if (wanted !== 'all') widen()
  const possible = possibleExporters(objects, tree, includable)
  if (wanted === 'all') return lookInto(possible.objects.map(({ object }) => object))
  await follow(search, await exportEvidence(possible, tree.output, missing, tree.signal))
  await lookIntoUnmade(search, possible.objects)
  await follow(search, likelyObjects(possible, missing))
  if (missing.size === 0) return
  const others = inOrderOfMention(
    otherExporters(possible, missing).map(({ object }) => object),
    missing,
    ({ source }) => resolve(tree.output, source),
  )
  widen(others)
  const left = others.filter(({ object }) => !search.evaluated.has(object))
  for (let at = 0, size = firstOthers; missing.size > 0 && at < left.length; at += size, size *= 2)
    await lookInto(left.slice(at, at + size), { before: at, total: left.length })
}

/** One at a time, as make builds all of a folder for one such source. */
async function lookIntoUnmade(
  { tree, missing, lookInto, widen }: Search,
  objects: readonly PossibleExporter[],
): Promise<void> {
  if (missing.size === 0) return
  const unmade = unmadeObjects(objects, missing, tree)
  widen(unmade)
  for (const [before, object] of unmade.entries())
    if (missing.size > 0) await lookInto([object], { before, total: unmade.length })
}

/** Objects without a trace of a missing symbol are looked into in growing groups, beginning with so many. */
const firstOthers = 32

/** Looks into the likeliest object of each missing symbol, then into the next ones, ever more at once. */
async function follow(
  { missing, lookInto, widen }: Search,
  ranked: ReadonlyMap<string, readonly ListedObject[]>,
): Promise<void> {
  const next = (at: number, size: number) => [
    ...new Set([...missing].flatMap((symbol) => ranked.get(symbol)?.slice(at, at + size) ?? [])),
  ]
  for (let at = 0, size = 1, some = next(at, size); some.length > 0; some = next(at, size)) {
    if (at === 0) widen(some)
    await lookInto(some)
    at += size
    size *= 2
  }
}

/** The folders of the objects that shall export these symbols; all where nobody knows of one. */
function foldersOf(wanted: Wanted, places: ReadonlyMap<string, string>): Folders {
  if (wanted === 'all') return wanted
  const folders = new Set<string>()
  for (const symbol of wanted) {
    const object = places.get(symbol)
    if (object === undefined) return 'all'
    for (let folder = dirname(object); folder !== '.' && !folders.has(folder); folder = dirname(folder))
      folders.add(folder)
  }
  return folders
}

function conclude(
  { source }: KernelTree,
  wanted: Wanted,
  evaluated: readonly Evaluated[],
  typesOf: (object: ListedObject) => string | undefined,
): Omit<FoundExports, 'inputs'> | NotFound {
  const found = new Map<string, FoundExport>()
  const records = new Map<string, ObjectRecord>()
  const listed: ListedObject[] = []
  const othersRead = new Set<string>()
  const problems: Problem[] = []
  for (const { object, result } of evaluated) {
    if (result.kind !== 'evaluation') continue
    const asked = result.exports.filter(({ symbol }) => wanted === 'all' || wanted.has(symbol))
    if (asked.length === 0) {
      for (const path of result.dependencies) othersRead.add(path)
      continue
    }
    for (const { file, ...rest } of asked) {
      for (const module of object.modules) {
        const row = { ...rest, module, file: shortened(file, source), object: object.object }
        const earlier = found.get(row.symbol)
        if (earlier) problems.push(repeatedExport(earlier, row))
        else found.set(row.symbol, row)
      }
    }
    const { dependencies, unseen } = result
    const exports = asked.map(({ symbol }) => symbol)
    records.set(object.object, { exports, types: typesOf(object), dependencies, unseen })
    listed.push(object)
  }
  if (problems.length > 0) return { kind: 'not-found', problems }
  const absent = wanted === 'all' ? [] : [...wanted].filter((symbol) => !found.has(symbol))
  const exports = [...found.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
  listed.sort((a, b) => (a.object < b.object ? -1 : 1))
  return { kind: 'found', exports, absent, objects: records, listed, othersRead }
}

/** A path as people write it: relative to the source tree, if it is in there. */
function shortened(path: string, source: string): string {
  return path.startsWith(`${source}/`) ? relative(source, path) : path
}
