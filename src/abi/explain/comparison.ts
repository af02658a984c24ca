import { expander } from './expander.ts'
import { surelyDiffer } from './surely-differ.ts'
import type { ObjectTypes, TypePool } from './type-pool.ts'

/** The types of an object of the baseline, and of one of the build. */
export interface PairTypes {
  readonly before: ObjectTypes
  readonly after: ObjectTypes
}

/** A definition that differs, and that an expansion comes by. */
export interface Differing {
  readonly name: number
  /** After how many names the expansion came by it. */
  readonly at: number
  /** Whether its two texts expand differently wherever they stand, see `surelyDiffer`. */
  readonly sure: boolean
}

/** What differs in the expansions of a symbol, in their order. */
export interface Differences {
  readonly root: number
  readonly inBaseline: readonly Differing[]
  readonly inBuild: readonly Differing[]
}

/** Recomputes checksums from the types of two objects, and from those of the build with some definitions put back. */
export interface Comparison {
  /** Takes the types of two objects; everything else is about those. */
  readonly use: (types: PairTypes) => void
  /** The definitions of a name, -1 for none. */
  readonly sides: (name: number) => { readonly before: number; readonly after: number }
  /** Recomputes both checksums of a symbol. */
  readonly checksums: (changed: {
    readonly symbol: string
    readonly before: number
    readonly after: number
  }) => Differences | 'baseline-not-reproduced' | 'build-not-reproduced'
  /**
   * The names that an expansion comes by, of those with another definition now, when these are put back into the build's
   * types and give that checksum; else undefined.
   */
  readonly restores: (
    root: number,
    names: readonly number[],
    checksum: number,
  ) => readonly number[] | undefined
}

/** Makes a comparison of objects whose types are in a pool. */
export function comparison(pool: TypePool): Comparison {
  const { expand, visited } = expander(pool)
  /** Whether definitions surely differ: by both, where that is so in every object; by name, where it depends on the objects. */
  const sureAnywhere = new Map<number, Map<number, boolean>>()
  let sureHere = new Map<number, boolean>()
  let used: PairTypes | undefined
  let { before, after, repaired } = emptySides(0)

  const use = (types: PairTypes): void => {
    if (used === types) return
    if (used) clear({ before, after, repaired }, used)
    if (before.length < pool.nameCount()) ({ before, after, repaired } = emptySides(pool.nameCount() * 2))
    fill({ before, after, repaired }, types)
    used = types
    sureHere = new Map()
  }

  const isSure = (name: number): boolean => {
    const [old = -1, now = -1] = [before[name], after[name]]
    const known = sureAnywhere.get(old)?.get(now) ?? sureHere.get(name)
    if (known !== undefined) return known
    const consulted: string[] = []
    const sure = surelyDiffer(pool.definitionText(old), pool.definitionText(now), (reference) => {
      consulted.push(reference)
      const number = pool.nameNumber(reference)
      const definitions = new Set([before[number] ?? -1, after[number] ?? -1])
      return [...definitions].filter((one) => one >= 0).map(pool.definitionText)
    })
    if (consulted.length > 0) sureHere.set(name, sure)
    else sureAnywhere.set(old, (sureAnywhere.get(old) ?? new Map<number, boolean>()).set(now, sure))
    return sure
  }

  /** Which of some names have another definition now. */
  const differing = (names: Int32Array): Differing[] => {
    const found: Differing[] = []
    for (let at = 0; at < names.length; at++) {
      const name = names[at] ?? -1
      const old = before[name] ?? -1
      const now = after[name] ?? -1
      if (old >= 0 && now >= 0 && old !== now) found.push({ name, at, sure: isSure(name) })
    }
    return found
  }

  return {
    use,
    sides: (name) => ({ before: before[name] ?? -1, after: after[name] ?? -1 }),
    checksums: (changed) => {
      const root = pool.nameNumber(changed.symbol)
      if (expand(root, before) !== changed.before) return 'baseline-not-reproduced'
      const inBaseline = differing(visited())
      if (expand(root, after) !== changed.after) return 'build-not-reproduced'
      return { root, inBaseline, inBuild: differing(visited()) }
    },
    restores: (root, names, checksum) => {
      for (const name of names) repaired[name] = before[name] ?? -1
      const restored = expand(root, repaired) === checksum
      for (const name of names) repaired[name] = after[name] ?? -1
      if (!restored) return undefined
      const reached = new Set(visited())
      return names.filter((name) => reached.has(name))
    },
  }
}

/** Definitions by name, -1 where a name has none. */
interface Sides {
  readonly before: Int32Array
  readonly after: Int32Array
  /** Those of the build; where only the baseline has one, that. */
  readonly repaired: Int32Array
}

function emptySides(names: number): Sides {
  const none = () => new Int32Array(names).fill(-1)
  return { before: none(), after: none(), repaired: none() }
}

function fill({ before, after, repaired }: Sides, types: PairTypes): void {
  put(before, types.before)
  put(repaired, types.before)
  put(after, types.after)
  put(repaired, types.after)
}

/** From the last to the first: of two records of one name the first counts. */
function put(into: Int32Array, { names, definitions }: ObjectTypes): void {
  for (let at = names.length - 1; at >= 0; at--) into[names[at] ?? 0] = definitions[at] ?? -1
}

function clear({ before, after, repaired }: Sides, types: PairTypes): void {
  for (const { names } of [types.before, types.after])
    for (const name of names) before[name] = after[name] = repaired[name] = -1
}
