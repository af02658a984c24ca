import { createHash } from 'node:crypto'
import { formatCrc, type Export } from '../../abi/export.ts'
import type { Problem, Read } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import type { Whitelist } from '../../abi/whitelist.ts'

/** A group of symbols that RHEL 5 kernels promise together. */
export interface SymbolGroup {
  readonly name: string
  readonly checksums: ReadonlyMap<string, number>
  /** `kernel(rhel5_mm_ga) = d5edc1b3…`: the SHA-1 of the checksums as text, one after the other, in the list's order. */
  readonly line: string
}

/**
 * Makes the groups of a whitelist whose sections are groups, with the checksums of a kernel; sorted by name.
 *
 * Problems, with no groups: `usage` for a list with symbols outside of any section, `no-checksum` for symbols that the
 * kernel does not export, of which a whole group's hash would be unknown.
 */
export function symbolGroups(
  { file, rows }: Whitelist,
  symvers: readonly Export[],
): Read<readonly SymbolGroup[]> {
  const loose = rows.find(({ section }) => section === '')
  if (loose) return nothing(noSection(file, loose.symbol, loose.line))
  const crcs = new Map(symvers.map(({ symbol, crc }) => [symbol, crc]))
  const missing = rows.filter(({ symbol }) => !crcs.has(symbol))
  if (missing.length > 0)
    return nothing(
      notExported(
        file,
        missing.map(({ symbol }) => symbol),
      ),
    )
  const sections = new Map<string, Map<string, number>>()
  for (const { section, symbol } of rows) {
    const checksums = sections.get(section) ?? new Map<string, number>()
    sections.set(section, checksums.set(symbol, crcs.get(symbol) ?? 0))
  }
  const groups = [...sections].map(([name, checksums]) => {
    const text = [...checksums.values()].map(formatCrc).join('')
    const line = `kernel(${name}) = ${createHash('sha1').update(text).digest('hex')}`
    return { name, checksums, line }
  })
  return { value: groups.sort((a, b) => (a.line < b.line ? -1 : 1)), problems: [] }
}

function nothing(problem: Problem): Read<readonly SymbolGroup[]> {
  return { value: [], problems: [problem] }
}

function noSection(file: string, symbol: string, line: number): Problem {
  return {
    kind: 'usage',
    message: `${quote(symbol)} stands in no [section] of ${quote(file)}, so it belongs to no group.`,
    place: { file, line },
    advice:
      'Give a list whose sections are groups, as kabi_whitelist_<variant> of RHEL 5; other kernels have none.',
  }
}

function notExported(file: string, symbols: readonly string[]): Problem {
  const left = symbols.length - 10
  return {
    kind: 'no-checksum',
    message: `${symbols.length === 1 ? '1 symbol' : `${symbols.length} symbols`} of ${quote(file)} not in the symvers: the hash of a group needs all of its checksums.`,
    place: { file },
    excerpt: [...symbols.slice(0, 10), ...(left > 0 ? [`and ${left} more`] : [])],
    advice: 'Give the Module.symvers, or Module.kabi_<variant>, of the kernel that the list belongs to.',
  }
}
