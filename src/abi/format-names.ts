import type { Whitelist } from './whitelist.ts'

/**
 * Writes the symbols of a whitelist as a list of names, which has no checksums: one name a line behind a tab, as RHEL
 * and Oracle write them, below a `[section]` line where a section begins. Keeps the order of the rows.
 */
export function formatNames({ rows }: Whitelist): string {
  let section = ''
  let text = ''
  for (const row of rows) {
    if (row.section !== section) text += `[${row.section}]\n`
    section = row.section
    text += `\t${row.symbol}\n`
  }
  return text
}
