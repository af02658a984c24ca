import type { Symvers } from '../abi/export.ts'
import type { Problem, Read } from '../problem/problem.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import {
  differentKernels,
  firstRows,
  otherKernel,
  sharedNames,
  unversionedImports,
} from './derive-problems.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import { crcOf, importedSymbols, type ImportedSymbol } from '../module/imported-symbols.ts'

/** Where the columns beside the symbols come from: nowhere, the drivers themselves, or the exports of a kernel. */
export type ColumnSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'drivers' }
  | { readonly kind: 'symvers'; readonly symvers: Symvers }

/** A whitelist made from drivers. */
export interface DerivedWhitelist {
  readonly whitelist: Whitelist
  /** Symbols left out because one of the drivers provides them to another. */
  readonly internal: number
}

/** The section of symbols that more than one driver needs. */
export const commonSection = 'common'

/**
 * Lists what drivers need of a kernel: every symbol that one of them imports and none of them exports. Each symbol
 * stands there once: in the section `common` when several drivers need it, else in the section of its driver. `common`
 * comes first, then the drivers by name; symbols are sorted. The order of the drivers given makes no difference.
 *
 * Problems: `usage` (two drivers of one name), `other-kernel` (drivers built against different checksums, or against
 * others than those of the symvers), `no-checksum` (symbols without one, or that the symvers does not have),
 * `empty-whitelist` when nothing is left to protect. Excerpts name the symbols and their drivers.
 */
export function deriveWhitelist(
  drivers: readonly KernelModule[],
  columns: ColumnSource,
): Read<DerivedWhitelist> {
  const imported = importedSymbols(drivers)
  const exported = new Set(drivers.flatMap((driver) => [...driver.exports]))
  const external = imported.filter(({ symbol }) => !exported.has(symbol))
  const problems = [
    ...sharedNames(drivers, commonSection),
    ...differentKernels(imported),
    ...(columns.kind === 'drivers' ? unversionedImports(external) : []),
    ...(columns.kind === 'symvers' ? otherKernel(external, columns.symvers) : []),
    ...(external.length === 0 ? [nothingNeeded] : []),
  ]
  const rows = rowsOf(external, columns).sort(bySection)
  const whitelist: Whitelist = { file: 'the drivers', dialect: 'canonical', rows }
  return { value: { whitelist, internal: imported.length - external.length }, problems }
}

const unrecorded = { crc: undefined, module: undefined, type: undefined, namespace: undefined } as const

function rowsOf(imported: readonly ImportedSymbol[], columns: ColumnSource): WhitelistRow[] {
  const exports = columns.kind === 'symvers' ? firstRows(columns.symvers) : undefined
  return imported.map((one) => {
    const { symbol, importers } = one
    const [first] = importers
    const section = importers.length > 1 ? commonSection : (first?.driver.name ?? '')
    const place = { section, file: first?.driver.file ?? '', line: 1 }
    const crc = columns.kind === 'drivers' ? crcOf(one) : undefined
    return { symbol, ...unrecorded, crc, ...exports?.get(symbol), ...place }
  })
}

const nothingNeeded: Problem = {
  kind: 'empty-whitelist',
  message: 'The drivers import nothing but what they export to each other.',
  advice: 'Give drivers that need something of the kernel.',
}

function bySection(a: WhitelistRow, b: WhitelistRow): number {
  const common = Number(b.section === commonSection) - Number(a.section === commonSection)
  return common || compareTexts(a.section, b.section) || compareTexts(a.symbol, b.symbol)
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
