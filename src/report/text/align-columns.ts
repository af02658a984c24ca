/** One value of a table; what is painted keeps its width. */
export interface Cell {
  readonly text: string
  readonly paint?: ((text: string) => string) | undefined
  readonly align?: 'right' | undefined
}

/** A longer text sticks out of its row instead of widening the column for all. */
const widestColumn = 44

/**
 * Rows of a table as lines, columns aligned and two spaces apart. A column that is empty in every row is left out.
 *
 * @param indent what every line begins with
 */
export function alignColumns(rows: readonly (readonly (Cell | string)[])[], indent = ''): string[] {
  const table = rows.map((row) => row.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell)))
  const widths: number[] = []
  for (const row of table) {
    row.forEach(({ text }, index) => {
      const width = text.length > widestColumn ? 1 : text.length
      widths[index] = Math.max(widths[index] ?? 0, width)
    })
  }
  return table.map((row) => {
    let line = indent
    let isFirst = true
    row.forEach(({ text, paint, align }, index) => {
      const width = widths[index] ?? 0
      if (width === 0) return
      const padding = ' '.repeat(Math.max(0, width - text.length))
      const painted = paint && text !== '' ? paint(text) : text
      line += (isFirst ? '' : '  ') + (align === 'right' ? padding + painted : painted + padding)
      isFirst = false
    })
    return line.trimEnd()
  })
}
