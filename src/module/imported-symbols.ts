import type { KernelModule } from './kernel-module.ts'

/** A symbol, and the drivers that import it. */
export interface ImportedSymbol {
  readonly symbol: string
  /** Sorted by the drivers' names. */
  readonly importers: readonly {
    readonly driver: KernelModule
    /** What this driver was built against. */
    readonly crc: number | undefined
  }[]
}

/** Every symbol that one of the drivers imports, sorted. The order of the drivers given makes no difference. */
export function importedSymbols(drivers: readonly KernelModule[]): readonly ImportedSymbol[] {
  const bySymbol = new Map<string, ImportedSymbol['importers'][number][]>()
  for (const driver of drivers.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const { symbol, crc } of driver.imports) {
      const importers = bySymbol.get(symbol)
      if (importers) importers.push({ driver, crc })
      else bySymbol.set(symbol, [{ driver, crc }])
    }
  }
  const sorted = [...bySymbol].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([symbol, importers]) => ({ symbol, importers }))
}

/** The checksum that a symbol has in the first driver that has one for it; a zero is none. */
export function crcOf({ importers }: ImportedSymbol): number | undefined {
  return importers.find(({ crc }) => crc)?.crc
}

/** The symbols that drivers need and do not provide to each other. */
export function outsideSymbols(drivers: readonly KernelModule[]): ReadonlySet<string> {
  const provided = new Set(drivers.flatMap(({ exports }) => [...exports]))
  const needed = drivers.flatMap(({ imports }) => imports.map(({ symbol }) => symbol))
  return new Set(needed.filter((symbol) => !provided.has(symbol)))
}
