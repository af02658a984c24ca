import type { DiffLine } from '../abi/explain/definition-diff.ts'
import { cutDiff } from './cut-diff.ts'
import { htmlText } from './escape.ts'
import type { CauseView, SymbolGroup } from './explained.ts'
import {
  adviceOf,
  chainTitles,
  changesInWords,
  classWords,
  firstPlace,
  hasLayout,
  isVariantOnly,
  layoutWords,
  patchText,
  reachWords,
  reservedWords,
  riskWords,
  variantsWords,
} from './explanation-words.ts'
import { counted } from './words.ts'

const code = (text: string) => `<code>${htmlText(text)}</code>`
const plain = (text: string) => htmlText(text)

/** Causes by variants, to scan: the fuller a cell, the more symbols. */
export function matrix(causes: readonly CauseView[], all: readonly string[]): string {
  const most = causes.reduce(
    (sum, { cause }) => cause.reach.reduce((one, { symbols }) => Math.max(one, symbols.length), sum),
    1,
  )
  const head = ['Cause', 'Symbols', 'Alone', ...all]
    .map((name, index) => `<th scope="col"${index > 0 ? ' class="n"' : ''}>${plain(name)}</th>`)
    .join('')
  const rows = causes.map(({ cause, number, title, risk }) => {
    const reach = new Map(cause.reach.map(({ variant, symbols }) => [variant, symbols.length]))
    const cells = all.map((variant) => {
      const count = reach.get(variant) ?? 0
      return count === 0
        ? '<td class="n muted">–</td>'
        : `<td class="n h${Math.max(1, Math.ceil(5 * Math.sqrt(count / most)))}">${count}</td>`
    })
    const badges =
      `<span class="badge ${risk}">${plain(classWords(cause))}</span>` +
      (isVariantOnly(cause, all)
        ? ` <span class="badge warn">${variantsWords(cause, all, plain)}</span>`
        : '')
    const place = firstPlace(cause)
    return `<tr data-cause="${number}"><th scope="row">${number}. <a href="#cause-${number}">${code(title)}</a> ${badges}${
      place === undefined ? '' : `<small class="mono">${plain(place)}</small>`
    }</th><td class="n">${cause.symbols}</td><td class="n">${cause.alone}</td>${cells.join('')}</tr>`
  })
  return `<div class="scroll" role="region" aria-labelledby="matrix" tabindex="0"><table class="matrix"><thead><tr>${head}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`
}

/** Causes after these start folded, and after those their diffs are cut shorter. */
const openCauses = 3
const longDiffs = 50

/** One cause with all that helps to repair it. */
export function causeArticle(view: CauseView, all: readonly string[]): string {
  const { cause, number, title, risk } = view
  const { explanation, advice } = adviceOf(cause)
  const [first = '', ...others] = changesInWords(cause, plain)
  const chain = chainTitles(cause)
  const patch = cause.patch ?? []
  const left = patch.length - mostPatchLines
  const facts: (readonly [name: string, html: string])[] = [
    ...patch
      .slice(0, mostPatchLines)
      .map(
        (line) =>
          [
            'Patch',
            `${code(`${line.file}:${line.line}`)} <code class="${line.kind === 'added' ? 'add' : 'del'}">${plain(patchText(line))}</code>`,
          ] as const,
      ),
    ...(left > 0 ? [['', `… and ${counted(left, 'more line')} of the patch`] as const] : []),
    ...(cause.place ? [['Defined', code(`${cause.place.file}:${cause.place.line}`)] as const] : []),
    ...others.map((text) => ['Also', text] as const),
    [
      'Reach',
      `${reachWords(cause, all, plain)} (<a href="#sets" data-find="cause:${number}">show<span class="muted"> the symbols of cause ${number}</span></a>)`,
    ],
    ...(chain.length > 1
      ? [
          [
            'For example',
            `<ol class="chain">${chain.map((name) => `<li>${code(name)}</li>`).join('')}</ol>`,
          ] as const,
        ]
      : []),
    ...(hasLayout(cause) ? [['Layout', layoutWords(cause.layout, code)] as const] : []),
    ...(cause.reserved ? [['Reserved', reservedWords(cause.reserved, code)] as const] : []),
    ['Risk', `<span class="badge ${risk}">${riskWords[risk]}</span> ${plain(explanation)}`],
    ['What to do', plain(advice)],
  ]
  return `<details class="cause ${risk}" id="cause-${number}" data-cause="${number}"${number <= openCauses ? ' open' : ''}><summary><h3>${number}. ${code(title)}: ${first}</h3> <span class="muted">${counted(cause.symbols, 'symbol')} ${variantsWords(cause, all, plain)}</span></summary><div class="body">
<dl class="facts">${facts.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('')}</dl>
${diffHtml(view.diff, number <= longDiffs ? 200 : 40)}</div></details>`
}

const mostPatchLines = 5

const diffMarks = { same: [' ', ''], added: ['+', ' class="add"'], removed: ['-', ' class="del"'] } as const

function diffHtml(diff: readonly DiffLine[], max: number): string {
  const { shown, note } = cutDiff(diff, max)
  const lines = shown.map((line) => {
    if (line.kind === 'gap') return `<span class="gap">… ${counted(line.count, 'equal line')}</span>`
    const [mark, attribute] = diffMarks[line.kind]
    return `<span${attribute}>${mark} ${htmlText(line.text.replaceAll('\t', '    '), 300)}</span>`
  })
  if (note !== undefined) lines.push(`<span class="gap">… ${note}; the JSON report has all of them</span>`)
  return `<pre class="diff">${lines.join('')}</pre>`
}

/** Symbols that need the same causes back, as a list that stays small in thousands. */
export function setDetails({ causes, others, symbols }: SymbolGroup, open: boolean): string {
  const links = causes
    .slice(0, mostLinks)
    .map(({ number, title }) => `<a href="#cause-${number}">${number} ${code(title)}</a>`)
  const left = causes.length - links.length + others
  const numbers = causes.map(({ number }) => number).join(' ')
  return `<details class="set" data-causes="${numbers}"${open ? ' open' : ''}><summary><h3><span class="count">${symbols.length}</span> ${symbols.length === 1 ? 'symbol' : 'symbols'}</h3> <span class="muted">cause${causes.length === 1 ? '' : 's'}</span> ${links.join(', ')}${left > 0 ? ` and ${left} more` : ''}</summary><div class="body"><pre class="symbols">${symbols.map((name) => htmlText(name)).join('\n')}</pre></div></details>`
}

const mostLinks = 8

/** Definitions that changed and play no part once the others are repaired. */
export function idleList(idle: readonly CauseView[]): string {
  return `<ul>${idle
    .slice(0, mostIdle)
    .map(({ cause, title }) => {
      const place = firstPlace(cause)
      return `<li>${code(title)}: ${plain(classWords(cause))}${place === undefined ? '' : `, ${code(place)}`}</li>`
    })
    .join('')}</ul>${idle.length > mostIdle ? `<p>… and ${idle.length - mostIdle} more.</p>` : ''}`
}

const mostIdle = 100
