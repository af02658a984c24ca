import { partOf, partSize } from '../symtypes.ts'
import type { ObjectTypes, TypePool } from '../types/type-pool.ts'

/**
 * The shortest way from one name to another along the references of their definitions, both ends included; only the two
 * of them when there is none.
 */
export function chainTo(pool: TypePool, types: ObjectTypes, from: number, to: number): readonly number[] {
  const parts = pool.parts()
  const partsStart = pool.partsStart()
  const partsEnd = pool.partsEnd()
  const definitionOf = new Map<number, number>()
  for (const [at, name] of types.names.entries())
    if (!definitionOf.has(name)) definitionOf.set(name, types.definitions[at] ?? -1)
  const cameFrom = new Map([[from, from]])
  const queue = [from]
  for (const name of queue) {
    if (name === to) break
    const definition = definitionOf.get(name) ?? -1
    const first = definition < 0 ? -1 : (partsStart[definition] ?? -1)
    if (first < 0) continue
    const end = partsEnd[definition] ?? 0
    for (let part = first + partSize; part < end; part += partSize) {
      const next = parts[part + partOf.record] ?? 0
      if (cameFrom.has(next)) continue
      cameFrom.set(next, name)
      queue.push(next)
    }
  }
  if (from === to) return [from]
  const chain = [to]
  for (let name = cameFrom.get(to); name !== undefined && name !== from; name = cameFrom.get(name)) {
    chain.unshift(name)
  }
  return [from, ...chain]
}
