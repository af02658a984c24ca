import { isError } from '../problem/problem.ts'
import { ofFamily } from '../judge/finding.ts'
import type { Result, Verdict } from '../judge/verdict.ts'
import { markdownText } from './escape.ts'
import { configurationSentence } from './configuration-sentence.ts'
import { explained, splitByCauses, type Explained, type SplitGroup } from './explained.ts'
import { findingTexts } from './finding-texts.ts'
import {
  countsBesideSymbols,
  groupFindings,
  ignoredByRules,
  type KindGroup,
  type RuleUse,
} from './group-findings.ts'
import { nextStep, overrideSentence, resultSentence, resultWords } from './headline.ts'
import { findingSection } from './markdown-findings.ts'
import { changedSection, unexplainedLines } from './markdown-causes.ts'
import {
  countsOnly,
  cutNote,
  detailLevels,
  explainedLevels,
  leastOfAll,
  type Detail,
} from './markdown-detail.ts'
import { driverSetsSection, driversSection } from './markdown-drivers.ts'
import { editsSection } from './markdown-edits.ts'
import { hiddenSection } from './markdown-hidden.ts'
import { ignoredSection, problemSection, unusedRulesSection, variantSection } from './markdown-sections.ts'
import { waivedSection } from './markdown-waived.ts'
import { mergeProblems, type MergedProblem } from './merge-problems.ts'
import { capital, counted, promisingVariants } from './words.ts'

export interface MarkdownOptions {
  /** The result is never longer, in bytes of UTF-8. At least 2,000. */
  readonly maxBytes: number
  /** What the heading names in front of the verdict; `kabi-gate` unless told. */
  readonly title?: string
}

/**
 * A verdict as GitHub Markdown, for a job summary or a comment. When it would be too long it shows fewer symbols of
 * each group, then only counts, and says that it was cut.
 */
export function renderMarkdown(verdict: Verdict, { maxBytes, title = 'kabi-gate' }: MarkdownOptions): string {
  const groups = groupFindings(verdict.findings)
  const why = explained(verdict)
  const byCauses = why !== undefined && why.causes.length > 0
  const content: Content = {
    verdict,
    title,
    all: promisingVariants(verdict.variants),
    problems: mergeProblems(verdict.problems),
    groups,
    ignored: ignoredByRules(verdict.findings),
    why,
    splits: new Map(
      byCauses
        ? groups.filter(({ kind }) => kind === 'changed').map((group) => [group, splitByCauses(group, why)])
        : [],
    ),
  }
  const encoder = new TextEncoder()
  // A text is never shorter in UTF-8 than in UTF-16 units.
  const fits = (text: string) => text.length <= maxBytes && encoder.encode(text).length <= maxBytes
  const levels = byCauses ? explainedLevels : detailLevels
  const markdown = firstThat(levels, (detail) => {
    if (leastBytes(content, detail) > maxBytes) return undefined
    const text = render(content, detail)
    return fits(text) ? text : undefined
  })
  if (markdown !== undefined) return markdown
  const counts = renderCounts(content, countsOnly)
  return fits(counts) ? counts : renderCounts(content, leastOfAll)
}

/**
 * What is made of the first level that can be made; of levels that show less and less, so a level that can be made is
 * followed by such alone.
 */
function firstThat(
  levels: readonly Detail[],
  make: (detail: Detail) => string | undefined,
): string | undefined {
  let made: string | undefined
  let from = 0
  for (let to = levels.length; from < to;) {
    const middle = (from + to) >> 1
    const detail = levels[middle]
    const text = detail && make(detail)
    if (text === undefined) from = middle + 1
    else {
      made = text
      to = middle
    }
  }
  return made
}

/** Bytes of a table's row, of a name in a list, and of a cause; save rendering what cannot fit. */
const shortestRow = 16
const shortestName = 4
const shortestCause = 250

function leastBytes({ groups, why, splits }: Content, detail: Detail): number {
  let sum = Math.min(why?.causes.length ?? 0, detail.causeBlocks) * shortestCause
  for (const kind of groups) {
    if (kind.severity === 'ignore') continue
    const split = splits.get(kind)
    if (split) {
      for (const { symbols } of split.sets.slice(0, detail.groups)) {
        sum += Math.min(symbols.length, detail.symbols) * shortestName
      }
      continue
    }
    for (const { findings } of kind.groups.slice(0, detail.groups)) {
      sum += Math.min(findings.length, detail.symbols) * shortestRow
    }
  }
  return sum
}

