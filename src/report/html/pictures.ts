import { htmlText } from '../escape.ts'
import type { Picture, PictureGap, PicturePlace, PictureRow, Pictures } from '../model/report-model.ts'
import { counted } from '../words.ts'
import { html } from './html-pen.ts'
import type { PageLinks } from './page-links.ts'

/** Longest name or type of a member: there may be many of them in one page. */
const longest = 160

const code = (text: string) => `<code>${htmlText(text, longest)}</code>`

/**
 * Each type as a table that opens: a row for each member, where it was and where it is.
 * @returns HTML; the first of the types is open
 */
export function picturesHtml({ items, left }: Pictures, links: PageLinks): string {
  const rest =
    left > 0 ? `<p>… and ${counted(left, 'more type')} that ${left === 1 ? 'is' : 'are'} not drawn.</p>` : ''
  return items.map((item, at) => pictureHtml(item, at === 0, links)).join('\n') + rest
}

function pictureHtml(picture: Pictures['items'][number], isFirst: boolean, links: PageLinks): string {
  const { title, of, size, rows, left, where, symbols } = picture
  const isSized = of === 'members'
  const heads = isSized
    ? ['Before', 'After', 'Bytes', 'Member', 'Change']
    : ['Before', 'After', 'Name', 'Change']
  const head = heads
    .map((name, at) => `<th scope="col"${at < heads.length - 2 ? ' class="n"' : ''}>${name}</th>`)
    .join('')
  const lines = rows.map((row) => (row.kind === 'gap' ? gapHtml(row, isSized) : rowHtml(row, isSized)))
  const bytes = `${beforeAfter(String(size.before), String(size.after))} bytes`
  const open = isFirst ? ' open' : ''
  const number = links.numberOf.get(picture)
  const cause = links.causeOf.get(title)
  const rest = left > 0 ? `<p>… and ${counted(left, 'more row')}.</p>` : ''
  const about = cause === undefined ? '' : ` data-causes="${cause}"`
  return `<details class="picture" id="picture-${number}"${about}${open}><summary><h3>${code(title)} before and after</h3> <span class="muted">${bytes} in ${html(where)}</span></summary><div class="body">
<div class="scroll" role="region" aria-label="${htmlText(title)} before and after" tabindex="0"><table class="memory"><caption>${captionOf(picture)}</caption><thead><tr>${head}</tr></thead><tbody>
${lines.join('\n')}
</tbody></table></div>${rest}${causeHtml(cause)}${symbolsHtml(symbols)}</div></details>`
}

function causeHtml(cause: number | undefined): string {
  if (cause === undefined) return ''
  return `<p><a href="#cause-${cause}">Cause ${cause}</a> says what changed the checksums, and what to do.</p>`
}

/** More names are only counted. */
const mostSymbols = 1000

function symbolsHtml(symbols: readonly string[]): string {
  if (symbols.length === 0) return ''
  const names = symbols.slice(0, mostSymbols).map((name) => htmlText(name))
  const left = symbols.length - names.length
  const lines = [...names, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n')
  const head = `${counted(symbols.length, 'symbol')} ${symbols.length === 1 ? 'reaches' : 'reach'} it`
  return `<details><summary>${head}</summary><div class="body"><pre>${lines}</pre></div></details>`
}

/** What the table shows, in words that do not depend on seeing it. */
function captionOf({ of, size, align, rows }: Picture): string {
  if (of === 'values') return 'The values of the names, before and after the change.'
  const changed = (what: string, before: number, after: number) =>
    before === after ? `${what} ${before}` : `${what} ${before} before and ${after} after`
  const hasBits = rows.some((row) => row.kind === 'row' && (row.after ?? row.before)?.place.includes(':'))
  return [
    'Where each member begins, in bytes, before and after the change',
    hasBits ? '; 4:3 is bit 3 of byte 4' : '',
    `. ${changed('Size', size.before, size.after)}`,
    align ? `, ${changed('alignment', align.before, align.after)}` : '',
    '.',
  ].join('')
}

function gapHtml({ count, shift }: PictureGap, isSized: boolean): string {
  const moved = isSized ? movedBy(shift) : `with a value ${Math.abs(shift)} ${shift > 0 ? 'higher' : 'lower'}`
  const words = shift === 0 ? counted(count, 'equal row') : `${counted(count, 'row')}, each ${moved}`
  return `<tr class="gap"><td colspan="${isSized ? 5 : 4}">… ${words}</td></tr>`
}

function rowHtml(row: PictureRow, isSized: boolean): string {
  const { before, after, name, inUnion } = row
  const cell = (shown: string) => `<td class="n">${shown}</td>`
  const place = (side: PicturePlace | undefined) => cell(side ? htmlText(side.place) : '–')
  const size = isSized ? cell(beforeAfter(before?.size, after?.size)) : ''
  const unused = unusedWord(row)
  const notes = [typesHtml(row), inUnion ? 'in a union' : ''].filter((note) => note !== '')
  const about = unused ?? (name === '' ? 'no name' : code(name))
  const small = notes.length === 0 ? '' : ` <small>${notes.join(', ')}</small>`
  return `<tr class="${lookOf(row)}">${place(before)}${place(after)}${size}<th scope="row">${about}${small}</th><td>${changeWords(row, isSized)}</td></tr>`
}

function unusedWord({ what }: PictureRow): string | undefined {
  return what.includes('hole') ? 'hole' : what.includes('padding') ? 'padding at the end' : undefined
}

function typesHtml({ before, after }: PictureRow): string {
  const shown = (type: string | undefined) => (type === undefined ? undefined : code(type))
  return beforeAfter(shown(before?.type), shown(after?.type))
}

/** `8`, or `8 → 16` where there are two that differ. */
function beforeAfter(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined || before === after) return after ?? before ?? ''
  return `${before} → ${after}`
}

/** The class that colours a row; the words say the same. */
function lookOf(row: PictureRow): string {
  const { before, after, what } = row
  const look = !before ? 'new' : !after ? 'gone' : what.includes('same') ? 'same' : 'moved'
  return unusedWord(row) === undefined ? look : 'unused'
}

/** What happened, with a sign in front that tells it without colour. */
function changeWords(row: PictureRow, isSized: boolean): string {
  const { before, after, what, shift } = row
  if (!before) return '+ new'
  if (!after) return '− gone'
  if (shift === 0) return '= same'
  const isHole = unusedWord(row) !== undefined
  if (!isSized) return '≠ other value'
  const words = [
    ...(what.includes('moved') || (isHole && shift !== undefined) ? [movedBy(shift)] : []),
    ...(what.includes('retyped') ? ['other type'] : []),
    ...(what.includes('resized') || (isHole && shift === undefined) ? ['other size'] : []),
  ]
  return words.length === 0 ? '= same' : `≠ ${words.join(', ')}`
}

/** `moved +8` for eight bytes, `moved +8:1` for a bit more; without a number where more than that happened. */
function movedBy(shift: number | undefined): string {
  if (shift === undefined) return 'moved'
  const way = shift > 0 ? '+' : '−'
  const bits = Math.abs(shift)
  return `moved ${way}${Math.floor(bits / 8)}${bits % 8 === 0 ? '' : `:${bits % 8}`}`
}
