import type { Cause, CauseGroup, Change, CauseReach, Explanation, Unexplained } from '../cause.ts'
import { crc32, feedBytes } from '../crc32.ts'
import type { VariantCause, VariantExplanation } from './explainer.ts'
import { allChanges } from './change-order.ts'
import { repairSteps, type Doubtful } from './repair-steps.ts'

/** An explanation, and which of its causes each changed symbol needs back. */
export interface Explained {
  readonly explanation: Explanation
  /** Ids of causes by variant, then by symbol, in the order of the causes. */
  readonly causesOf: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>
}

/**
 * Puts the explanations of some variants together: a definition that changed in the same way in several of them is one
 * cause, and a symbol counts once, with all that it needs in any of them. Where a cause stands in the tree is not known
 * here.
 * @param variants by name, in the order of the plan
 */
export function mergeExplanations(variants: ReadonlyMap<string, VariantExplanation>): Explained {
  const merged = new Map<string, MergingCause>()
  const needsOfSymbol = new Map<string, Set<string>>()
  const idsOf = new Map<VariantExplanation, readonly string[]>()
  for (const [variant, explanation] of variants) {
    const ids = explanation.causes.map(causeId)
    idsOf.set(explanation, ids)
    explanation.causes.forEach((cause, index) => {
      const id = ids[index] ?? ''
      const known = merged.get(id) ?? { first: cause, reach: [], changes: [] }
      known.changes.push(cause.changes)
      // A chain through the baseline tells more than one that exists only in the build.
      if (known.reach.length === 0 && cause.symbols.length > 0) known.first = cause
      if (cause.symbols.length > 0) known.reach.push({ variant, symbols: cause.symbols })
      merged.set(id, known)
    })
    for (const [symbol, indexes] of explanation.causesOf) {
      const all = needsOfSymbol.get(symbol) ?? new Set()
      needsOfSymbol.set(symbol, all)
      for (const index of indexes) all.add(ids[index] ?? '')
    }
  }
  const unexplained = unexplainedOf(variants)
  // A symbol that one variant could not explain does not come back by what the others say.
  const unproven = new Set(unexplained.flatMap(({ symbols }) => symbols))
  for (const symbol of unproven) needsOfSymbol.delete(symbol)
  const doubtful = doubtfulOf(variants, idsOf, needsOfSymbol)
  const alone = restoredAlone(needsOfSymbol, doubtful)
  const causes = [...merged]
    .map(([id, { first, reach, changes: found }]): Cause => {
      const symbols = new Set(reach.flatMap((one) => one.symbols)).size
      const { name, before, after, chain } = first
      const changes = allChanges(found)
      const alike = { id, name, before, after, changes, reach, symbols, chain }
      return { ...alike, alone: alone.get(id) ?? 0, matters: symbols > 0 }
    })
    .sort((a, b) => b.symbols - a.symbols || b.alone - a.alone || (a.id < b.id ? -1 : 1))
  const ranks = new Map(causes.map(({ id }, rank) => [id, rank]))
  const byRank = (a: string, b: string): number => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0)
  const groups = groupsOf(needsOfSymbol, byRank)
  const causesOf = new Map(
    [...variants].map(([variant, explanation]) => {
      const ids = idsOf.get(explanation) ?? []
      const ofSymbols = [...explanation.causesOf].map(
        ([symbol, indexes]) => [symbol, indexes.map((index) => ids[index] ?? '').sort(byRank)] as const,
      )
      return [variant, new Map(ofSymbols)] as const
    }),
  )
  const explanation = {
    changed: needsOfSymbol.size + unproven.size,
    proven: needsOfSymbol.size,
    causes,
    groups,
    repair: repairSteps(groups, doubtful),
    unexplained,
  }
  return { explanation, causesOf }
}

interface MergingCause {
  first: VariantCause
  readonly reach: CauseReach[]
  readonly changes: (readonly Change[])[]
}

/** The name and a checksum of both texts. */
function causeId({ name, before, after }: VariantCause): string {
  const bytes = new TextEncoder().encode(`${before}\n${after}`)
  const crc = ~feedBytes(crc32(), -1, bytes, 0, bytes.length) >>> 0
  return `${name}:${crc.toString(16).padStart(8, '0')}`
}

/** The symbols that in some variant may do with other causes than those they need. */
function doubtfulOf(
  variants: ReadonlyMap<string, VariantExplanation>,
  idsOf: ReadonlyMap<VariantExplanation, readonly string[]>,
  needsOfSymbol: ReadonlyMap<string, ReadonlySet<string>>,
): DoubtfulSymbols {
  const certain = new Map<string, readonly string[]>()
  const worthTrying = new Map<string, readonly string[]>()
  for (const { alternatives } of variants.values())
    for (const symbol of alternatives.keys()) {
      const needed = needsOfSymbol.get(symbol)
      if (!needed || certain.has(symbol)) continue
      const idsFrom = (which: 'certain' | 'alone') =>
        [...variants.values()].flatMap((one) =>
          (one.alternatives.get(symbol)?.[which] ?? []).map((index) => idsOf.get(one)?.[index] ?? ''),
        )
      certain.set(symbol, [...new Set([...needed, ...idsFrom('certain')])])
      worthTrying.set(symbol, [...new Set([...needed, ...idsFrom('alone')])])
    }
  const restores = (symbol: string, back: ReadonlySet<string>): boolean =>
    [...variants.values()].every((one) => {
      if (!one.causesOf.has(symbol)) return true
      const indexes = (idsOf.get(one) ?? []).flatMap((id, index) => (back.has(id) ? [index] : []))
      return one.restores(symbol, new Set(indexes))
    })
  return { certain, worthTrying, restores }
}

interface DoubtfulSymbols extends Doubtful {
  /** Of each symbol, causes that may bring it back alone. */
  readonly worthTrying: ReadonlyMap<string, readonly string[]>
}

/** How many symbols come back when one cause alone is put back. */
function restoredAlone(
  needsOfSymbol: ReadonlyMap<string, ReadonlySet<string>>,
  { worthTrying, restores }: DoubtfulSymbols,
): ReadonlyMap<string, number> {
  const alone = new Map<string, number>()
  const count = (id: string): unknown => alone.set(id, (alone.get(id) ?? 0) + 1)
  for (const [symbol, needed] of needsOfSymbol) {
    const candidates = worthTrying.get(symbol)
    if (candidates) for (const id of candidates.filter((one) => restores(symbol, new Set([one])))) count(id)
    else if (needed.size === 1) for (const id of needed) count(id)
  }
  return alone
}

function groupsOf(
  needsOfSymbol: ReadonlyMap<string, ReadonlySet<string>>,
  byRank: (a: string, b: string) => number,
): readonly CauseGroup[] {
  const groups = new Map<string, { readonly causes: readonly string[]; readonly symbols: string[] }>()
  for (const [symbol, ids] of needsOfSymbol) {
    const causes = [...ids].sort(byRank)
    const key = causes.join('\n')
    const group = groups.get(key) ?? { causes, symbols: [] }
    group.symbols.push(symbol)
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => b.symbols.length - a.symbols.length)
}

function unexplainedOf(variants: ReadonlyMap<string, VariantExplanation>): readonly Unexplained[] {
  return [...variants].flatMap(([variant, { unexplained }]) =>
    [...unexplained].map(([why, symbols]) => ({ variant, why, symbols })),
  )
}
