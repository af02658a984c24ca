import { expander } from './expander.ts'
import type { Change } from '../cause.ts'
import { classify } from './classify.ts'
import type { BothTypes, KnownTypes } from './known-types.ts'
import { surelyDiffer } from './surely-differ.ts'
import type { ObjectTypes, TypePool } from './type-pool.ts'

/** The types of an object of the baseline, and of one of the build. */
export interface PairTypes {
  readonly before: ObjectTypes
  readonly after: ObjectTypes
  /** Names of types whose bodies the compiler got and genksyms did not see; undefined where nobody looked. */
  readonly unseen: {
    readonly before: ReadonlySet<string> | undefined
    readonly after: ReadonlySet<string> | undefined
  }
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
  /** In which ways a definition changed, and whether that is said of the same types here. */
  readonly changes: (name: number) => { readonly changes: readonly Change[]; readonly holds: () => boolean }
  /** Recomputes both checksums of a symbol. */
  readonly checksums: (changed: {
    readonly symbol: string
    readonly before: number
    readonly after: number
  }) => Differences | 'baseline-not-reproduced' | 'build-not-reproduced'
  /** Whether the build's types give that checksum when the definitions of these names are put back. */
  readonly restores: (root: number, names: readonly number[], checksum: number) => boolean
  /** What differs, of all that the last recomputed expansion came by, in its order. */
  readonly cameBy: () => readonly Differing[]
}

/** Makes a comparison of objects whose types are in a pool. */
export function comparison(pool: TypePool): Comparison {
  const { expand, visited } = expander(pool)
  /** By both definitions, whether they surely differ, and the definitions of which that is said. */
  const found = new Map<number, Map<number, Sureness[]>>()
  /** The same by name, for the objects at hand. */
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
    const known = sureHere.get(name)
    if (known !== undefined) return known
    const [old = -1, now = -1] = [before[name], after[name]]
    const ofOld = found.get(old) ?? new Map<number, Sureness[]>()
    found.set(old, ofOld)
    const all = ofOld.get(now) ?? []
    ofOld.set(now, all)
    let one = all.find(({ holds }) => holds())
    if (!one) all.push((one = surenessOf(old, now)))
    sureHere.set(name, one.sure)
    return one.sure
  }

  const surenessOf = (old: number, now: number): Sureness => {
    const consulted: (() => boolean)[] = []
    const sure = surelyDiffer(pool.definitionText(old), pool.definitionText(now), (reference) => {
      const number = pool.nameNumber(reference)
      const here = [before[number] ?? -1, after[number] ?? -1] as const
      consulted.push(() => (before[number] ?? -1) === here[0] && (after[number] ?? -1) === here[1])
      return [...new Set(here)].filter((one) => one >= 0).map(pool.definitionText)
    })
    return { sure, holds: () => consulted.every((same) => same()) }
  }

  const changes = (name: number) => {
    /** What the classes depend on, and what was so. */
    const consulted: (() => boolean)[] = []
    const known = (side: 'before' | 'after'): KnownTypes => {
      const definitionOf = (number: number) => (side === 'before' ? before : after)[number] ?? -1
      const isOpaque = (type: string) => {
        const unseen = used?.unseen[side]
        return unseen && !unseen.has(type)
      }
      return {
        textOf: (type) => {
          const number = pool.nameNumber(type)
          const definition = definitionOf(number)
          consulted.push(() => definitionOf(number) === definition)
          return definition < 0 ? undefined : pool.definitionText(definition)
        },
        isOpaque: (type) => {
          const opaque = isOpaque(type)
          consulted.push(() => isOpaque(type) === opaque)
          return opaque
        },
      }
    }
    const types: BothTypes = { before: known('before'), after: known('after') }
    const change = {
      name: pool.nameText(name),
      before: pool.definitionText(before[name] ?? -1),
      after: pool.definitionText(after[name] ?? -1),
    }
    const found = classify(change, types)
    return { changes: found, holds: () => consulted.every((same) => same()) }
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
    changes,
    cameBy: () => differing(visited()),
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
      return restored
    },
  }
}

interface Sureness {
  readonly sure: boolean
  /** Whether the definitions that it depends on are the same in the objects at hand. */
  readonly holds: () => boolean
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
