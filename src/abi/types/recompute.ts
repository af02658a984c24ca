import { expander } from './expander.ts'
import type { TypePool } from './type-pool.ts'
import type { KernelTypes, TypedObject } from './kernel-types.ts'

/** What types say of checksums that are known. */
export interface Recomputed {
  /** By symbol, the object whose types give the checksum. */
  readonly proven: ReadonlyMap<string, TypedObject>
  /** By symbol, what came out instead, of the first object that exports it. */
  readonly different: ReadonlyMap<string, { readonly object: TypedObject; readonly crc: number | undefined }>
  /** Symbols that no object exports. */
  readonly missing: readonly string[]
}

/** The checksums of rows, but for those that have none. */
export function checksumsOf(
  rows: readonly { readonly symbol: string; readonly crc: number | undefined }[],
): ReadonlyMap<string, number> {
  return new Map(rows.flatMap(({ symbol, crc }) => (crc ? [[symbol, crc] as const] : [])))
}

/**
 * Recomputes checksums from the types of a kernel. Where several objects export a symbol, as in a build folder in which an object of an
 * earlier configuration was left, the one whose types give the checksum is meant.
 */
export function recompute(
  pool: TypePool,
  { objects }: KernelTypes,
  checksums: ReadonlyMap<string, number>,
): Recomputed {
  const { expand } = expander(pool)
  const definitions = new Int32Array(pool.nameCount()).fill(-1)
  const proven = new Map<string, TypedObject>()
  const different = new Map<string, { readonly object: TypedObject; readonly crc: number | undefined }>()
  for (const one of objects) {
    const { exports, types } = one
    const asked = exports.filter((symbol) => checksums.has(symbol) && !proven.has(symbol))
    if (asked.length === 0) continue
    for (const [at, name] of types.names.entries()) definitions[name] = types.definitions[at] ?? -1
    for (const symbol of asked) {
      const crc = expand(pool.nameNumber(symbol), definitions)
      if (crc === checksums.get(symbol)) {
        proven.set(symbol, one)
        different.delete(symbol)
      } else if (!different.has(symbol)) different.set(symbol, { object: one, crc })
    }
    for (const name of types.names) definitions[name] = -1
  }
  const missing = [...checksums.keys()].filter((symbol) => !proven.has(symbol) && !different.has(symbol))
  return { proven, different, missing }
}
