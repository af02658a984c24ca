import type { VariantCause } from './explainer.ts'
import { chainTo } from './chain.ts'
import { allChanges } from './change-order.ts'
import type { Comparison, PairTypes } from './comparison.ts'
import type { ObjectTypes, TypePool } from '../types/type-pool.ts'

/** The causes that were found so far; each has an index, in the order in which they came. */
export interface FoundCauses {
  /** The index of the cause that is a name with its definitions at hand; a new cause gets the example. */
  readonly indexOf: (name: number, example: Example, pair: PairTypes) => number
  /** Notes that the example's symbol needs the cause back. */
  readonly neededAt: (index: number, example: Example) => void
  /** The name of a cause if its definitions are those of the objects at hand. */
  readonly nameHere: (index: number) => number | undefined
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
  const indexesByName = new Map<number, number[]>()
  return {
    indexOf: (name, example, pair) => {
      const { before, after } = sides(name)
      const indexes = indexesByName.get(name) ?? []
      const known = indexes.find((index) => causes[index]?.before === before && causes[index].after === after)
      if (known === undefined) {
        indexesByName.set(name, [...indexes, causes.length])
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
    neededAt: (index, example) => {
      const cause = causes[index]
      if (!cause) return
      if (cause.symbols.length === 0 || example.at < cause.example.at) cause.example = example
      cause.symbols.push(example.symbol)
    },
    nameHere: (index) => {
      const { name = -1, before, after } = causes[index] ?? {}
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
