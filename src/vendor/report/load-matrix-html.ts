import type { Problem } from '../../problem/problem.ts'
import { htmlText } from '../../report/escape.ts'
import { style, styleHash } from '../../report/html/assets.ts'
import { htmlTable } from '../../report/html/blocks.ts'
import { andMore, counted } from '../../report/words.ts'
import { groupReasons, type ReasonGroup } from '../kernels/group-reasons.ts'
import type { LoadState } from '../kernels/load-column.ts'
import { allLoad, type LoadMatrix } from '../kernels/load-matrix.ts'
import {
  kernelKnows,
  kernelLacks,
  kernelName,
  causesText,
  loadReasonParts,
  loadReasonTitles,
  loadStateTexts,
  loadVerdict,
  sameNameTexts,
  stateCounts,
} from './load-texts.ts'

/** Nothing is loaded, sent or run; only the page's own style is used. */
const securityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`

/** A page may be long, but has to open: more reasons, and names beside one, are only counted. */
const mostReasons = 2000
const mostNames = 100

const states = Object.keys(loadStateTexts) as readonly LoadState[]

const badges: Readonly<Record<LoadState, string>> = {
  built: 'pass',
  fits: 'pass',
  refused: 'fail',
  unknown: 'warn',
}

/** Which modules load on which kernels, as one HTML page that stands alone: no script, no file, no network. */
export function renderLoadMatrixHtml(matrix: LoadMatrix, notes: readonly Problem[], version: string): string {
  const [tone, word] = allLoad(matrix) ? (['pass', 'LOADS'] as const) : (['break', 'DOES NOT LOAD'] as const)
  const sections = [
    { id: 'kernels', title: 'Kernels', content: kernelsHtml(matrix) },
    { id: 'modules', title: 'Modules', content: legendHtml() + modulesHtml(matrix) },
    { id: 'reasons', title: 'Why not', content: reasonsHtml(matrix) },
    { id: 'names', title: 'Modules of the same name', content: sameNamesHtml(matrix) },
    { id: 'notes', title: 'Notes', content: problemsList(notes) },
  ]
  return page({ tone, word, sentence: loadVerdict(matrix), sections, version })
}

/** The same page where nothing could be checked. */
export function renderLoadErrorHtml(problems: readonly Problem[], version: string): string {
  const sections = [{ id: 'problems', title: 'Problems', content: problemsList(problems) }]
  return page({ tone: 'error', word: 'ERROR', sentence: 'nothing was checked', sections, version })
}

interface Page {
  readonly tone: 'pass' | 'break' | 'error'
  readonly word: string
  readonly sentence: string
  /** Contents are HTML. */
  readonly sections: readonly { readonly id: string; readonly title: string; readonly content: string }[]
  readonly version: string
}

function page({ tone, word, sentence, sections, version }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${word}: kabi-gate</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<header class="${tone}"><div class="banner"><h1><b>${word}</b>: ${htmlText(sentence)}</h1></div></header>
<main id="report">
${sections
  .filter(({ content }) => content !== '')
  .map(
    ({ id, title, content }) =>
      `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${content}</section>`,
  )
  .join('\n')}
</main>
<footer><p>kabi-gate ${htmlText(version)}, module check --kernels</p></footer>
</body>
</html>
`
}

function kernelsHtml({ columns }: LoadMatrix): string {
  const words = states.map((state) => loadStateTexts[state].word)
  const rows = columns.map((column, index) => {
    const counts = stateCounts(column)
    const { kernel } = column
    return {
      cells: [
        String(index + 1),
        htmlText(kernelName(kernel)),
        kernelKnows(kernel),
        ...states.map((state) => String(counts[state])),
        kernelLacks(kernel).join(', '),
        `<code>${htmlText(kernel.file)}</code>`,
      ],
    }
  })
  const heads = ['Number', 'Kernel', 'Known', ...words, 'Not known, so not compared', 'From']
  return htmlTable('Kernels', heads, rows, ['Number', ...words])
}

function legendHtml(): string {
  const lines = states.map((state) => `<dt>${badge(state)}</dt><dd>${loadStateTexts[state].meaning}</dd>`)
  return `<dl class="facts">${lines.join('')}</dl>`
}

function badge(state: LoadState): string {
  return `<span class="badge ${badges[state]}">${loadStateTexts[state].word}</span>`
}

function modulesHtml({ modules, columns }: LoadMatrix): string {
  const rows = modules.map(({ name, file }, at) => ({
    cells: [
      `<span title="${htmlText(file)}">${htmlText(name)}</span>`,
      ...columns.map(({ cells }) => badge(cells[at]?.state ?? 'unknown')),
    ],
  }))
  const heads = columns.map(
    ({ kernel }, index) => `${index + 1} <small>${htmlText(kernelName(kernel))}</small>`,
  )
  return htmlTable('Modules', ['Module', ...heads], rows)
}

function reasonsHtml(matrix: LoadMatrix): string {
  const groups = groupReasons(matrix)
  if (groups.length === 0) return ''
  const rows = groups.slice(0, mostReasons).map((group) => {
    const { symbol, detail } = loadReasonParts(group.reason)
    const kernels = group.kernels.map((index) => index + 1).join(', ')
    const code = symbol === '' ? '' : `<code>${htmlText(symbol)}</code>`
    return {
      cells: [
        ...[loadReasonTitles[group.reason.kind], code],
        htmlText(detail + causesText(matrix.causes.get(group.reason))),
        ...[kernels, namesHtml(matrix, group)],
      ],
    }
  })
  const left = groups.length - rows.length
  const more = left > 0 ? `<p>… and ${counted(left, 'more reason')}: <code>--json</code> has all.</p>` : ''
  return htmlTable('Reasons', ['What', 'Symbol', 'Known', 'Kernels', 'Modules'], rows) + more
}

function namesHtml({ modules: all }: LoadMatrix, { modules }: ReasonGroup): string {
  const names = modules.slice(0, mostNames).map((index) => htmlText(all[index]?.name ?? ''))
  const text = names.join(', ') + andMore(modules.length - names.length)
  return modules.length <= 4
    ? text
    : `<details><summary>${counted(modules.length, 'module')}</summary>${text}</details>`
}

function sameNamesHtml({ columns, modules }: LoadMatrix): string {
  const rows = columns.flatMap(({ sameNames }, kernel) =>
    sameNames.map((same) => {
      const name = modules[same.module]?.name ?? ''
      return {
        cells: [
          String(kernel + 1),
          htmlText(name),
          sameNameTexts(same, name)
            .map((text) => htmlText(text))
            .join(' '),
        ],
      }
    }),
  )
  const left = rows.length - mostReasons
  const more = left > 0 ? `<p>… and ${left} more: <code>--json</code> has all.</p>` : ''
  return rows.length === 0
    ? ''
    : htmlTable(
        'Modules of the same name',
        ['Kernel', 'Module', 'What is loaded'],
        rows.slice(0, mostReasons),
      ) + more
}

function problemsList(problems: readonly Problem[]): string {
  const items = problems.map(
    ({ message, advice = '' }) => `<li>${htmlText(`${message} ${advice}`.trim())}</li>`,
  )
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`
}
