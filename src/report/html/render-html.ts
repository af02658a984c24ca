import type { Verdict } from '../../judge/verdict.ts'
import { htmlText } from '../escape.ts'
import { reportModel } from '../model/make-model.ts'
import { isDetail, type Block, type Section } from '../model/report-model.ts'
import { script, scriptHash, style, styleHash } from './assets.ts'
import {
  blamesHtml,
  causesHtml,
  problemsHtml,
  remarksHtml,
  setsHtml,
  symbolsHtml,
  tableHtml,
} from './blocks.ts'
import { html } from './html-pen.ts'
import { pageLinks, type PageLinks } from './page-links.ts'
import { picturesHtml } from './pictures.ts'

/** Nothing is loaded and nothing is sent; only the page's own style and script are run. */
const securityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'`

/**
 * A verdict as one HTML page that stands alone: no file, no network. It says everything without its script, which only
 * adds the search.
 */
export function renderHtml(verdict: Verdict): string {
  const { headline, next, checked, sections } = reportModel(verdict)
  const { tone, word, sentence, override } = headline
  const links = pageLinks(sections)
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
<header class="${tone}"><div class="banner"><h1><b>${word}</b>: ${html(sentence)}</h1>
${override ? `<p><b>Override</b> ${html(override)}</p>` : ''}<p><b>Next:</b> ${html(next)}</p></div></header>
<main id="report">
<div id="search" role="search" hidden><label for="query">Search <kbd>/</kbd></label><input id="query" type="search" placeholder="a symbol, a structure, a file" autocomplete="off" spellcheck="false"><p id="found" class="muted" role="status"></p></div>
${sections.map((section) => sectionHtml(section, links)).join('\n')}
</main>
<footer><p>${html(checked)}</p></footer>
<script>${script}</script>
</body>
</html>
`
}

function sectionHtml(section: Section, links: PageLinks): string {
  const { id, title, lead, explanation, advice, remarks } = section
  const parts = section.parts.filter((part) => !isDetail(part))
  const sets = parts.find(({ blocks }) => blocks.some(({ kind }) => kind === 'sets'))?.id
  const content = [
    lead ? `<p class="lead">${html(lead)}</p>` : '',
    explanation === undefined ? '' : `<p>${htmlText(explanation)}</p>`,
    advice === undefined ? '' : `<p><b>What to do:</b> ${html(advice)}</p>`,
    ...section.blocks.map((block) => blockHtml(block, sets, links)),
    remarksHtml(remarks),
    ...parts.map((part) => partHtml(part, links)),
  ].join('\n')
  if (section.folded)
    return `<details id="${id}"><summary><h3>${html(title)}</h3></summary><div class="body">${content}</div></details>`
  return `<section aria-labelledby="${id}"><h2 id="${id}">${badge(section)}${html(title)}</h2>
${content}</section>`
}

function badge({ about, label }: Section): string {
  if (about)
    return `<span class="badge ${about.severity}">${about.severity === 'fail' ? 'break' : 'warning'}</span> `
  return label === 'waived' ? '<span class="badge warn">waived</span> ' : ''
}

function partHtml({ id, title, blocks, remarks, folded }: Section, links: PageLinks): string {
  const content = [...blocks.map((block) => blockHtml(block, undefined, links)), remarksHtml(remarks)].join(
    '\n',
  )
  // Sets are folded one by one.
  if (folded && !blocks.some(({ kind }) => kind === 'sets'))
    return `<details id="${id}"><summary><h3>${html(title)}</h3></summary><div class="body">${content}</div></details>`
  return `<section aria-labelledby="${id}"><h2 id="${id}">${html(title)}</h2>${content}</section>`
}

function blockHtml(block: Block, sets: string | undefined, links: PageLinks): string {
  switch (block.kind) {
    case 'table':
      return tableHtml(block)
    case 'symbols':
      return symbolsHtml(block)
    case 'blames':
      return blamesHtml(block)
    case 'causes':
      return causesHtml(block, sets, links)
    case 'sets':
      return setsHtml(block)
    case 'problems':
      return problemsHtml(block)
    case 'pictures':
      return picturesHtml(block, links)
    case 'commands':
      return `<pre class="excerpt">${block.lines.map((line) => htmlText(line)).join('\n')}</pre>`
  }
}
