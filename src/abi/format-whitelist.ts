import { formatCrc } from './export.ts'
import { absent } from './parse-row.ts'
import { rowKey, type WhitelistComments } from './whitelist-comments.ts'
import type { Whitelist, WhitelistRow } from './whitelist.ts'

/**
 * Writes a whitelist in canonical form: one row a line,
 * `0xcrc TAB symbol TAB module TAB export-type TAB namespace TAB lifetime`, under `[section]` lines. Rows outside of
 * any section come first; sections keep the order of their first rows; inside a section rows are sorted by symbol, in
 * the order of UTF-16 code units. Lines end with LF, the last one too.
 *
 * All rows have the columns of the widest one, the lifetime aside: an absent column is `-`. The namespace column of a symbol in no
 * namespace is present and empty. `parseWhitelist` reads the same rows again.
 * @param comments the `#` lines to write above sections and rows; those of sections and rows that are gone are not
 */
export function formatWhitelist(
  whitelist: Whitelist,
  comments: WhitelistComments = { header: [], sections: new Map(), rows: new Map(), footer: [] },
): string {
  const sections = new Map<string, WhitelistRow[]>([['', []]])
  for (const row of whitelist.rows) {
    const rows = sections.get(row.section)
    if (rows) rows.push(row)
    else sections.set(row.section, [row])
  }
  const width = whitelist.rows.reduce((most, row) => Math.max(most, widthOf(row)), 0)
  const lines: string[] = [...comments.header]
  for (const [section, rows] of sections) {
    if (section !== '') lines.push(...(comments.sections.get(section) ?? []), `[${section}]`)
    for (const row of rows.sort(bySymbol)) {
      lines.push(...(comments.rows.get(rowKey(row)) ?? []), formatRow(row, width))
    }
  }
  lines.push(...comments.footer)
  return lines.map((line) => line + '\n').join('')
}

function bySymbol(a: WhitelistRow, b: WhitelistRow): number {
  if (a.symbol === b.symbol) return 0
  return a.symbol < b.symbol ? -1 : 1
}

function columnsOf({ crc, symbol, module, type, namespace }: WhitelistRow): readonly (string | undefined)[] {
  return [crc === undefined ? undefined : formatCrc(crc), symbol, module, type, namespace]
}

/** Columns of a row up to the last one that is present; all of them where a lifetime follows. */
function widthOf(row: WhitelistRow): number {
  const columns = columnsOf(row)
  return row.lifetime ? columns.length : columns.findLastIndex((column) => column !== undefined) + 1
}

/** @param width columns of each row; all that there can be before a lifetime */
function formatRow(row: WhitelistRow, width: number): string {
  const { lifetime } = row
  const columns = columnsOf(row).map((column) => column ?? absent)
  if (!lifetime) return columns.slice(0, width).join('\t')
  return [...columns, `#${lifetime.first}-${lifetime.last ?? ''}`].join('\t')
}
