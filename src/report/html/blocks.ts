import { htmlText } from '../escape.ts'
import { cutDiff } from '../model/cut-diff.ts'
import type {
  Blames,
  CauseEntry,
  Causes,
  ListName,
  Problems,
  Section,
  Sets,
  SymbolTable,
  Table,
} from '../model/report-model.ts'
import { variantsInWords } from '../model/variant-words.ts'
import { andMore, counted } from '../words.ts'
import { html, htmlPen } from './html-pen.ts'
import type { PageLinks } from './page-links.ts'

const code = (text: string) => `<code>${htmlText(text)}</code>`

/** Rows of each list before the rest is only counted: a page may be long, but has to open. */
const mostRows: Readonly<Partial<Record<ListName, number>>> = {
  blames: 200,
  edits: 500,
  drivers: 2000,
  ranks: 100,
  ignored: 200,
  unused: 200,
  idle: 100,
  series: 1000,
  reach: 1000,
  problems: 100,
}

function more(left: number, noun?: string): string {
  if (left <= 0) return ''
  return `<p>… and ${noun === undefined ? `${left} more` : counted(left, `more ${noun}`)}.</p>`
}

/**
 * A table that scrolls on its own; a column that is empty in every row is left out. All but the label is HTML already.
 * @param right the heads of columns with numbers
 */
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

export function tableHtml({ list, caption, columns, rows, noun }: Table): string {
  const shown = rows.slice(0, mostRows[list])
  const cells = shown.map((row) => ({ cells: row.map(html) }))
  const numbers = columns.flatMap(({ head, number }) => (number ? [head] : []))
  const heads = columns.map(({ head }) => head)
  return htmlTable(caption, heads, cells, numbers) + more(rows.length - shown.length, noun)
}

/** More rows than these are listed by their names only. */
const mostSymbols = 200

export function symbolsHtml({ columns, groups }: SymbolTable): string {
  let room = mostSymbols
  return groups
    .map(({ where, rows }) => {
      const shown = rows.slice(0, room)
      room -= shown.length
      const rest = rows.slice(shown.length)
      const inVariants = `in ${html(where)}`
      const table = htmlTable(
        `Symbols ${inVariants}`,
        columns.map(({ head }) => head),
        shown.map(({ symbol, cells }) => ({
          attributes: ` data-symbol="${htmlText(symbol)}"`,
          cells: cells.map(html),
        })),
      )
      const names = rest.map(({ symbol }) => htmlText(symbol)).join('\n')
      const noun = `${shown.length > 0 ? 'more ' : ''}symbol${rest.length === 1 ? '' : 's'}`
      return [
        shown.length > 0 ? `<p>${counted(rows.length, 'symbol')} ${inVariants}:</p>${table}` : '',
        rest.length > 0
          ? `<details class="set"><summary><h3><span class="count">${rest.length}</span> ${noun}</h3> <span class="muted">${inVariants}</span></summary><div class="body"><pre class="symbols">${names}</pre></div></details>`
          : '',
      ].join('\n')
    })
    .join('\n')
}

export function blamesHtml({ items }: Blames): string {
  const shown = items.slice(0, mostRows.blames)
  const rows = shown.map(({ place, line, remark }) => ({
    cells: [code(place), line === undefined ? '' : htmlPen.patch(line), html(remark)],
  }))
  const table = htmlTable('Lines behind the findings', ['Place', 'Line', 'What'], rows)
  return `<p>Look at:</p>${table}${more(items.length - shown.length)}`
}

/** The way to repair everything, the causes by variants, then each cause. */
export function causesHtml(block: Causes, sets: string | undefined, links: PageLinks): string {
  return `${stepsHtml(block)}
<p class="muted">How many protected symbols each definition changed; “alone” counts those that reverting it alone fixes.</p>
${matrixHtml(block)}
${block.causes.map((cause) => causeHtml(cause, sets, links)).join('\n')}`
}

const mostSteps = 12
const mostNames = 5

/** The shortest way to repair everything, step by step. */
function stepsHtml({ steps, changed }: Causes): string {
  if (steps.length === 0) return ''
  const left = steps.length - mostSteps
  const items = steps.slice(0, mostSteps).map(({ names, restored }, index) => {
    const shown = names.slice(0, mostNames).map(html).join(', ') + andMore(names.length - mostNames)
    return `<li><span>${index === 0 ? 'Revert' : 'then'} ${shown}</span><meter min="0" max="${changed}" value="${restored}" aria-label="symbols fixed">${restored}</meter><span class="muted">fixes ${restored} of ${changed}</span></li>`
  })
  return `<ol class="steps">${items.join('')}</ol>${left > 0 ? `<p class="muted">… and ${counted(left, 'more step')}.</p>` : ''}`
}

/** Causes by variants, to scan: the fuller a cell, the more symbols. */
function matrixHtml({ causes, variants }: Causes): string {
  const most = causes.reduce((sum, { reach }) => Math.max(sum, ...reach.values()), 1)
  const head = ['Cause', 'Symbols', 'Alone', ...variants]
    .map((name, index) => `<th scope="col"${index > 0 ? ' class="n"' : ''}>${htmlText(name)}</th>`)
    .join('')
  const rows = causes.map(
    ({ number, title, risk, classes, place, symbols, alone, reach, onlySome, where }) => {
      const cells = variants.map((variant) => {
        const count = reach.get(variant) ?? 0
        if (count === 0) return '<td class="n muted">–</td>'
        return `<td class="n h${Math.max(1, Math.ceil(5 * Math.sqrt(count / most)))}">${count}</td>`
      })
      const some = onlySome ? ` <span class="badge warn">${html(where)}</span>` : ''
      const badges = `<span class="badge ${risk}">${htmlText(classes)}</span>${some}`
      const at = place === undefined ? '' : `<small class="mono">${htmlText(place)}</small>`
      return `<tr data-cause="${number}"><th scope="row">${number}. <a href="#cause-${number}">${code(title)}</a> ${badges}${at}</th><td class="n">${symbols}</td><td class="n">${alone}</td>${cells.join('')}</tr>`
    },
  )
  return `<div class="scroll" role="region" aria-label="Causes by variant" tabindex="0"><table class="matrix"><thead><tr>${head}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`
}

