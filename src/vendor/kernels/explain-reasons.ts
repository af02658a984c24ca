import { definitionTitle } from '../../abi/explain/definition-title.ts'
import type { VariantExplanation } from '../../abi/explain/explainer.ts'
import { explainStoredLists, type SourcedList } from '../../whitelists/explain-stored-lists.ts'
import type { LoadReason } from './load-column.ts'

/** For checksums that keep modules from loading the definitions behind them, as they are titled: `struct net_device`. */
export type ReasonCauses = ReadonlyMap<LoadReason, readonly string[]>

/**
 * Explains checksums that do not fit from the types that stand beside whitelists: that of the kernel which a module was built for, and that
 * of the kernel which has another checksum. What neither pair of lists can tell has no causes.
 */
export async function explainReasons(
  reasons: readonly LoadReason[],
  lists: readonly SourcedList[],
): Promise<ReasonCauses> {
  const crcs = lists.map(({ whitelist }) => new Map(whitelist.rows.map(({ symbol, crc }) => [symbol, crc])))
  const explained = new Map<string, VariantExplanation | undefined>()
  const found = new Map<LoadReason, readonly string[]>()
  for (const reason of reasons) {
    if (reason.kind !== 'checksum') continue
    const { symbol, built, expected } = reason
    for (const [from, to] of pairsWith(crcs, symbol, built, expected)) {
      const [before, after] = [lists[from], lists[to]]
      if (!before || !after) continue
      const pair = `${from} ${to}`
      if (!explained.has(pair)) explained.set(pair, (await explainStoredLists('', before, after)).value)
      const { causes = [], causesOf } = explained.get(pair) ?? {}
      const titles = (causesOf?.get(symbol) ?? []).flatMap((index) => causes[index]?.name ?? [])
      if (titles.length === 0) continue
      found.set(reason, titles.map(definitionTitle))
      break
    }
  }
  return found
}

/** The lists of which one has the first checksum of a symbol, and the other the second. */
function pairsWith(
  crcs: readonly ReadonlyMap<string, number | undefined>[],
  symbol: string,
  built: number | undefined,
  expected: number | undefined,
): readonly (readonly [number, number])[] {
  const having = (crc: number | undefined) =>
    crc === undefined ? [] : crcs.flatMap((rows, index) => (rows.get(symbol) === crc ? [index] : []))
  return having(built).flatMap((from) => having(expected).map((to) => [from, to] as const))
}
