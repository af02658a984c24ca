import type { Cause } from '../abi/cause.ts'
import { definitionTitle } from '../abi/explain/definition-title.ts'
import type { BisectQuestion, BisectStep } from '../judge/bisect-step.ts'
import { subjectOf, type Finding } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import { problemTexts } from '../problem/problem.ts'
import { definitionWords } from './break-text.ts'
import { printable } from './escape.ts'
import { findingColumns } from './model/finding-columns.ts'
import { findingTexts } from './model/finding-texts.ts'
import { andMore, counted, uncapital } from './words.ts'

/** What a step of a bisection is about. */
interface BisectReport {
  /** What is checked out; absent where git did not say it. */
  readonly tree: { readonly commit: string; readonly edited: boolean } | undefined
  readonly question: BisectQuestion
  readonly verdict: Verdict
  readonly step: BisectStep
}

/** The one line about a step: `1a2b3c4d5e6f bad: device_add 0x5d0d9a4e → 0x7f001122, checksum changed (x86_64)`. Ends in a newline. */
export function renderBisectLine({ tree, question, verdict, step }: BisectReport): string {
  const commit = tree ? `${tree.commit.slice(0, 12)}${tree.edited ? ' (edited)' : ''} ` : ''
  return `${printable(`${commit}${step.kind}: ${whatOf(step, question, verdict)}`)}\n`
}

function whatOf(step: BisectStep, question: BisectQuestion, verdict: Verdict): string {
  switch (step.kind) {
    case 'good':
      return intact(question, verdict)
    case 'bad':
      return 'cause' in step ? causeWords(step.cause) : findingWords(step.finding, step.more)
    case 'skipped':
    case 'stopped': {
      const { kind, message, variant } = step.problem
      return `${uncapital(problemTexts[kind].title)}: ${message}${variant === undefined ? '' : ` (${variant})`}`
    }
  }
}

function intact(question: BisectQuestion, { variants }: Verdict): string {
  switch (question.kind) {
    case 'any': {
      const compared = variants.reduce((sum, one) => sum + one.compared, 0)
      return `${counted(compared, 'protected symbol')} compared, nothing is broken`
    }
    case 'symbol':
      return `${question.symbol} is not broken`
    case 'type':
      return `${definitionTitle(question.name)} is as released`
  }
}

function findingWords(finding: Finding, more: number): string {
  const title = uncapital(findingTexts[finding.kind].title)
  const where = finding.variant === undefined ? '' : ` (${finding.variant})`
  return `${subjectOf(finding)}${valuesOf(finding)}, ${title}${where}${andMore(more)}`
}

/** What changed of a symbol, before and after. */
function valuesOf(finding: Finding): string {
  if (finding.family !== 'symbol') return ''
  const [column] = findingColumns[finding.kind]
  const { baseline, current } = finding
  const [before, after] = column?.change({ baseline, current }) ?? []
  if (before !== undefined && after !== undefined && before !== after) return ` ${before} → ${after}`
  const value = before ?? after
  return value === undefined ? '' : ` ${value}`
}

function causeWords({ name, changes, symbols }: Cause): string {
  return `${definitionWords(name, changes[0])}${andMore(changes.length - 1)} (${counted(symbols, 'symbol')})`
}
