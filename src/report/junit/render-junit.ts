import { adviceFor, isError, problemTexts, type Problem } from '../../problem/problem.ts'
import { ask, fails, subjectOf, type ByFamily, type Finding } from '../../judge/finding.ts'
import type { VariantSummary, Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import { blameSentences } from '../model/blame-words.ts'
import { reasonsInWords } from '../model/driver-words.ts'
import { editChange, editTexts } from '../model/edit-texts.ts'
import { patchText } from '../model/explanation-words.ts'
import { changeWords, findingColumns } from '../model/finding-columns.ts'
import { findingTexts, hiddenWords } from '../model/finding-texts.ts'
import { layoutWords, proofWords, reachWords } from '../model/layout-words.ts'
import { originWords } from '../model/origin-words.ts'
import { overrideSentence } from '../model/headline.ts'
import { plainText } from '../text/text-pen.ts'
import { capital, counted } from '../words.ts'

/** What came of a test case: in the words of JUnit, an error is a test that could not be done. */
interface Case {
  readonly name: string
  readonly outcome: 'passed' | 'skipped' | 'failure' | 'error'
  readonly type: string
  readonly message: string
  readonly lines: readonly string[]
}

interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
}

const mostCases = 1_000

/**
 * A verdict as a JUnit report, in the form of Jenkins' schema (junit-4.xsd of its xUnit plug-in), which GitLab reads too: a suite for each
 * variant, and one for what is about the run as a whole. A suite has a test case for its whitelist, one for each finding and one
 * for each problem; their names stay the same from run to run. A finding that only warns passes, an excused one is skipped, and
 * what could not be verified is an error.
 */
export function renderJunit(verdict: Verdict): string {
  const own = new Map<string, Finding[]>()
  const whole: Finding[] = []
  for (const finding of verdict.findings) {
    if (finding.severity === 'ignore') continue
    const list = finding.variant === undefined ? whole : (own.get(finding.variant) ?? [])
    list.push(finding)
    if (finding.variant !== undefined) own.set(finding.variant, list)
  }
  const suites: readonly Suite[] = [
    ...verdict.variants.map((variant) => ({
      name: variant.name,
      cases: [
        whitelistCase(variant),
        ...findingCases(own.get(variant.name) ?? [], verdict),
        ...problemCases(verdict.problems.filter((problem) => problem.variant === variant.name)),
      ],
    })),
    { name: 'run', cases: runCases(whole, verdict) },
  ]
  return writeSuites(suites.filter(({ cases }) => cases.length > 0))
}

/** What is about no variant that has a suite; the verdict itself, so that a report is never empty. */
function runCases(findings: readonly Finding[], verdict: Verdict): readonly Case[] {
  const names = verdict.variants.map(({ name }) => name)
  const problems = verdict.problems.filter(({ variant }) => variant === undefined || !names.includes(variant))
  const error = verdict.result === 'error'
  const verdictCase: Case = {
    name: 'verdict',
    outcome: error ? 'error' : 'passed',
    type: verdict.result,
    message: error ? 'The kernel ABI could not be verified.' : '',
    lines: [],
  }
  return [verdictCase, ...findingCases(findings, verdict), ...problemCases(problems)]
}

function whitelistCase({ result, noPromiseReason, protected: rows, compared }: VariantSummary): Case {
  const name = 'whitelist'
  if (result === 'no-promise')
    return {
      name,
      outcome: 'skipped',
      type: result,
      message: `Promises nothing: ${noPromiseReason ?? ''}`,
      lines: [],
    }
  const lines = [`${compared} of ${counted(rows, 'protected symbol')} compared.`]
  return result === 'error'
    ? { name, outcome: 'error', type: result, message: 'This variant could not be verified.', lines }
    : { name, outcome: 'passed', type: result, message: '', lines }
}

