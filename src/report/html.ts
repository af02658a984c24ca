import { isError } from '../problem/problem.ts'
import { ofFamily } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import { htmlText } from './escape.ts'
import { explained, splitByCauses, type Explained } from './explained.ts'
import { causesSentence, proofSentence } from './explanation-words.ts'
import { groupFindings, ignoredByRules, type KindGroup } from './group-findings.ts'
import { configurationSentence } from './configuration-sentence.ts'
import { nextStep, overrideSentence, resultSentence, resultWords } from './headline.ts'
import { causeArticle, idleList, matrix, setDetails } from './html-causes.ts'
import { driversHtml } from './html-drivers.ts'
import { editsHtml } from './html-edits.ts'
import {
  findingHtml,
  groupsHtml,
  hiddenHtml,
  problemsHtml,
  rulesHtml,
  variantsHtml,
} from './html-findings.ts'
import { script, scriptHash } from './html-script.ts'
import { style, styleHash } from './html-style.ts'
import { waivedHtml } from './html-waived.ts'
import { mergeProblems } from './merge-problems.ts'
import { unexplainedTexts } from './unexplained-texts.ts'
import { counted, promisingVariants, variantsInWords } from './words.ts'

const plain = (text: string) => htmlText(text)

function configurationHtml(verdict: Verdict): string {
  const sentence = configurationSentence(verdict, plain)
  return sentence === '' ? '' : `<p class="muted">${sentence}</p>`
}

/** Nothing is loaded and nothing is sent; only the page's own style and script are run. */
const securityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'`

/**
 * A verdict as one HTML page that stands alone: no file, no network. It says everything without its script, which only
 * adds the search.
 */
export function renderHtml(verdict: Verdict): string {
  const all = promisingVariants(verdict.variants)
  const groups = groupFindings(verdict.findings)
  const problems = mergeProblems(verdict.problems)
  const why = explained(verdict)
  const sentence = resultSentence(verdict, groups, plain)
  const override = overrideSentence(verdict, plain)
  const word = resultWords[verdict.result]
  const byCauses = why !== undefined && why.causes.length > 0
  const isExplained = (group: KindGroup) => byCauses && group.kind === 'changed'
  const notes = (group: KindGroup) => (why && group.kind === 'changed' ? unexplainedHtml(why) : '')
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
<header class="${verdict.result}"><div class="banner"><h1><b>${word}</b>: ${sentence}</h1>
${override === undefined ? '' : `<p><b>Override</b> ${override}</p>`}<p><b>Next:</b> ${nextStep(verdict, plain)}</p></div></header>
<main id="report">
<div id="search" role="search" hidden><label for="query">Search <kbd>/</kbd></label><input id="query" type="search" placeholder="a symbol, a structure, a file" autocomplete="off" spellcheck="false"><p id="found" class="muted" role="status"></p></div>
${[
  problemsHtml(
    'Errors',
    problems.filter(({ problem }) => isError(problem)),
  ),
  ...(byCauses ? [causesHtml(why, groups, all)] : []),
  ...groups
    .filter((group) => group.severity !== 'ignore' && !isExplained(group))
    .map((group) => findingHtml(group, all, notes(group))),
  hiddenHtml(ofFamily(verdict.findings, 'hidden')),
  editsHtml(ofFamily(verdict.findings, 'gate-edit')),
  driversHtml(verdict.drivers, ofFamily(verdict.findings, 'driver'), why),
  waivedHtml(verdict.findings, all),
  problemsHtml(
    'Notes',
    problems.filter(({ problem }) => !isError(problem)),
  ),
  variantsHtml(verdict.variants),
  configurationHtml(verdict),
  rulesHtml(ignoredByRules(verdict.findings), verdict.unusedRules.length),
]
  .filter((section) => section !== '')
  .join('\n')}
</main>
<footer><p>kabi-gate ${plain(verdict.tool.version)}, policy ${plain(verdict.policy)}</p></footer>
<script>${script}</script>
</body>
</html>
`
}

function causesHtml(why: Explained, groups: readonly KindGroup[], all: readonly string[]): string {
  const changed = groups.filter(({ kind, severity }) => kind === 'changed' && severity !== 'ignore')
  const parts = changed.map((group) => ({ group, ...splitByCauses(group, why) }))
  const several = parts.length > 1
  const rest = parts.flatMap((part) => part.rest)
  return `<section aria-labelledby="why"><h2 id="why">Why checksums changed</h2>
<p class="lead">${causesSentence(why, plain)}. ${proofSentence(why)}</p>
${repairHtml(why)}</section>
<section aria-labelledby="matrix"><h2 id="matrix">Causes by variant</h2>
<p class="muted">How many protected symbols need each definition back; “alone” counts those that need nothing else.</p>
${matrix(why.causes, all)}</section>
<section aria-labelledby="causes"><h2 id="causes">Causes</h2>
${why.causes.map((view) => causeArticle(view, all)).join('\n')}</section>
<section aria-labelledby="sets"><h2 id="sets">Symbols by the causes they need back</h2>
${parts
  .map(({ group, sets }) => {
    const heading = several
      ? `<p><span class="badge ${group.severity}">${group.severity === 'fail' ? 'break' : 'warning'}</span> ${counted(group.symbols, 'symbol')}</p>`
      : ''
    return (
      heading + sets.map((set, index) => setDetails(set, index === 0 && set.symbols.length <= 60)).join('\n')
    )
  })
  .join('\n')}</section>
${
  rest.length > 0 || why.unexplained.length > 0
    ? `<section aria-labelledby="unexplained"><h2 id="unexplained">Not explained</h2>${unexplainedHtml(why)}${groupsHtml(rest, all)}</section>`
    : ''
}${
    why.idle.length > 0
      ? `<section aria-labelledby="idle"><h2 id="idle">Changed definitions that play no part once the others are repaired</h2>${idleList(why.idle)}</section>`
      : ''
  }`
}

const mostSteps = 12

/** The shortest way to repair everything, step by step. */
function repairHtml({ explanation, byId }: Explained): string {
  const { repair, changed } = explanation
  if (repair.length < 2) return ''
  const left = repair.length - mostSteps
  const steps = repair.slice(0, mostSteps).map(({ causes, restored }, index) => {
    const names = causes.flatMap((id) => {
      const view = byId.get(id)
      return view ? [`<a href="#cause-${view.number}"><code>${plain(view.title)}</code></a>`] : []
    })
    return `<li><span>${index === 0 ? 'Put back' : 'then'} ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}</span><meter min="0" max="${changed}" value="${restored}" aria-label="symbols back">${restored}</meter><span class="muted">${restored} of ${changed} back</span></li>`
  })
  return `<ol class="steps">${steps.join('')}</ol>${left > 0 ? `<p class="muted">… and ${counted(left, 'more step')}.</p>` : ''}`
}

function unexplainedHtml({ unexplained }: Explained): string {
  if (unexplained.length === 0) return ''
  return `<ul>${unexplained
    .map(({ why, variants, symbols }) => {
      const { title, advice } = unexplainedTexts[why]
      return `<li>${counted(symbols.length, 'symbol')} in ${variantsInWords(variants, [], plain)}: ${title}. ${advice}</li>`
    })
    .join('')}</ul>`
}
