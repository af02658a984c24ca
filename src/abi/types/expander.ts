import { crc32 } from '../crc32.ts'
import { feedRepeated, feedText, partOf, partSize } from '../symtypes.ts'
import type { TypePool } from './type-pool.ts'

/** Expands exports by the definitions of one object, and remembers what the last expansion came by. */
interface Expander {
  /**
   * The checksum of an export, as an unsigned number; undefined when it reaches a name without a definition that is
   * understood.
   * @param definitions by name, the definition that the name has; -1 for none
   */
  readonly expand: (root: number, definitions: Int32Array) => number | undefined
  /** The names that the last expansion came by, in its order, the export first; valid until the next one. */
  readonly visited: () => Int32Array
}

/**
 * Makes an expander of the definitions of a pool. It works as genksyms does (`expand_and_crc_sym` in
 * scripts/genksyms/genksyms.c); see `symtypesChecksums`.
 */
export function expander(pool: TypePool): Expander {
  const { shift: zeros } = crc32()
  /** The expansion in which a name was last begun; they are counted from 1. */
  let begun = new Int32Array()
  let order = new Int32Array()
  let stack = new Int32Array()
  let round = 0
  let count = 0

  const expand = (root: number, definitions: Int32Array): number | undefined => {
    const parts = pool.parts()
    const partsStart = pool.partsStart()
    const partsEnd = pool.partsEnd()
    if (begun.length < pool.nameCount()) {
      const size = pool.nameCount() * 2
      begun = new Int32Array(size)
      order = new Int32Array(size)
      stack = new Int32Array(size * 2)
    }
    round++
    count = 0
    let depth = 0
    let part = 0
    let end = 0
    let crc = -1
    let name = root
    for (;;) {
      begun[name] = round
      order[count++] = name
      const definition = definitions[name] ?? -1
      const first = definition < 0 ? -1 : (partsStart[definition] ?? -1)
      if (first < 0) return undefined
      if (depth > 0 || name !== root) {
        stack[depth++] = part
        stack[depth++] = end
      }
      part = first
      end = partsEnd[definition] ?? 0
      crc = feedText(zeros, crc, parts, part)
      part += partSize
      for (;;) {
        if (part === end) {
          if (depth === 0) return ~crc >>> 0
          end = stack[--depth] ?? 0
          part = stack[--depth] ?? 0
          crc = feedText(zeros, crc, parts, part)
          part += partSize
          continue
        }
        name = parts[part + partOf.record] ?? 0
        if (begun[name] !== round) break
        crc = feedRepeated(zeros, crc, parts, part)
        part += partSize
      }
    }
  }
  return { expand, visited: () => order.subarray(0, count) }
}