function findingCases(findings: readonly Finding[], verdict: Verdict): readonly Case[] {
  const excuse = verdict.result === 'overridden' ? plainText(overrideSentence(verdict) ?? []) : undefined
  const caseOf = (finding: Finding): Case => {
    const { kind } = finding
    const lines = [...ask(details, finding), capital(plainText(originWords(finding)))].filter(
      (line) => line !== '',
    )
    const broken = fails(finding)
    return {
      name: `${kind} ${subjectOf(finding)}`,
      outcome: broken ? (excuse === undefined ? 'failure' : 'skipped') : 'passed',
      type: kind,
      message:
        broken && excuse !== undefined
          ? `Excused ${excuse}`
          : `${findingTexts[kind].title}: ${subjectOf(finding)}`,
      lines: [...lines, findingTexts[kind].advice],
    }
  }
  return atMost(findings, 'finding', caseOf, (left) =>
    left.some(fails) && excuse === undefined ? 'failure' : 'passed',
  )
}

/** A case for each, up to a bound; behind it one that says how many there are more, and the worst that they are. */
function atMost<T>(
  all: readonly T[],
  noun: string,
  caseOf: (one: T) => Case,
  outcomeOf: (left: readonly T[]) => Case['outcome'],
): readonly Case[] {
  const cases = all.slice(0, mostCases).map(caseOf)
  const left = all.slice(mostCases)
  if (left.length === 0) return cases
  const message = `${counted(left.length, `more ${noun}`)} left out; the other reports of this run have all of them.`
  return [
    ...cases,
    { name: 'left-out', outcome: outcomeOf(left), type: 'left-out', message, lines: [message] },
  ]
}

/** What is to be said of a finding, line by line. */
const details: ByFamily<readonly string[]> = {
  symbol: (finding) => [
    ...findingColumns[finding.kind].map(({ head, change }) => {
      const shown = plainText(changeWords(change({ baseline: finding.baseline, current: finding.current })))
      return shown === '' ? '' : `${head}: ${shown}`
    }),
    ...blameSentences([finding]).map(plainText),
  ],
  layout: (finding) => [plainText(layoutWords(finding)), plainText(reachWords(finding))],
  hidden: ({ line, proof }) => [hiddenWords[line.how], patchText(line), plainText(proofWords(proof))],
  'gate-edit': ({ edit }) => [
    `${editTexts[edit.kind].title}: ${edit.subject} ${plainText(editChange(edit))}`.trim(),
    editTexts[edit.kind].meaning,
  ],
  driver: (driver) => [plainText(reasonsInWords(driver))],
}

function problemCases(problems: readonly Problem[]): readonly Case[] {
  const caseOf = (problem: Problem): Case => {
    const { kind, message, place, excerpt = [] } = problem
    const where = place ? [place.line === undefined ? place.file : `${place.file}:${place.line}`] : []
    return {
      name: [kind, ...where].join(' '),
      outcome: isError(problem) ? 'error' : 'passed',
      type: kind,
      message: `${problemTexts[kind].title}: ${message}`,
      lines: [message, ...excerpt, adviceFor(problem)],
    }
  }
  return atMost(problems, 'problem', caseOf, (left) => (left.some(isError) ? 'error' : 'passed'))
}

function writeSuites(suites: readonly Suite[]): string {
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kabi-gate"${countsOf(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${xmlText(`kabi-gate ${name}`)}"${countsOf(cases)} skipped="${countOf(cases, 'skipped')}">`,
      ...cases.map((one) => writeCase(one, name)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function countsOf(cases: readonly Case[]): string {
  return ` tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}"`
}

function countOf(cases: readonly Case[], outcome: Case['outcome']): number {
  return cases.filter((one) => one.outcome === outcome).length
}

function writeCase({ name, outcome, type, message, lines }: Case, suite: string): string {
  const body = lines.map((line) => xmlText(line)).join('\n')
  const inside = {
    passed: () => (body === '' ? '' : `<system-out>${body}</system-out>`),
    skipped: () => `<skipped message="${xmlText(message)}">${body}</skipped>`,
    failure: () => `<failure type="${xmlText(type)}" message="${xmlText(message)}">${body}</failure>`,
    error: () => `<error type="${xmlText(type)}" message="${xmlText(message)}">${body}</error>`,
  }[outcome]()
  return `    <testcase name="${xmlText(name)}" classname="${xmlText(`kabi-gate.${suite}`)}">${inside}</testcase>`
}

/** Text of others for XML 1.0, also in an attribute: two characters that are neither control nor format have no place in it. */
function xmlText(untrusted: string): string {
  return printable(untrusted)
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (special) => `&#${special.charCodeAt(0)};`)
}
