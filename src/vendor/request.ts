import type { Symvers } from '../abi/export.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { ModulesCheck } from '../module/check-modules.ts'
import { commonSection } from './derive-whitelist.ts'

/** What one variant has of a symbol today. */
export interface RequestedInVariant {
  readonly variant: string
  /** `unknown`: neither is it on the variant's whitelist, nor are the variant's exports known. */
  readonly state: 'protected' | 'exported' | 'not-exported' | 'unknown'
  readonly crc: number | undefined
}

/** A symbol that drivers need and that is not on the whitelist. */
export interface RequestedSymbol {
  readonly symbol: string
  /** The drivers that use it, with the checksum that each was built against. */
  readonly uses: readonly { readonly module: string; readonly crc: number | undefined }[]
  /** Where it would stand: with the symbols of its driver, or with those of several. */
  readonly section: string
  readonly justification: string | undefined
  readonly variants: readonly RequestedInVariant[]
}

/** What is known of one variant when symbols are asked for. */
export interface VariantExports {
  readonly variant: string
  readonly whitelist: Whitelist | undefined
  readonly symvers: Symvers | undefined
}

/** The symbols that are missing on the whitelist that modules were checked against, sorted. */
export function requestedSymbols(
  { modules }: ModulesCheck,
  variants: readonly VariantExports[],
  justificationFor: (module: string, symbol: string) => string | undefined,
): readonly RequestedSymbol[] {
  const found = new Map<string, { uses: RequestedSymbol['uses'][number][]; why: string | undefined }>()
  for (const { module, violations } of modules) {
    for (const violation of violations) {
      if (violation.kind !== 'not-listed') continue
      const { symbol, crc } = violation
      const entry = found.get(symbol) ?? { uses: [], why: undefined }
      entry.uses.push({ module: module.name, crc })
      entry.why ??= justificationFor(module.file, symbol)
      found.set(symbol, entry)
    }
  }
  const stateOf = makeStateOf(variants)
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, { uses, why }]) => ({
      symbol,
      uses,
      section: uses.length > 1 ? commonSection : (uses[0]?.module ?? commonSection),
      justification: why,
      variants: stateOf(symbol),
    }))
}

function makeStateOf(variants: readonly VariantExports[]): (symbol: string) => readonly RequestedInVariant[] {
  const known = variants.map(({ variant, whitelist, symvers }) => ({
    variant,
    listed: new Map(whitelist?.rows.map(({ symbol, crc }) => [symbol, crc])),
    exported: symvers && new Map(symvers.exports.map(({ symbol, crc }) => [symbol, crc])),
  }))
  return (symbol) =>
    known.map(({ variant, listed, exported }) => {
      if (listed.has(symbol)) return { variant, state: 'protected', crc: listed.get(symbol) }
      if (!exported) return { variant, state: 'unknown', crc: undefined }
      const crc = exported.get(symbol)
      return { variant, state: crc === undefined ? 'not-exported' : 'exported', crc }
    })
}
