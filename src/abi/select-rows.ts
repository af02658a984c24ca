import type { Export, Symvers } from './export.ts'
import type { Whitelist, WhitelistRow } from './whitelist.ts'

/** What a build has of the symbols that somebody wants to protect. */
export interface SelectedRows {
  readonly rows: readonly WhitelistRow[]
  /** Wanted symbols that the build does not export. */
  readonly absent: readonly string[]
  /** Symbols that it exports without a checksum: there is nothing to promise. */
  readonly unversioned: readonly string[]
}

/**
 * Makes whitelist rows of exports.
 * @param names the symbols wanted, with their sections and lifetimes; absent: every export
 */
export function selectRows({ exports }: Symvers, names: Whitelist | undefined): SelectedRows {
  const bySymbol = new Map(exports.map((row) => [row.symbol, row]))
  const wanted = new Set(names?.rows.map(({ symbol }) => symbol) ?? bySymbol.keys())
  const symbols = [...wanted]
  return {
    rows: names
      ? rowsOf(names, bySymbol)
      : exports.filter(hasChecksum).map((row) => ({ ...row, section: '' })),
    absent: symbols.filter((symbol) => !bySymbol.has(symbol)),
    unversioned: symbols.filter((symbol) => bySymbol.get(symbol)?.crc === 0),
  }
}

function rowsOf(names: Whitelist, exports: ReadonlyMap<string, Export>): readonly WhitelistRow[] {
  return names.rows.flatMap(({ symbol, section, lifetime }) => {
    const found = exports.get(symbol)
    if (!found || !hasChecksum(found)) return []
    return [lifetime ? { ...found, section, lifetime } : { ...found, section }]
  })
}

/** Zero stands for none. */
function hasChecksum({ crc }: Export): boolean {
  return crc !== 0
}
