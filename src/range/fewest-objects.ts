import { groupBy } from '../abi/group-by.ts'
import type { Break } from '../judge/break.ts'

/**
 * The symbols of few objects that tell of each break whether it is there: what an object exports is computed together, and one object that
 * reaches a definition tells as well as a thousand.
 * @param objects the object of each symbol; a symbol that has none is taken
 * @returns symbols that the breaks name
 */
export function tellingSymbols(
  breaks: readonly Break[],
  objects: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const named = [...new Set(breaks.flatMap(({ symbols }) => symbols))]
  const byObject = groupBy(named, (symbol) => objects.get(symbol) ?? `${symbol}, of no object`)
  const told = new Map(
    [...byObject].map(([object, symbols]) => [object, breaks.filter((one) => tellsOf(one, symbols))]),
  )
  const found = new Set<string>()
  let left: readonly Break[] = breaks.filter(({ symbols }) => symbols.length > 0)
  while (left.length > 0) {
    const open = new Set(left)
    const [best] = [...told]
      .map(([object, some]) => ({ object, count: some.filter((one) => open.has(one)).length }))
      .sort((a, b) => b.count - a.count || (a.object < b.object ? -1 : 1))
    if (!best || best.count === 0) break
    for (const symbol of byObject.get(best.object) ?? []) found.add(symbol)
    const done = new Set(told.get(best.object))
    left = left.filter((one) => !done.has(one))
  }
  return found
}

function tellsOf(broken: Break, symbols: readonly string[]): boolean {
  const some = new Set(symbols)
  return broken.symbols.some((symbol) => some.has(symbol))
}
