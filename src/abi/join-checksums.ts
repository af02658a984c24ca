import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { conflictingRows } from './repeated-row.ts'
import { problemList } from '../problem/problem-list.ts'
import type { Whitelist, WhitelistRow } from './whitelist.ts'

/** Symbols that the problem about missing checksums shows. */
const mostNamed = 10

/**
 * Gives the rows of a list of names the checksum, module, export type and namespace that a second list, such as
 * `Module.kabi_*`, records for them. Rows of the second list that the first does not name protect nothing.
 *
 * Problems: `no-checksum`, one for all names that stay without; `conflicting-rows` where a name has another checksum
 * already.
 */
export function joinChecksums(names: Whitelist, checksums: Whitelist): Read<Whitelist> {
  const bySymbol = new Map(checksums.rows.map((row) => [row.symbol, row]))
  const problems = problemList()
  const rows = names.rows.map((row): WhitelistRow => {
    const found = bySymbol.get(row.symbol)
    if (!found) return row
    if (row.crc !== undefined && row.crc !== found.crc) problems.error(() => conflictingRows(found, row))
    const { crc, module, type, namespace } = found
    return { ...row, crc, module, type, namespace }
  })
  const value = { ...names, rows }
  const missing = checksumsMissing(value)
  if (missing)
    problems.error(() => ({
      ...missing,
      message: `${missing.message} Looked for in ${quote(checksums.file)}.`,
    }))
  return { value, problems: problems.all() }
}

/**
 * The one `no-checksum` problem of a whitelist that has rows without a checksum: how many symbols, the first ten, and
 * the place of the first. `undefined` when every row has one.
 */
export function checksumsMissing(whitelist: Whitelist): Problem | undefined {
  const without = whitelist.rows.filter(({ crc }) => crc === undefined)
  const [first] = without
  if (!first) return undefined
  const symbols = [...new Set(without.map(({ symbol }) => symbol))]
  const total = new Set(whitelist.rows.map(({ symbol }) => symbol)).size
  const named = symbols.slice(0, mostNamed).join(', ') + (symbols.length > mostNamed ? ', …' : '')
  return {
    kind: 'no-checksum',
    message: `${symbols.length} of ${total} protected symbols have no checksum: ${named}.`,
    place: { file: first.file, line: first.line },
  }
}
