import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { From, Layouts, TypeLayout, TypeText } from '../../abi/layouts/layout.ts'
import type { EnabledObject } from '../exports/enabled-object.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'
import type { Stopped } from '../exports/run-program.ts'
import { mapConcurrently } from '../../processes/map-concurrently.ts'
import { probeObject, type Probed } from './probe-object.ts'

/** An object with what its exports reach. */
export interface ReachingObject {
  readonly object: Pick<EnabledObject, 'object' | 'compile'>
  /** Types that are complete for genksyms, such as `s#device`. */
  readonly types: ReadonlySet<string>
  readonly symbols: readonly string[]
}

interface FoundLayouts {
  readonly kind: 'found'
  readonly layouts: Layouts
}

/** An object that could not be compiled without its bodies. */
export interface LayoutFailure {
  readonly kind: 'failed' | 'interrupted'
  readonly object: string
  readonly why: string
  readonly stderr: readonly string[]
}

/**
 * Finds the layouts of all types that some objects reach, and what their symbols are, from as few of the objects as it takes.
 * Objects that were looked into have to agree about a type. Equal objects in equal order give equal layouts.
 * @param scratch folder for files
 */
export async function findLayouts(
  tree: KernelTree,
  objects: readonly ReachingObject[],
  scratch: string,
  onProgress: (done: number, total: number) => void,
): Promise<FoundLayouts | LayoutFailure> {
  const search = openSearch(objects)
  for (let some = search.next(perRound); some.length > 0; some = search.next(perRound)) {
    const asked = search.asked()
    const probed = await mapConcurrently(some, tree.jobs, async (one) => {
      const types = new Set([...asked.types, ...one.types])
      const symbols = new Set([...asked.symbols, ...one.symbols])
      const place = join(scratch, `layouts-${one.object.object.replaceAll('/', '_')}`)
      return [one, await probeObject(tree, one.object, { types, symbols }, place)] as const
    })
    for (const [one, result] of probed) {
      if (result.kind !== 'probed') return failure(one, result)
      search.add(one, result)
    }
    onProgress(search.looked(), search.looked() + search.left())
  }
  return search.end()
}

/** Objects that are chosen without knowing what the others hold; on every machine as many, so that all choose the same. */
const perRound = 4

function failure({ object }: ReachingObject, stopped: Stopped): LayoutFailure {
  return stopped.kind === 'interrupted'
    ? { kind: 'interrupted', object: object.object, why: 'it was stopped', stderr: [] }
    : { ...stopped, object: object.object }
}

interface Search {
  readonly next: (count: number) => readonly ReachingObject[]
  readonly asked: () => { readonly types: ReadonlySet<string>; readonly symbols: ReadonlySet<string> }
  readonly add: (object: ReachingObject, probed: Probed) => void
  readonly looked: () => number
  readonly left: () => number
  readonly end: () => FoundLayouts
}

function openSearch(objects: readonly ReachingObject[]): Search {
  const types = new Set(objects.flatMap((one) => [...one.types]))
  const symbols = new Set(objects.flatMap((one) => one.symbols))
  const found = new Map<string, From<TypeLayout>>()
  const foundSymbols = new Map<string, From<TypeText>>()
  const unknown = new Map<string, string>()
  const looked: string[] = []
  let pointer = 0
  const waiting = new Set(objects)
  return {
    next: (most) => {
      const chosen = chooseCover([...waiting], most, types, symbols)
      for (const one of chosen) waiting.delete(one)
      return chosen
    },
    asked: () => ({ types: new Set(types), symbols: new Set(symbols) }),
    add: ({ object }, probed) => {
      const number = looked.push(object.object) - 1
      pointer = probed.pointer
      for (const [name, value] of probed.types) {
        types.delete(name)
        const known = found.get(name)
        if (!known) found.set(name, { value, object: number })
        else if (!isDeepStrictEqual(known.value, value))
          unknown.set(name, `${looked[known.object] ?? ''} and ${object.object} disagree`)
      }
      for (const name of probed.aliases) types.delete(name)
      for (const name of probed.unclear) unknown.set(name, `${object.object} has several`)
      for (const [name, value] of probed.symbols) {
        symbols.delete(name)
        if (!foundSymbols.has(name)) foundSymbols.set(name, { value, object: number })
      }
    },
    looked: () => looked.length,
    left: () => [...waiting].filter((one) => worthOf(one, types, symbols) > 0).length,
    end: () => {
      // A typedef of a type with a name of its own has no layout of its own.
      for (const name of types)
        if (!name.startsWith('t#')) unknown.set(name, 'no object that reaches it has it complete')
      for (const name of unknown.keys()) found.delete(name)
      return {
        kind: 'found',
        layouts: { pointer, objects: looked, types: found, symbols: foundSymbols, unknown },
      }
    },
  }
}

/** Objects one after the other that add most to what those before hold; none where nothing more is to be had. */
function chooseCover(
  objects: readonly ReachingObject[],
  most: number,
  types: ReadonlySet<string>,
  symbols: ReadonlySet<string>,
): readonly ReachingObject[] {
  const [openTypes, openSymbols] = [new Set(types), new Set(symbols)]
  const chosen: ReachingObject[] = []
  while (chosen.length < most) {
    let best: ReachingObject | undefined
    let bestWorth = 0
    for (const one of objects) {
      if (chosen.includes(one)) continue
      const worth = worthOf(one, openTypes, openSymbols)
      if (worth > bestWorth) [best, bestWorth] = [one, worth]
    }
    if (!best) break
    chosen.push(best)
    for (const name of best.types) openTypes.delete(name)
    for (const name of best.symbols) openSymbols.delete(name)
  }
  return chosen
}

/** How much of what is open an object has. A typedef alone is no reason to look into one: it may name what has a name. */
function worthOf(
  { types, symbols }: ReachingObject,
  openTypes: ReadonlySet<string>,
  openSymbols: ReadonlySet<string>,
): number {
  let worth = 0
  for (const name of types) if (openTypes.has(name) && !name.startsWith('t#')) worth++
  for (const name of symbols) if (openSymbols.has(name)) worth++
  return worth
}
