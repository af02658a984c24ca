import { adviceFor, isError, problemTexts } from '../problem/problem.ts'
import type { HiddenFinding } from '../judge/finding.ts'
import type { VariantSummary } from '../judge/verdict.ts'
import { blameItems } from './blame-words.ts'
import { htmlText } from './escape.ts'
import { patchText } from './explanation-words.ts'
import { findingColumns, formatChange } from './finding-columns.ts'
import { findingTexts } from './finding-texts.ts'
import type { KindGroup, RuleUse, VariantGroup } from './group-findings.ts'
import { hiddenWords } from './hidden-words.ts'
import { htmlTable } from './html-table.ts'
import { formatPlace, type MergedProblem } from './merge-problems.ts'
import { counted, variantsInWords } from './words.ts'

const code = (text: string) => `<code>${htmlText(text)}</code>`
const plain = (text: string) => htmlText(text)

/** Findings of one kind: what it means, what to do, and a table for each set of variants. */
export function findingHtml(group: KindGroup, all: readonly string[], notes = ''): string {
  const { severity, kind, symbols, groups } = group
  const { title, counted: words, explanation, advice, anchor } = findingTexts[kind]
  return `<section aria-labelledby="${severity}-${kind}"><h2 id="${severity}-${kind}"><span class="badge ${severity}">${severity === 'fail' ? 'break' : 'warning'}</span> ${title}: ${counted(symbols, words.noun)}</h2>
<p>${plain(explanation)}</p><p><b>What to do:</b> ${plain(advice)} See docs/fixing-a-break.md#${anchor}.</p>${notes}
${groupsHtml(groups, all)}${blamesHtml(group)}</section>`
}

/** The lines that made the findings. */
function blamesHtml({ groups }: KindGroup): string {
  const items = blameItems(groups.flatMap(({ findings }) => findings))
  if (items.length === 0) return ''
  const left = items.length - mostRows
  return `<p>Look at:</p>
${htmlTable(
  'Lines behind the findings',
  ['Place', 'Line', 'What'],
  items.slice(0, mostRows).map(({ place, line = '', remark }) => ({
    cells: [
      code(place),
      line === '' ? '' : `<code class="${line.startsWith('+') ? 'add' : 'del'}">${plain(line)}</code>`,
      plain(remark),
    ],
  })),
)}${left > 0 ? `<p>… and ${left} more.</p>` : ''}`
}

/** More rows than these are listed by their names only. */
const mostRows = 200

export function groupsHtml(groups: readonly VariantGroup[], all: readonly string[]): string {
  let room = mostRows
  return groups
    .map(({ variants, findings }) => {
      const shown = findings.slice(0, room)
      room -= shown.length
      const rest = findings.slice(shown.length)
      const where = `in ${variantsInWords(variants, all, plain)}`
      const columns = findings[0] ? findingColumns[findings[0].kind] : []
      const rows = shown.map((finding) => ({
        attributes: ` data-symbol="${plain(finding.symbol)}"`,
        cells: [
          code(finding.symbol),
          ...columns.map(({ change }) => formatChange(change(finding), '→', code)),
          finding.waiver ? 'waived' : finding.rule ? code(`${finding.rule.file}:${finding.rule.line}`) : '',
        ],
      }))
      const list = rest.map(({ symbol }) => plain(symbol)).join('\n')
      return [
        ...(rows.length > 0
          ? [
              `<p>${counted(findings.length, 'symbol')} ${where}:</p>`,
              htmlTable(
                `Symbols in ${variants.length} variants`,
                ['Symbol', ...columns.map(({ head }) => head), 'Rule'],
                rows,
              ),
            ]
          : []),
        ...(rest.length > 0
          ? [
              `<details class="set"><summary><h3><span class="count">${rest.length}</span> ${rows.length > 0 ? 'more ' : ''}symbol${rest.length === 1 ? '' : 's'}</h3> <span class="muted">${where}</span></summary><div class="body"><pre class="symbols">${list}</pre></div></details>`,
            ]
          : []),
      ].join('\n')
    })
    .join('\n')
}

