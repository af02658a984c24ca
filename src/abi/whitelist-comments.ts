import { sectionName } from './section-name.ts'
import { textLines } from './text-lines.ts'
import type { WhitelistRow } from './whitelist.ts'

/** The `#` lines of a whitelist in canonical form, by what they stand above. */
export interface WhitelistComments {
  /** Before everything else: about the whole list. */
  readonly header: readonly string[]
  /** Above the `[section]` line, by the name of the section. */
  readonly sections: ReadonlyMap<string, readonly string[]>
  /** Above a row, by `rowKey`. */
  readonly rows: ReadonlyMap<string, readonly string[]>
  /** After everything else. */
  readonly footer: readonly string[]
}

/** Tells the rows of a whitelist apart: each symbol stands once a section. */
export function rowKey({ section, symbol }: Pick<WhitelistRow, 'section' | 'symbol'>): string {
  return `${symbol} ${section}`
}

/**
 * Gathers the comments of a whitelist. A comment belongs to the next line that is none; those before the first such
 * line belong to the list as a whole.
 * @param rows what `parseWhitelist` read from the same text
 */
export function readComments(text: string, rows: readonly WhitelistRow[]): WhitelistComments {
  const rowAt = new Map(rows.map((row) => [row.line, row]))
  const ofSections = new Map<string, readonly string[]>()
  const ofRows = new Map<string, readonly string[]>()
  let header: readonly string[] | undefined
  let waiting: readonly string[] = []
  textLines(text).forEach((source, index) => {
    const content = source.trim()
    if (content === '') return
    if (content.startsWith('#')) {
      waiting = [...waiting, content]
      return
    }
    if (header) {
      const section = sectionName(content)
      const row = rowAt.get(index + 1)
      if (section !== undefined) ofSections.set(section, [...(ofSections.get(section) ?? []), ...waiting])
      else if (row) ofRows.set(rowKey(row), waiting)
    } else header = waiting
    waiting = []
  })
  return { header: header ?? [], sections: ofSections, rows: ofRows, footer: waiting }
}