/** Causes after these start folded, and after those their diffs are cut shorter. */
const openCauses = 3
const longDiffs = 50

/** One cause with all that helps to repair it. */
function causeHtml(cause: CauseEntry, sets: string | undefined, links: PageLinks): string {
  const { number, title, risk, change, symbols, where, facts, diff } = cause
  const items = facts.map(({ name, words, place }) => {
    const at = place === undefined ? '' : `${code(place)} `
    const link =
      name === 'Reach' && sets !== undefined
        ? ` (<a href="#${sets}" data-find="cause:${number}">show<span class="muted"> the symbols of cause ${number}</span></a>)`
        : ''
    return `<dt>${name}</dt><dd>${at}${html(words)}${link}</dd>`
  })
  const open = number <= openCauses ? ' open' : ''
  return `<details class="cause ${risk}" id="cause-${number}" data-cause="${number}"${open}><summary><h3>${number}. ${code(title)}: ${html(change)}</h3> <span class="muted">${counted(symbols, 'symbol')} ${html(where)}</span></summary><div class="body">
<dl class="facts">${items.join('')}${drawnHtml(cause, links)}</dl>
${diffHtml(diff, number <= longDiffs ? 200 : 40)}</div></details>`
}

/** Where the page draws the definition, once for each way in which variants have it. */
function drawnHtml({ title }: CauseEntry, { picturesOf, numberOf }: PageLinks): string {
  const pictures = picturesOf.get(title) ?? []
  const links = pictures.map((picture) => {
    const where = pictures.length === 1 ? '' : ` in ${html(picture.where)}`
    return `<a href="#picture-${numberOf.get(picture)}">${code(title)} before and after${where}</a>`
  })
  return links.length === 0 ? '' : `<dt>Picture</dt><dd>${links.join(', ')}</dd>`
}

const diffMarks = { same: [' ', ''], added: ['+', ' class="add"'], removed: ['-', ' class="del"'] } as const

function diffHtml(diff: CauseEntry['diff'], max: number): string {
  const { shown, note } = cutDiff(diff, max)
  const lines = shown.map((line) => {
    if (line.kind === 'gap') return `<span class="gap">… ${counted(line.count, 'equal line')}</span>`
    const [mark, attribute] = diffMarks[line.kind]
    return `<span${attribute}>${mark} ${htmlText(line.text.replaceAll('\t', '    '), 300)}</span>`
  })
  if (note !== undefined) lines.push(`<span class="gap">… ${note}; the JSON report has all of them</span>`)
  return `<pre class="diff">${lines.join('')}</pre>`
}

const mostLinks = 8
const fewSymbols = 60

/** Symbols by the causes that changed them, as lists that stay small in thousands. */
export function setsHtml({ sets }: Sets): string {
  return sets
    .map(({ causes, others, symbols }, index) => {
      const links = causes
        .slice(0, mostLinks)
        .map(({ number, title }) => `<a href="#cause-${number}">${number} ${code(title)}</a>`)
      const numbers = causes.map(({ number }) => number).join(' ')
      const open = index === 0 && symbols.length <= fewSymbols ? ' open' : ''
      const names = symbols.map((name) => htmlText(name)).join('\n')
      return `<details class="set" data-causes="${numbers}"${open}><summary><h3><span class="count">${symbols.length}</span> ${symbols.length === 1 ? 'symbol' : 'symbols'}</h3> <span class="muted">cause${causes.length === 1 ? '' : 's'}</span> ${links.join(', ')}${andMore(causes.length - links.length + others)}</summary><div class="body"><pre class="symbols">${names}</pre></div></details>`
    })
    .join('\n')
}

export function remarksHtml(remarks: Section['remarks']): string {
  if (remarks.length === 0) return ''
  const items = remarks.map(
    ({ label, words, help = '' }) => `<li><b>${label}:</b> ${html(words)} ${htmlText(help)}</li>`,
  )
  return `<ul>${items.join('')}</ul>`
}

/** Each problem with its place, its excerpt and what to do. */
export function problemsHtml({ items, rest }: Problems): string {
  const shown = items.slice(0, mostRows.problems)
  const texts = shown.map(({ error, title, message, place, variants, excerpt, advice }) => {
    const where = [
      ...(place === undefined ? [] : [`at ${code(place)}`]),
      ...(variants.length > 0 ? [`in ${html(variantsInWords(variants, []))}`] : []),
    ].join(', ')
    const badge = `<span class="badge ${error ? 'fail' : 'no-promise'}">${error ? 'error' : 'note'}</span>`
    const lines = excerpt.map((line) => htmlText(line, 300)).join('\n')
    return `<p>${badge} <b>${title}:</b> ${htmlText(message)}${where === '' ? '' : ` (${where})`}</p>${
      excerpt.length === 0 ? '' : `<pre class="excerpt">${lines}</pre>`
    }<p><b>What to do:</b> ${htmlText(advice)}</p>`
  })
  return [
    ...texts,
    more(items.length - shown.length),
    ...rest.map(({ words }) => `<p>${html(words)}</p>`),
  ].join('\n')
}
