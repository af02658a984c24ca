import { formatCrc, type Export, type Symvers } from '../abi/export.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { KernelModule } from '../module/kernel-module.ts'
import { crcOf, type ImportedSymbol } from '../module/imported-symbols.ts'

/** Symbols that a problem shows before it only counts them, and drivers beside each. */
const mostSymbols = 10
const mostDrivers = 3

/**
 * The problems of drivers that could not be told apart. To the kernel `nvme-core` and `nvme_core` are one module.
 * @param reserved a name that no driver may have, because a section has it
 */
export function sharedNames(drivers: readonly KernelModule[], reserved: string): readonly Problem[] {
  const taken = new Map([[reserved, 'the section of symbols that several drivers need']])
  return drivers.flatMap(({ name, file }): readonly Problem[] => {
    const key = name.replaceAll('-', '_')
    const other = taken.get(key)
    if (other === undefined) {
      taken.set(key, quote(file))
      return []
    }
    return [
      {
        kind: 'usage',
        message: `${quote(file)} has the name of ${other}.`,
        place: { file },
        advice: 'Give each driver once, under its own name.',
      },
    ]
  })
}

/** The problem of drivers that were built against different checksums of one symbol. */
export function differentKernels(imported: readonly ImportedSymbol[]): readonly Problem[] {
  const lines = imported.flatMap((one) => {
    const { symbol, importers } = one
    const crc = crcOf(one)
    const first = importers.find((one) => one.crc === crc)
    const other = importers.find((one) => one.crc && one.crc !== crc)
    if (!first || !other) return []
    return [
      `${symbol}: ${[first, other].map((one) => `${textOf(one.crc)} in ${one.driver.name}`).join(', ')}`,
    ]
  })
  return listed(lines, {
    kind: 'other-kernel',
    message: `${symbols(lines)} different checksums in the drivers, which were built for different kernels.`,
    advice: 'Give drivers that were built for the same kernel.',
  })
}

/** The problem of symbols that no driver has a checksum for. */
export function unversionedImports(imported: readonly ImportedSymbol[]): readonly Problem[] {
  const lines = imported.filter((one) => crcOf(one) === undefined).map(importedBy)
  return listed(lines, {
    kind: 'no-checksum',
    message: `${symbols(lines)} no checksum in any of the drivers.`,
    advice: 'Leave these drivers or the checksums out: what has no checksum cannot be guarded.',
  })
}

/** One row for each symbol: of several the first, since what a list promises is what the kernel itself exports. */
export function firstRows({ exports }: Symvers): ReadonlyMap<string, Export> {
  return new Map(exports.toReversed().map((row) => [row.symbol, row]))
}

/** The problems of symbols that the kernel with the given exports does not have as the drivers need them. */
export function otherKernel(imported: readonly ImportedSymbol[], symvers: Symvers): readonly Problem[] {
  const { file } = symvers
  const rows = firstRows(symvers)
  const missing = imported.filter(({ symbol }) => !rows.has(symbol)).map(importedBy)
  const unversioned = imported.filter(({ symbol }) => rows.get(symbol)?.crc === 0).map(importedBy)
  const changed = imported.flatMap((one) => {
    const [built, now] = [crcOf(one), rows.get(one.symbol)?.crc]
    return built && now && built !== now ? [`${importedBy(one)}: ${textOf(built)}, not ${textOf(now)}`] : []
  })
  const place = { file }
  return [
    ...listed(changed, {
      kind: 'other-kernel',
      message: `${symbols(changed)} other checksums in the drivers than in ${quote(file)}.`,
      place,
      advice: 'Give the Module.symvers of the kernel that the drivers were built for.',
    }),
    ...listed(missing, {
      kind: 'no-checksum',
      message: `${symbols(missing)} no export in ${quote(file)}.`,
      place,
      advice:
        'Give drivers built for that kernel, and with them the modules they need that are not part of it.',
    }),
    ...listed(unversioned, {
      kind: 'no-checksum',
      message: `${symbols(unversioned)} no checksum, only zero, in ${quote(file)}.`,
      place,
    }),
  ]
}

/** `3 symbols have`, to begin a message. */
function symbols({ length }: readonly string[]): string {
  return length === 1 ? '1 symbol has' : `${length} symbols have`
}

/** One problem with its lines as an excerpt; none without lines. */
function listed(lines: readonly string[], problem: Problem): readonly Problem[] {
  if (lines.length === 0) return []
  const left = lines.length - mostSymbols
  const excerpt = [...lines.slice(0, mostSymbols), ...(left > 0 ? [`and ${left} more`] : [])]
  return [{ ...problem, excerpt }]
}

function importedBy({ symbol, importers }: ImportedSymbol): string {
  const names = importers.slice(0, mostDrivers).map(({ driver }) => driver.name)
  const left = importers.length - names.length
  return `${symbol} (${names.join(', ')}${left > 0 ? ` and ${left} more` : ''})`
}

function textOf(crc: number | undefined): string {
  return crc === undefined ? 'none' : formatCrc(crc)
}
