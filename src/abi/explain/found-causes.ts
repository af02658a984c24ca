import type { VariantCause } from './explainer.ts'
import { chainTo } from './chain.ts'
import { allChanges } from './change-order.ts'
import type { Comparison, PairTypes } from './comparison.ts'
import type { ObjectTypes, TypePool } from '../types/type-pool.ts'

/** The causes that were found so far; each has a place, in the order in which they came. */
export interface FoundCauses {
  /** The place of the cause that is a name with its definitions at hand; a new cause gets the example. */
  readonly placeOf: (name: number, example: Example, pair: PairTypes) => number
  /** Notes that the example's symbol needs the cause back. */
  readonly neededAt: (place: number, example: Example) => void
  /** The name of a cause if its definitions are those of the objects at hand. */
  readonly nameHere: (place: number) => number | undefined
  readonly list: () => readonly VariantCause[]
}

/** An expansion that came by a cause, and after how many names. */
interface Example {
  readonly symbol: string
  readonly at: number
  readonly types: ObjectTypes
}

interface FoundCause {
  readonly name: number
  readonly before: number
  readonly after: number
  readonly symbols: string[]
  example: Example
  /** In each object where the types it refers to are others. */
  readonly changes: ReturnType<Comparison['changes']>[]
  /** For which it was made sure that one of `changes` holds. */
  classified: PairTypes
}

/** Makes an empty list of causes. */
export function foundCauses(pool: TypePool, { sides, changes }: Comparison): FoundCauses {
  const causes: FoundCause[] = []
  const placesByName = new Map<number, number[]>()
  return {
    placeOf: (name, example, pair) => {
      const { before, after } = sides(name)
      const places = placesByName.get(name) ?? []
      const known = places.find((place) => causes[place]?.before === before && causes[place].after === after)
      if (known === undefined) {
        placesByName.set(name, [...places, causes.length])
        const found = {
          name,
          before,
          after,
          symbols: [],
          example,
          changes: [changes(name)],
          classified: pair,
        }
        return causes.push(found) - 1
      }
      const cause = causes[known]
      if (cause && cause.classified !== pair) {
        cause.classified = pair
        if (!cause.changes.some(({ holds }) => holds())) cause.changes.push(changes(name))
      }
      return known
    },
    neededAt: (place, example) => {
      const cause = causes[place]
      if (!cause) return
      if (cause.symbols.length === 0 || example.at < cause.example.at) cause.example = example
      cause.symbols.push(example.symbol)
    },
    nameHere: (place) => {
      const { name = -1, before, after } = causes[place] ?? {}
      const here = sides(name)
      return here.before === before && here.after === after ? name : undefined
    },
    list: () =>
      causes.map(({ name, before, after, symbols, example, changes: found }) => ({
        name: pool.nameText(name),
        before: pool.definitionText(before),
        after: pool.definitionText(after),
        changes: allChanges(found.map((one) => one.changes)),
        symbols,
        chain: chainTo(pool, example.types, pool.nameNumber(example.symbol), name).map(pool.nameText),
      })),
  }
}
