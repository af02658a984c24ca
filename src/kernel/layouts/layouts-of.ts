import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectRecord } from '../../abi/evidence.ts'
import type { Layouts } from '../../abi/layouts/layout.ts'
import { shownOf } from '../../abi/shown-of.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { isError, type Problem } from '../../problem/problem.ts'
import type { ListedObject } from '../exports/dry-run-reader.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'
import type { ObjectInputs } from '../exports/object-inputs.ts'
import {
  findLayouts,
  findReleasedLayouts,
  type FoundLayouts,
  type LayoutFailure,
  type LazyObject,
  type Looking,
  type ReachingObject,
} from './find-layouts.ts'
import { askHeaders } from './ask-headers.ts'
import { probeObject } from './probe-object.ts'
import { keptProbe } from './probe-store.ts'
import { allUnknown, whyRandomized } from './randomized.ts'
import { reachedTypes } from './reached-types.ts'

/** Layouts, or why there are none. */
interface LaidOut {
  readonly layouts?: Layouts
  readonly notes: readonly Problem[]
  /** The run is to end. */
  readonly interrupted?: Problem
}

interface Found {
  readonly objects: ReadonlyMap<string, ObjectRecord>
  readonly listed: readonly ListedObject[]
  readonly inputs: ObjectInputs
}

type OnProgress = (progress: {
  readonly phase: 'layouts'
  readonly done: number
  readonly total: number
}) => void

/**
 * Finds the layouts of the types behind what some objects export. They go by the types that genksyms wrote down, so there are none for
 * gendwarfksyms; objects of assembler sources have no types of their own. Answers of objects are kept in the folder of results.
 *
 * Notes: `no-layouts`, with nothing found; `layouts-not-known`, where all is wanted and objects that could not be compiled have some
 * of it alone.
 * @param wanted those that a release had, or of everything that the objects reach
 */
export async function layoutsOf(
  tree: KernelTree,
  found: Found,
  wanted: Layouts | 'all',
  onProgress: OnProgress,
): Promise<LaidOut> {
  const objects = lazyObjects(found)
  if (objects.length === 0)
    return without('The checksums of this kernel do not come from types that genksyms wrote down.')
  const randomized = await whyRandomized(tree, found.listed)
  if (randomized !== undefined)
    return wanted === 'all'
      ? without(`Layouts are not known: ${randomized}.`)
      : { layouts: allUnknown(wanted, randomized), notes: [] }
  const kept = join(tree.results, 'layouts')
  const looking: Looking = {
    probe: keptProbe(kept, found.inputs, (object, asked) =>
      probeObject(tree, object, asked, join(tree.work, `layouts-${object.object.replaceAll('/', '_')}`)),
    ),
    headers: askHeaders(tree, found, kept),
    jobs: tree.jobs,
    onProgress: (done, total) => onProgress({ phase: 'layouts', done, total }),
  }
  try {
    const result =
      wanted === 'all'
        ? await findLayouts(await openAll(objects), looking)
        : await findReleasedLayouts(wanted, objects, looking)
    if (result.kind !== 'found') return failed(result)
    return { layouts: result.layouts, notes: wanted === 'all' ? lostTo(result) : [] }
  } catch (error) {
    // What is lost here would be a type of which nobody says that its layout is not known.
    if (error instanceof Unread) return without(error.message, error.excerpt)
    throw error
  }
}

class Unread extends Error {
  readonly excerpt: readonly string[]

  constructor(object: string, { message, excerpt = [] }: Problem) {
    super(`The types of ${object} could not be read: ${message}`)
    this.excerpt = excerpt
  }
}

function lazyObjects({ objects, listed }: Found): readonly LazyObject[] {
  return listed.flatMap((object): LazyObject[] => {
    const record = objects.get(object.object)
    const file = record?.types
    if (object.assembler || !record || file === undefined) return []
    const types = async () => {
      const read = reachedTypes(await readFile(file), file, new Set(record.exports))
      const unread = read.problems.find(isError)
      if (unread) throw new Unread(object.object, unread)
      return read.value
    }
    return [{ object, symbols: record.exports, types }]
  })
}

async function openAll(objects: readonly LazyObject[]): Promise<readonly ReachingObject[]> {
  const opened: ReachingObject[] = []
  for (const { object, symbols, types } of objects) opened.push({ object, symbols, types: await types() })
  return opened
}

function failed({ kind, object, why, stderr }: LayoutFailure): LaidOut {
  if (kind === 'interrupted')
    return { notes: [], interrupted: { kind: 'interrupted', message: 'the search for layouts was stopped' } }
  return without(`${object} could not be compiled for its types: ${why}.`, stderr)
}

/** What only objects have that could not be compiled. */
function lostTo({ layouts, failures, lost }: FoundLayouts): readonly Problem[] {
  const [first] = failures
  if (!first || lost.length === 0) return []
  const all = layouts.types.size + layouts.symbols.size + layouts.unknown.size
  const objects = failures.length === 1 ? first.object : `${failures.length} objects`
  const excerpt = [
    ...shownOf(
      lost.map((name) => {
        const title = name.includes('#') ? definitionTitle(name) : name
        return `${title}: ${layouts.unknown.get(name) ?? ''}`
      }),
    ),
    ...first.stderr,
  ]
  return [
    {
      kind: 'layouts-not-known',
      message: `Of ${lost.length} of ${all} types and symbols the layout is not known and not stored, because ${objects} could not be compiled for types.`,
      advice:
        'Compile the object by hand and see what is wrong, then store the layouts again with `kabi-gate whitelist enrich`. A change of these types in memory is not noticed until then.',
      excerpt,
    },
  ]
}

function without(message: string, excerpt: readonly string[] = []): LaidOut {
  return { notes: [{ kind: 'no-layouts', message, ...(excerpt.length > 0 ? { excerpt } : {}) }] }
}
