import { readFile } from 'node:fs/promises'
import type { ObjectRecord } from '../../abi/evidence.ts'
import type { Layouts } from '../../abi/layouts/layout.ts'
import { isError, type Problem } from '../../problem/problem.ts'
import type { ListedObject } from '../exports/dry-run-reader.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'
import { findLayouts, type LayoutFailure, type ReachingObject } from './find-layouts.ts'
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
}

/**
 * Finds the layouts of the types behind what some objects export. They go by the types that genksyms wrote down, so there are none for
 * gendwarfksyms; objects of assembler sources have no types of their own.
 *
 * Notes: `no-layouts`, with nothing found.
 */
export async function layoutsOf(
  tree: KernelTree,
  { objects, listed }: Found,
  onProgress: (progress: {
    readonly phase: 'layouts'
    readonly done: number
    readonly total: number
  }) => void,
): Promise<LaidOut> {
  const reaching: ReachingObject[] = []
  for (const object of listed) {
    const record = objects.get(object.object)
    if (object.assembler || !record?.types) continue
    const { value: types, problems } = reachedTypes(
      await readFile(record.types),
      record.types,
      new Set(record.exports),
    )
    // What is lost here would be a type of which nobody says that its layout is not known.
    const unread = problems.find(isError)
    if (unread)
      return without(`The types of ${object.object} could not be read: ${unread.message}`, unread.excerpt)
    reaching.push({ object, types, symbols: record.exports })
  }
  if (reaching.length === 0)
    return without('The checksums of this kernel do not come from types that genksyms wrote down.')
  const found = await findLayouts(tree, reaching, tree.work, (done, total) =>
    onProgress({ phase: 'layouts', done, total }),
  )
  return found.kind === 'found' ? { layouts: found.layouts, notes: [] } : failed(found)
}

function failed({ kind, object, why, stderr }: LayoutFailure): LaidOut {
  if (kind === 'interrupted')
    return { notes: [], interrupted: { kind: 'interrupted', message: 'the search for layouts was stopped' } }
  return without(`${object} could not be compiled for its types: ${why}.`, stderr)
}

function without(message: string, excerpt: readonly string[] = []): LaidOut {
  return { notes: [{ kind: 'no-layouts', message, ...(excerpt.length > 0 ? { excerpt } : {}) }] }
}
