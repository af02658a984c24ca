import { htmlText } from '../escape.ts'

/** A table that scrolls on its own; a column that is empty in every row is left out. */
export function htmlTable(
  label: string,
  heads: readonly string[],
  rows: readonly { readonly attributes?: string; readonly cells: readonly string[] }[],
  right: readonly string[] = [],
): string {
  const kept = heads.flatMap((head, index) =>
    rows.some(({ cells }) => cells[index]) ? [{ head, index, number: right.includes(head) }] : [],
  )
  const cell = (tag: string, html: string, number: boolean) =>
    `<${tag}${number ? ' class="n"' : ''}>${html}</${tag.split(' ')[0] ?? tag}>`
  return `<div class="scroll" role="region" aria-label="${htmlText(label)}" tabindex="0"><table><thead><tr>${kept
    .map(({ head, number }) => cell('th scope="col"', head, number))
    .join('')}</tr></thead><tbody>
${rows
  .map(
    ({ attributes = '', cells }) =>
      `<tr${attributes}>${kept.map(({ index, number }) => cell('td', cells[index] ?? '', number)).join('')}</tr>`,
  )
  .join('\n')}
</tbody></table></div>`
}