/** The lines of a patch that hide changes from the checksums. */
export function hiddenHtml(hidden: readonly HiddenFinding[]): string {
  const lines = hidden.filter(({ severity }) => severity !== 'ignore')
  if (lines.length === 0) return ''
  const { title, explanation, advice } = findingTexts.hidden
  const fails = lines.some(({ severity }) => severity === 'fail')
  return `<section aria-labelledby="hidden"><h2 id="hidden"><span class="badge ${fails ? 'fail' : 'warn'}">${fails ? 'break' : 'warning'}</span> ${title}: ${counted(lines.length, findingTexts.hidden.counted.noun)}</h2>
<p>${plain(explanation)}</p><p><b>What to do:</b> ${plain(advice)}</p>
${htmlTable(
  'Lines that hide changes',
  ['Place', 'How', 'Line'],
  lines.map(({ line }) => ({
    cells: [
      code(`${line.file}:${line.line}`),
      hiddenWords[line.how],
      `<code class="${line.kind === 'added' ? 'add' : 'del'}">${plain(patchText(line))}</code>`,
    ],
  })),
)}</section>`
}

const mostProblems = 100

/** Errors or notes, each with its place, its excerpt and what to do. */
export function problemsHtml(heading: string, problems: readonly MergedProblem[]): string {
  if (problems.length === 0) return ''
  const id = heading.toLowerCase()
  const left = problems.length - mostProblems
  return `<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${problems
  .slice(0, mostProblems)
  .map(({ problem, variants }) => {
    const { kind, message, place, excerpt = [] } = problem
    const where = [
      ...(place ? [`at ${code(formatPlace(place))}`] : []),
      ...(variants.length > 0 ? [`in ${variantsInWords(variants, [], plain)}`] : []),
    ].join(', ')
    return `<p><span class="badge ${isError(problem) ? 'fail' : 'no-promise'}">${isError(problem) ? 'error' : 'note'}</span> <b>${problemTexts[kind].title}:</b> ${plain(message)}${where === '' ? '' : ` (${where})`}</p>${
      excerpt.length === 0
        ? ''
        : `<pre class="excerpt">${excerpt.map((line) => htmlText(line, 300)).join('\n')}</pre>`
    }<p><b>What to do:</b> ${plain(adviceFor(problem))}</p>`
  })
  .join('\n')}${left > 0 ? `<p>… and ${left} more.</p>` : ''}</section>`
}

const variantResults = { pass: 'pass', break: 'break', error: 'error', 'no-promise': 'no promise' } as const

/** One row a variant: what was looked at, how, and what came of it. */
export function variantsHtml(variants: readonly VariantSummary[]): string {
  if (variants.length === 0) return ''
  const warned = variants.some(({ findings }) => findings.warn > 0)
  const numbers = ['Protected', 'Compared', 'Broken', 'Warned', 'Added', 'Seconds']
  return `<section aria-labelledby="variants"><h2 id="variants">Variants</h2>
${htmlTable(
  'Variants',
  [
    'Variant',
    'Result',
    'Protected',
    'Compared',
    'Broken',
    'Warned',
    'Added',
    'Strategy',
    'Seconds',
    'Remark',
  ],
  variants.map((variant) => {
    const number = (value: number) => (variant.result === 'no-promise' ? '–' : String(value))
    return {
      cells: [
        code(variant.name),
        `<span class="badge ${variant.result}">${variantResults[variant.result]}</span>`,
        number(variant.protected),
        number(variant.compared),
        number(variant.findings.fail),
        warned ? number(variant.findings.warn) : '',
        number(variant.added),
        variant.how?.strategy ?? '–',
        variant.how ? variant.how.seconds.toFixed(1) : '–',
        plain(variant.noPromiseReason ?? ''),
      ],
    }
  }),
  numbers,
)}</section>`
}

/** How many findings rules made to be ignored, and how many rules are unused. */
export function rulesHtml(uses: readonly RuleUse[], unused: number): string {
  const total = uses.reduce((sum, { findings }) => sum + findings, 0)
  const lines = [
    ...(total > 0 ? [`${counted(total, 'finding')} ignored by ${counted(uses.length, 'rule')}`] : []),
    ...(unused > 0 ? [counted(unused, 'unused rule')] : []),
  ]
  return lines.length === 0 ? '' : `<p class="muted">${lines.join('; ')}; the JSON report names them.</p>`
}
