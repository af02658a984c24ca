import type { ObjectTypes, TypePool } from './type-pool.ts'
import { partOf, partSize } from '../symtypes.ts'

/** What one object exports, and the types behind that. */
export interface TypedObject {
  /** Its path in the tree, without suffix: `net/core/dev`. */
  readonly object: string
  readonly exports: readonly string[]
  /** What the exports reach, themselves included, by the numbers of a pool. */
  readonly types: ObjectTypes
}

/** The type definitions behind exports of a kernel, object by object. Two objects may export the same symbol. */
export interface KernelTypes {
  /** The file or folder that they came from. */
  readonly file: string
  readonly objects: readonly TypedObject[]
}

/** Whose types are wanted. Objects that export none of these are left out, and what only others reach. */
export type IsWanted = (symbol: string) => boolean

/**
 * Goes from some names through their definitions.
 * @param definitionOf the definition of a name, -1 for none
 * @param missing is told of a name without a definition, and of the one whose definition refers to it
 */
export type Reach = (
  names: readonly number[],
  definitionOf: (name: number) => number,
  missing: (name: number, from: number) => void,
) => ObjectTypes

/** Makes the function that finds what exports of a pool reach; it keeps the room that it needs for the next time. */
export function reachIn(pool: TypePool): Reach {
  /** The round in which a name was last seen; they are counted from 1. */
  let seen = new Int32Array()
  let round = 0
  return (roots, definitionOf, missing) => {
    if (seen.length < pool.nameCount()) seen = new Int32Array(pool.nameCount() * 2)
    round++
    const parts = pool.parts()
    const partsStart = pool.partsStart()
    const partsEnd = pool.partsEnd()
    const names: number[] = []
    const definitions: number[] = []
    const visit = (name: number, from: number): void => {
      if (seen[name] === round) return
      seen[name] = round
      const definition = definitionOf(name)
      if (definition < 0) {
        missing(name, from)
        return
      }
      names.push(name)
      definitions.push(definition)
    }
    for (const root of roots) visit(root, root)
    for (let at = 0; at < names.length; at++) {
      const definition = definitions[at] ?? 0
      const end = partsEnd[definition] ?? 0
      for (let part = (partsStart[definition] ?? end) + partSize; part < end; part += partSize)
        visit(parts[part + partOf.record] ?? 0, names[at] ?? 0)
    }
    return { names: Int32Array.from(names), definitions: Int32Array.from(definitions) }
  }
}
