import type { Symvers } from '../abi/export.ts'
import { groupBy } from '../abi/group-by.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { ModulesCheck } from '../module/check-modules.ts'
import { commonSection } from './derive-whitelist.ts'

/** The first line of the part of a request that is data; a fence of Markdown. */
export const requestFence = '```json kabi-gate-request'

/** The version of that part. */
export const requestVersion = 1

/** What one variant has of a symbol today. */
export interface RequestedInVariant {
  readonly variant: string
  /** `unknown`: neither is it on the variant's whitelist, nor are the variant's exports known. */
  readonly state: 'protected' | 'exported' | 'not-exported' | 'unknown'
  readonly crc: number | undefined
  readonly since: Since
}

/** From when on a variant has a symbol as it has it today, as far as its list and its earlier kernels tell. */
export type Since =
  /** Promised from this minor release on, as the list says. */
  | { readonly kind: 'promised'; readonly minor: number }
  /** Exported with this checksum from this release on. */
  | { readonly kind: 'from'; readonly release: string }
  /** The oldest release that is known has it already. */
  | { readonly kind: 'at-latest'; readonly release: string }
  /** The newest release that is known does not have it, or with another checksum. */
  | { readonly kind: 'after'; readonly release: string }
  | { readonly kind: 'unknown' }

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
  /** Kernels that were released before, the oldest first. */
  readonly earlier: readonly { readonly release: string; readonly symvers: Symvers }[]
}

/** Symbols that the same drivers use and that would stand in the same section. */
export interface RequestGroup {
  readonly section: string
  /** Names of the drivers. */
  readonly users: readonly string[]
  /** Each justification once, with the symbols that it is for; `text` undefined: it is still to be given. */
  readonly justifications: readonly {
    readonly text: string | undefined
    readonly symbols: readonly string[]
  }[]
}

/** The symbols that are missing on the whitelist that modules were checked against, sorted. */
export function requestedSymbols(
  { modules }: Pick<ModulesCheck, 'modules'>,
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

/** The groups that need one justification each, in the order of their first symbols. */
export function requestGroups(symbols: readonly RequestedSymbol[]): readonly RequestGroup[] {
  const groups = groupBy(symbols, ({ section, uses }) => JSON.stringify([section, usersOf(uses)]))
  return [...groups.values()].flatMap((those) => {
    const [first] = those
    if (!first) return []
    const justifications = [...groupBy(those, ({ justification }) => justification)]
    return {
      section: first.section,
      users: usersOf(first.uses),
      justifications: justifications.map(([text, some]) => ({
        text,
        symbols: some.map(({ symbol }) => symbol),
      })),
    }
  })
}

function usersOf(uses: RequestedSymbol['uses']): readonly string[] {
  return uses.map(({ module }) => module)
}

function makeStateOf(variants: readonly VariantExports[]): (symbol: string) => readonly RequestedInVariant[] {
  const known = variants.map(({ variant, whitelist, symvers, earlier }) => ({
    variant,
    listed: new Map(whitelist?.rows.map((row) => [row.symbol, row])),
    exported: symvers && checksumsIn(symvers),
    releases: earlier.map((one) => ({ release: one.release, exported: checksumsIn(one.symvers) })),
  }))
  return (symbol) =>
    known.map(({ variant, listed, exported, releases }) => {
      const row = listed.get(symbol)
      const current = row?.crc ?? exported?.get(symbol)
      const since: Since = row?.lifetime
        ? { kind: 'promised', minor: row.lifetime.first }
        : sinceOf(symbol, current, releases)
      if (row) return { variant, state: 'protected', crc: row.crc, since }
      if (!exported) return { variant, state: 'unknown', crc: undefined, since }
      return { variant, state: current === undefined ? 'not-exported' : 'exported', crc: current, since }
    })
}

function checksumsIn({ exports }: Symvers): ReadonlyMap<string, number> {
  return new Map(exports.map(({ symbol, crc }) => [symbol, crc]))
}

/** Goes back from the newest release as long as each has the symbol with the checksum of today. */
function sinceOf(
  symbol: string,
  crc: number | undefined,
  releases: readonly { readonly release: string; readonly exported: ReadonlyMap<string, number> }[],
): Since {
  if (crc === undefined || releases.length === 0) return { kind: 'unknown' }
  const other = releases.findLastIndex(({ exported }) => exported.get(symbol) !== crc)
  const first = releases[other + 1]
  if (first === undefined) return { kind: 'after', release: releases[other]?.release ?? '' }
  return { kind: other < 0 ? 'at-latest' : 'from', release: first.release }
}
