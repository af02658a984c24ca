import type { Change, DefinitionChange, UnexplainedReason } from '../cause.ts'
import { comparison, type Comparison, type PairTypes } from './comparison.ts'
import { foundCauses, type FoundCauses } from './found-causes.ts'
import { smallestSet } from './smallest-set.ts'
import { typePool, type ObjectTypes } from '../types/type-pool.ts'

/** A symbol whose checksum differs. */
export interface ChangedSymbol {
  readonly symbol: string
  /** The checksums of the whitelist and of the build. */
  readonly before: number
  readonly after: number
}

/** Symbols that one object exported in the baseline, and one object, mostly the same, exports in the build. */
interface ObjectPair {
  /** The types of the two objects, as `.symtypes` files or by the numbers of the explainer's pool; what the symbols reach is enough. */
  readonly before: Uint8Array | ObjectTypes
  readonly after: Uint8Array | ObjectTypes
  /** Types whose bodies the compiler got and genksyms did not see, such as `s#device`; absent where nobody looked. */
  readonly unseenBefore?: readonly string[] | undefined
  readonly unseenAfter?: readonly string[] | undefined
  readonly symbols: readonly ChangedSymbol[]
}

/** A cause in one variant. */
export interface VariantCause extends DefinitionChange {
  /** All classes that it has in any object, the gravest first. */
  readonly changes: readonly Change[]
  /** The changed symbols that need it back, in the order in which they came. */
  readonly symbols: readonly string[]
  /** How an example symbol comes to it; names of definitions, the symbol first. */
  readonly chain: readonly string[]
}

/** Why the checksums of one variant changed. */
export interface VariantExplanation {
  /** All definitions that differ and that a changed symbol reaches, in the baseline or in the build. */
  readonly causes: readonly VariantCause[]
  /** By symbol, the indexes in `causes` of those it needs back. Every symbol here is proven. */
  readonly causesOf: ReadonlyMap<string, readonly number[]>
  /** Of those symbols, the ones for which putting back other causes may do as well, or more of them may spoil it. */
  readonly alternatives: ReadonlyMap<string, Alternatives>
  /** Whether a symbol has the baseline's checksum again when these causes are put back, and no others. */
  readonly restores: (symbol: string, back: ReadonlySet<number>) => boolean
  readonly unexplained: ReadonlyMap<UnexplainedReason, readonly string[]>
}

/** What else might bring a symbol back. */
interface Alternatives {
  /** Causes one of which alone might. */
  readonly alone: readonly number[]
  /** Causes that do together, whatever else is put back. */
  readonly certain: readonly number[]
}

/** Explains the changed checksums of one variant, object by object. */
interface Explainer {
  readonly add: (pair: ObjectPair) => void
  /** Counts symbols that have no types to look at. */
  readonly giveUp: (why: UnexplainedReason, symbols: readonly string[]) => void
  readonly explanation: () => VariantExplanation
}

/**
 * Makes an explainer.
 *
 * A symbol's checksum is that of its expansion, so it changed because of definitions whose own text differs, and with all
 * of those back that its *baseline* expansion comes by, it expands as it did. What only the expansion of the build comes by
 * plays no part then. Of the others, it needs each whose two texts surely expand differently: left as it is, the expansion
 * differs where it first comes by it. Those that may expand alike are left out one after the other, and two at a time, as
 * long as the checksum comes back. All checksums are recomputed for every symbol: the baseline's from the baseline's types,
 * the build's from the build's, and the baseline's again from the build's types with the needed definitions put back.
 * @param pool where types that were read already are
 */
