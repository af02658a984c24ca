import type { Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import { printJson } from '../json/print-json.ts'
import {
  findingDiagnostics,
  pathIn,
  problemDiagnostics,
  type Diagnostic,
  type DiagnosticPlace,
} from '../model/diagnostics.ts'
import { overrideSentence, resultWords } from '../model/headline.ts'
import { plainText } from '../text/text-pen.ts'
import { counted } from '../words.ts'

export interface CodeQualityOptions {
  /** Folders that hold the repository, absolute: paths below one of them are written relative to it. */
  readonly roots: readonly string[]
}

/** One entry of the report; GitLab compares those of two branches by their fingerprints. */
interface CodeQualityIssue {
  readonly description: string
  readonly check_name: string
  readonly fingerprint: string
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker'
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } }
}

const mostIssues = 1_000

/** What has no place of its own stands with the configuration of the gate. */
const nowhere = { path: 'kabi.yml', lines: { begin: 1 } } as const

/**
 * A verdict as GitLab's Code Quality report (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format"), an array of
 * issues: a finding that fails is a blocker, and every problem is an issue too, because an empty report says that all is well. No two
 * fingerprints are alike.
 */
export function renderCodeQuality(verdict: Verdict, { roots }: CodeQualityOptions): string {
  const excuse = verdict.result === 'overridden' ? plainText(overrideSentence(verdict) ?? []) : undefined
  const all = [
    ...problemDiagnostics(verdict).map((one) =>
      issueOf(one, one.level === 'error' ? 'critical' : 'info', '', roots),
    ),
    ...findingDiagnostics(verdict).map((one) => {
      if (one.level !== 'error') return issueOf(one, 'minor', '', roots)
      return excuse === undefined
        ? issueOf(one, 'blocker', '', roots)
        : issueOf(one, 'info', `${resultWords.overridden} ${excuse} `, roots)
    }),
  ]
  const left = all.length - mostIssues
  return printJson(withOwnFingerprints([...all.slice(0, mostIssues), ...(left > 0 ? [leftOut(left)] : [])]))
}

function issueOf(
  { title, subject, facts, advice, rule, fingerprint, place }: Diagnostic,
  severity: CodeQualityIssue['severity'],
  before: string,
  roots: readonly string[],
): CodeQualityIssue {
  const about = subject === '' ? title : `${title}: ${subject}`
  return {
    description: printable(`${before}${[about, ...facts, advice].join(' ')}`),
    check_name: rule,
    fingerprint: `${rule} ${fingerprint}`,
    severity,
    location: place ? locationOf(place, roots) : nowhere,
  }
}

function locationOf(place: DiagnosticPlace, roots: readonly string[]): CodeQualityIssue['location'] {
  const path = printable(pathIn(place, roots)).replace(/^(?:\.\/)+/, '')
  return { path: path === '' ? nowhere.path : path, lines: { begin: Math.max(1, place.line ?? 1) } }
}

function leftOut(count: number): CodeQualityIssue {
  return {
    description: `${counted(count, 'more issue')} left out; the other reports of this run count everything.`,
    check_name: 'left-out',
    fingerprint: 'left-out',
    severity: 'info',
    location: nowhere,
  }
}

/** Of two issues with one fingerprint GitLab shows one. */
function withOwnFingerprints(issues: readonly CodeQualityIssue[]): readonly CodeQualityIssue[] {
  const seen = new Map<string, number>()
  return issues.map((issue) => {
    const count = (seen.get(issue.fingerprint) ?? 0) + 1
    seen.set(issue.fingerprint, count)
    return count === 1 ? issue : { ...issue, fingerprint: `${issue.fingerprint} ${count}` }
  })
}