interface Content {
  readonly verdict: Verdict
  readonly title: string
  readonly all: readonly string[]
  readonly problems: readonly MergedProblem[]
  readonly groups: readonly KindGroup[]
  readonly ignored: readonly RuleUse[]
  readonly why: Explained | undefined
  /** The groups that are shown by their causes. */
  readonly splits: ReadonlyMap<KindGroup, SplitGroup>
}

function render(content: Content, detail: Detail): string {
  const { verdict, title, all, problems, groups, ignored, why, splits } = content
  const errors = problems.filter(({ problem }) => isError(problem))
  const notes = problems.filter(({ problem }) => !isError(problem))
  const firstChanged = groups.find(({ kind }) => kind === 'changed')
  const findings = (severity: KindGroup['severity']) => [
    ...groups
      .filter((group) => group.severity === severity)
      .flatMap((group) => {
        const split = splits.get(group)
        if (split && why) return [changedSection(group, split, why, group === firstChanged, all, detail)]
        const lines = group.kind === 'changed' && why ? unexplainedLines(why, detail) : []
        return [findingSection(group, all, detail), ...lines]
      }),
    hiddenSection(ofFamily(verdict.findings, 'hidden'), severity, detail),
    editsSection(ofFamily(verdict.findings, 'gate-edit'), severity, detail),
    driversSection(verdict.drivers, ofFamily(verdict.findings, 'driver'), severity, why, detail),
  ]
  return join([
    ...opening(verdict, groups, title, detail),
    ...problemSection('Errors', errors, detail),
    ...findings('fail'),
    ...findings('warn'),
    waivedSection(verdict.findings, all, detail),
    ...problemSection('Notes', notes, detail),
    ignoredSection(ignored, detail),
    unusedRulesSection(verdict.unusedRules, detail),
    driverSetsSection(verdict.drivers, detail),
    variantSection(verdict, detail),
    detail.complete ? '' : cutNote,
    closing(verdict, detail),
  ])
}

/** The least that is still a report: the verdict, the override, a count a kind. */
function renderCounts({ verdict, title, problems, groups }: Content, detail: Detail): string {
  const counts = groups
    .filter(({ severity }) => severity !== 'ignore')
    .map(({ kind, severity, symbols }) => {
      const text = findingTexts[kind]
      return `- ${marks[severity === 'fail' ? 'break' : 'overridden']} ${text.title}: ${counted(symbols, text.counted.noun)}`
    })
  for (const { kind, severity, count } of countsBesideSymbols(verdict.findings)) {
    if (severity === 'ignore') continue
    const { title: heading, counted: words } = findingTexts[kind]
    counts.push(
      `- ${marks[severity === 'fail' ? 'break' : 'overridden']} ${heading}: ${counted(count, words.noun)}`,
    )
  }
  if (problems.length > 0) counts.push(`- ${counted(problems.length, 'problem')}`)
  return join([...opening(verdict, groups, title, detail), counts.join('\n'), cutNote])
}

const marks: Readonly<Record<Result, string>> = {
  pass: '✅',
  break: '❌',
  overridden: '⚠️',
  error: '❌',
}

function opening(verdict: Verdict, groups: readonly KindGroup[], title: string, detail: Detail): string[] {
  const escape = (text: string) => markdownText(text, detail.text)
  const name = markdownText(title, Math.min(detail.text, 60))
  const link = (run: string) => (/^https?:\/\/[\w.:/-]+$/.test(run) ? `[run](${run})` : `run ${escape(run)}`)
  const override = overrideSentence(verdict, escape, link)
  return [
    `## ${marks[verdict.result]} ${name}: ${resultWords[verdict.result]}`,
    override === undefined ? '' : `> **Override** ${override}`,
    capital(resultSentence(verdict, groups, escape)) + '.',
    `**Next:** ${nextStep(verdict, escape)}`,
  ]
}

function closing(verdict: Verdict, detail: Detail): string {
  const { tool } = verdict
  const sentence = configurationSentence(verdict, (text) => markdownText(text, detail.text))
  const gate = sentence === '' ? '' : `${sentence}<br>`
  return `<sub>${gate}kabi-gate ${markdownText(tool.version, 40)}</sub>`
}

function join(sections: readonly string[]): string {
  return sections.filter((section) => section !== '').join('\n\n') + '\n'
}
