import type { DefinitionChange, UnexplainedReason } from '../cause.ts'
import { chainTo } from './chain.ts'
import { expander } from './expander.ts'
import { typePool, type ObjectTypes } from './type-pool.ts'

/** A symbol whose checksum differs. */
export interface ChangedSymbol {
  readonly symbol: string
  /** The checksums of the whitelist and of the build. */
  readonly before: number
  readonly after: number
}

/** Symbols that one object exported in the baseline, and one object, mostly the same, exports in the build. */
export interface ObjectPair {
  /** The `.symtypes` files of the two objects; of that of the baseline, what the symbols reach is enough. */
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly symbols: readonly ChangedSymbol[]
}

/** A cause in one variant. */
export interface VariantCause extends DefinitionChange {
  /** The changed symbols that need it back, in the order in which they came. */
  readonly symbols: readonly string[]
  /** How an example symbol comes to it; names of definitions, the symbol first. */
  readonly chain: readonly string[]
}

/** Why the checksums of one variant changed. */
export interface VariantExplanation {
  /** All definitions that differ and that a changed symbol reaches, in the baseline or in the build. */
  readonly causes: readonly VariantCause[]
  /** By symbol, the places in `causes` of those it needs back. Every symbol here is proven. */
  readonly needs: ReadonlyMap<string, readonly number[]>
  readonly unexplained: ReadonlyMap<UnexplainedReason, readonly string[]>
}

/** Explains the changed checksums of one variant, object by object. */
export interface Explainer {
  readonly add: (pair: ObjectPair) => void
  /** Counts symbols that have no types to look at. */
  readonly giveUp: (why: UnexplainedReason, symbols: readonly string[]) => void
  readonly explanation: () => VariantExplanation
}

interface FoundCause {
  readonly name: number
  readonly before: number
  readonly after: number
  readonly symbols: string[]
  example: Example
}

/** An expansion that came by a cause, and after how many names. */
interface Example {
  readonly symbol: string
  readonly at: number
  readonly types: ObjectTypes
}

/**
 * Makes an explainer.
 *
 * A symbol's checksum is that of its expansion, so it changed because of definitions whose own text differs. It needs
 * back exactly those that its *baseline* expansion comes by: with all of them in place, it expands as it did; with one
 * missing, the first place where the expansion comes by that one differs. A definition that only the expansion of the
 * build comes by plays no part once these are back. All three are recomputed for every symbol: the baseline's checksum
 * from the baseline's types, the build's from the build's, and the baseline's again from the build's types with the
 * needed definitions put back.
 */
export function explainer(): Explainer {
  const pool = typePool()
  const { expand, visited } = expander(pool)
  const causes: FoundCause[] = []
  const placesByName = new Map<number, number[]>()
  const needs = new Map<string, readonly number[]>()
  const unexplained = new Map<UnexplainedReason, string[]>()
  let sides = emptySides(0)

  const giveUp = (why: UnexplainedReason, symbols: readonly string[]): void => {
    unexplained.set(why, [...(unexplained.get(why) ?? []), ...symbols])
  }
  /** The place of a cause in `causes`; a new one gets the example. */
  const placeOf = (name: number, example: Example): number => {
    const [before = -1, after = -1] = [sides.before[name], sides.after[name]]
    const places = placesByName.get(name) ?? []
    const known = places.find((place) => causes[place]?.before === before && causes[place].after === after)
    if (known !== undefined) return known
    placesByName.set(name, [...places, causes.length])
    return causes.push({ name, before, after, symbols: [], example }) - 1
  }

  const explainSymbol = (
    { symbol, before, after }: ChangedSymbol,
    types: { readonly before: ObjectTypes; readonly after: ObjectTypes },
  ): void => {
    const root = pool.exportName(symbol)
    if (expand(root, sides.before) !== before) {
      giveUp('baseline-not-reproduced', [symbol])
      return
    }
    const needed = differing(sides, visited())
    if (expand(root, sides.after) !== after) {
      giveUp('build-not-reproduced', [symbol])
      return
    }
    const reached = differing(sides, visited())
    for (const { name } of needed) sides.repaired[name] = sides.before[name] ?? -1
    const proven = needed.length > 0 && expand(root, sides.repaired) === before
    for (const { name } of needed) sides.repaired[name] = sides.after[name] ?? -1
    if (!proven) {
      giveUp('unproven', [symbol])
      return
    }
    const places = needed.map(({ name, at }) => {
      const example = { symbol, at, types: types.before }
      const place = placeOf(name, example)
      const cause = causes[place]
      if (cause && (cause.symbols.length === 0 || at < cause.example.at)) cause.example = example
      cause?.symbols.push(symbol)
      return place
    })
    needs.set(symbol, places)
    for (const { name, at } of reached) placeOf(name, { symbol, at, types: types.after })
  }

  return {
    add: ({ before, after, symbols }) => {
      const types = { before: pool.add(before), after: pool.add(after) }
      if (sides.before.length < pool.nameCount()) sides = emptySides(pool.nameCount() * 2)
      fill(sides, types.before, types.after)
      for (const symbol of symbols) explainSymbol(symbol, types)
      clear(sides, types.before, types.after)
    },
    giveUp,
    explanation: () => ({
      causes: causes.map(({ name, before, after, symbols, example }) => ({
        name: pool.nameText(name),
        before: pool.definitionText(before),
        after: pool.definitionText(after),
        symbols,
        chain: chainTo(pool, example.types, pool.exportName(example.symbol), name).map(pool.nameText),
      })),
      needs,
      unexplained,
    }),
  }
}

/** Definitions by name, -1 where a name has none. */
interface Sides {
  readonly before: Int32Array
  readonly after: Int32Array
  /** Those of the build; where only the baseline has one, that. */
  readonly repaired: Int32Array
}

/** Which of some names have another definition now, and their places among them. */
function differing(
  { before, after }: Sides,
  names: Int32Array,
): readonly { readonly name: number; readonly at: number }[] {
  const found: { readonly name: number; readonly at: number }[] = []
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? -1
    const old = before[name] ?? -1
    const now = after[name] ?? -1
    if (old >= 0 && now >= 0 && old !== now) found.push({ name, at })
  }
  return found
}

function emptySides(names: number): Sides {
  const none = () => new Int32Array(names).fill(-1)
  return { before: none(), after: none(), repaired: none() }
}

function fill({ before, after, repaired }: Sides, old: ObjectTypes, now: ObjectTypes): void {
  put(before, old)
  put(repaired, old)
  put(after, now)
  put(repaired, now)
}

/** From the last to the first: of two records of one name the first counts. */
function put(into: Int32Array, { names, definitions }: ObjectTypes): void {
  for (let at = names.length - 1; at >= 0; at--) into[names[at] ?? 0] = definitions[at] ?? -1
}

function clear({ before, after, repaired }: Sides, old: ObjectTypes, now: ObjectTypes): void {
  for (const { names } of [old, now])
    for (const name of names) before[name] = after[name] = repaired[name] = -1
}
