/**
 * A table; a column that is empty in every row is left out.
 *
 * @param rows cells that are escaped already
 * @param right heads of the columns that hold numbers
 */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const kept = heads.flatMap((head, index) => (rows.some((row) => row[index]) ? [{ head, index }] : []))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(kept.map(({ head }) => head)),
    `|${kept.map(({ head }) => (right.includes(head) ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => line(kept.map(({ index }) => row[index] ?? ''))),
  ].join('\n')
}
