import { expander } from '../types/expander.ts'
import type { Change } from '../cause.ts'
import { classify } from './classify.ts'
import type { KnownTypes } from './known-types.ts'
import { surelyDiffer } from './surely-differ.ts'
import type { ObjectTypes, TypePool } from '../types/type-pool.ts'

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
  const here: AtHand = { types: undefined, ...emptySides(0) }
  const isSure = surenessByName(pool, here)

  /** Which of some names have another definition now. */
  const differing = (names: Int32Array): Differing[] => {
    const { before, after } = here
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
    use: (types) => use(types, here, pool),
    changes: (name) => classesOf(name, here, pool),
    cameBy: () => differing(visited()),
    sides: (name) => ({ before: here.before[name] ?? -1, after: here.after[name] ?? -1 }),
    checksums: (changed) => {
      const root = pool.nameNumber(changed.symbol)
      if (expand(root, here.before) !== changed.before) return 'baseline-not-reproduced'
      const inBaseline = differing(visited())
      if (expand(root, here.after) !== changed.after) return 'build-not-reproduced'
      return { root, inBaseline, inBuild: differing(visited()) }
    },
    restores: (root, names, checksum) => {
      const { before, after, repaired } = here
      for (const name of names) repaired[name] = before[name] ?? -1
      const restored = expand(root, repaired) === checksum
      for (const name of names) repaired[name] = after[name] ?? -1
      return restored
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

/** The two objects at hand. */
type AtHand = { -readonly [Side in keyof Sides]: Sides[Side] } & { types: PairTypes | undefined }

function use(types: PairTypes, here: AtHand, pool: TypePool): void {
  if (here.types === types) return
  if (here.types) clear(here, here.types)
  if (here.before.length < pool.nameCount()) Object.assign(here, emptySides(pool.nameCount() * 2))
  fill(here, types)
  here.types = types
}

interface Sureness {
  readonly sure: boolean
  /** Whether the definitions that it depends on are the same in the objects at hand. */
  readonly holds: () => boolean
}

/** Tells by name whether the two definitions at hand surely differ; what was found out is used for other objects, too. */
function surenessByName(pool: TypePool, here: AtHand): (name: number) => boolean {
  /** By both definitions, whether they surely differ, and the definitions of which that is said. */
  const found = new Map<number, Map<number, Sureness[]>>()
  /** The same by name, for the objects at hand. */
  let sureHere = new Map<number, boolean>()
  let types: PairTypes | undefined
  return (name) => {
    if (types !== here.types) sureHere = new Map()
    types = here.types
    const known = sureHere.get(name)
    if (known !== undefined) return known
    const [old = -1, now = -1] = [here.before[name], here.after[name]]
    const ofOld = found.get(old) ?? new Map<number, Sureness[]>()
    found.set(old, ofOld)
    const all = ofOld.get(now) ?? []
    ofOld.set(now, all)
    let one = all.find(({ holds }) => holds())
    if (!one) all.push((one = surenessOf(old, now, here, pool)))
    sureHere.set(name, one.sure)
    return one.sure
  }
}

function surenessOf(old: number, now: number, here: AtHand, pool: TypePool): Sureness {
  const { consult, holds } = consultation()
  const sure = surelyDiffer(pool.definitionText(old), pool.definitionText(now), (reference) => {
    const number = pool.nameNumber(reference)
    const both = [consult(() => here.before[number] ?? -1), consult(() => here.after[number] ?? -1)]
    return [...new Set(both)].filter((one) => one >= 0).map(pool.definitionText)
  })
  return { sure, holds }
}

function classesOf(name: number, here: AtHand, pool: TypePool): ReturnType<Comparison['changes']> {
  const { consult, holds } = consultation()
  const known = (side: 'before' | 'after'): KnownTypes => ({
    textOf: (type) => {
      const number = pool.nameNumber(type)
      const definition = consult(() => here[side][number] ?? -1)
      return definition < 0 ? undefined : pool.definitionText(definition)
    },
    isOpaque: (type) =>
      consult(() => {
        const unseen = here.types?.unseen[side]
        return unseen && !unseen.has(type)
      }),
  })
  const change = {
    name: pool.nameText(name),
    before: pool.definitionText(here.before[name] ?? -1),
    after: pool.definitionText(here.after[name] ?? -1),
  }
  return { changes: classify(change, { before: known('before'), after: known('after') }), holds }
}

/** Notes what is asked of the objects at hand, and tells of later ones whether they give the same answers. */
function consultation() {
  const asked: (() => boolean)[] = []
  return {
    consult: <Answer>(ask: () => Answer): Answer => {
      const answer = ask()
      asked.push(() => ask() === answer)
      return answer
    },
    holds: () => asked.every((isSame) => isSame()),
  }
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