export function explainer(pool = typePool()): Explainer {
  const compare = comparison(pool)
  const causes = foundCauses(pool, compare)
  const causesOf = new Map<string, readonly number[]>()
  const doubtful = new Map<string, Doubt>()
  const unexplained = new Map<UnexplainedReason, string[]>()

  const giveUp = (why: UnexplainedReason, symbols: readonly string[]): void => {
    unexplained.set(why, [...(unexplained.get(why) ?? []), ...symbols])
  }
  const numbers = (types: Uint8Array | ObjectTypes) => (types instanceof Uint8Array ? pool.add(types) : types)
  return {
    add: ({ before, after, unseenBefore, unseenAfter, symbols }) => {
      const unseen = {
        before: unseenBefore && new Set(unseenBefore),
        after: unseenAfter && new Set(unseenAfter),
      }
      const types = { before: numbers(before), after: numbers(after), unseen }
      compare.use(types)
      for (const changed of symbols) {
        const found = explainSymbol(changed, types, compare, causes)
        if (typeof found === 'string') {
          giveUp(found, [changed.symbol])
          continue
        }
        causesOf.set(changed.symbol, found.causes)
        if (found.doubt) doubtful.set(changed.symbol, found.doubt)
      }
    },
    giveUp,
    explanation: () => ({
      causes: causes.list(),
      causesOf,
      alternatives: new Map(
        [...doubtful].map(([symbol, { inBaseline, inBuild }]) => [
          symbol,
          { alone: inBuild, certain: inBaseline },
        ]),
      ),
      restores: (symbol, back) => {
        const doubt = doubtful.get(symbol)
        if (doubt) return restoresDoubtful(doubt, back, compare, causes)
        return causesOf.get(symbol)?.every((index) => back.has(index)) ?? false
      },
      unexplained,
    }),
  }
}

/** The indexes of the causes that a symbol needs back, and what is to be recomputed for another set of them. */
interface Explained {
  readonly causes: readonly number[]
  /** Absent where all definitions that its expansion comes by surely differ. */
  readonly doubt: Doubt | undefined
}

/** What it takes to recompute a symbol some of whose definitions may expand alike. */
interface Doubt {
  readonly root: number
  /** The checksum of the whitelist. */
  readonly before: number
  readonly types: PairTypes
  /** The indexes of the causes that its expansions come by, in their order. */
  readonly inBaseline: readonly number[]
  readonly inBuild: readonly number[]
  /** What the expansion comes by when the needed definitions are back: up to the first that is otherwise, any expands alike. */
  readonly repaired: readonly {
    readonly index: number
    readonly sure: boolean
    /** Whether it is put back. */
    readonly back: boolean
  }[]
}

/** Explains a symbol of the objects at hand. */
function explainSymbol(
  changed: ChangedSymbol,
  types: PairTypes,
  compare: Comparison,
  causes: FoundCauses,
): Explained | UnexplainedReason {
  const { symbol, before } = changed
  const found = compare.checksums(changed)
  if (typeof found === 'string') return found
  const { root, inBaseline, inBuild } = found
  const restores = (names: readonly number[]) => compare.restores(root, names, before)
  const minimal = smallestSet(inBaseline, { restores, cameBy: compare.cameBy })
  if (!minimal) return 'unproven'
  const needed = new Set(minimal)
  const reverted: number[] = []
  const indexes = inBaseline.map(({ name, at }) => {
    const example = { symbol, at, types: types.before }
    const index = causes.indexOf(name, example, types)
    if (!needed.has(name)) return index
    causes.neededAt(index, example)
    reverted.push(index)
    return index
  })
  const others = inBuild.map(({ name, at }) =>
    causes.indexOf(name, { symbol, at, types: types.after }, types),
  )
  if (inBaseline.every(({ sure }) => sure)) return { causes: reverted, doubt: undefined }
  restores(minimal)
  const repaired = compare.cameBy().map(({ name, at, sure }) => ({
    index: causes.indexOf(name, { symbol, at, types: types.before }, types),
    sure,
    back: needed.has(name),
  }))
  return { causes: reverted, doubt: { root, before, types, inBaseline: indexes, inBuild: others, repaired } }
}

function restoresDoubtful(
  doubt: Doubt,
  back: ReadonlySet<number>,
  compare: Comparison,
  causes: FoundCauses,
): boolean {
  if (doubt.inBaseline.every((index) => back.has(index))) return true
  const other = doubt.repaired.find((one) => one.back !== back.has(one.index))
  if (!other || other.sure) return !other
  compare.use(doubt.types)
  const names = [...back].flatMap((index) => causes.nameHere(index) ?? [])
  return compare.restores(doubt.root, names, doubt.before)
}
