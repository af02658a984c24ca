import { adviceFor, isError, problemTexts, type Problem } from '../../problem/problem.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import { printJson } from '../json/print-json.ts'
import { overrideSentence, resultWords } from '../model/headline.ts'
import { mergeProblems } from '../model/merge-problems.ts'
import { variantsInWords } from '../model/variant-words.ts'
import { sarifLocations, type SarifLocation } from '../sarif/sarif-location.ts'
import { sarifResults, type SarifResult } from '../sarif/sarif-results.ts'
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
 * issues: the results that SARIF has, and every problem, because an empty report says that all is well. The fingerprints do
 * not depend on lines, numbers or other issues; no two are alike.
 */
export function renderCodeQuality(verdict: Verdict, { roots }: CodeQualityOptions): string {
  const at = sarifLocations(roots, verdict.variants.flatMap(({ how }) => how?.source ?? [])[0])
  const problems = mergeProblems(verdict.problems).map(({ problem, variants }) =>
    issueOfProblem(problem, variants, at),
  )
  const all = [...problems, ...sarifResults(verdict, at).map((result) => issueOfResult(result, verdict))]
  const left = all.length - mostIssues
  return printJson(withOwnFingerprints([...all.slice(0, mostIssues), ...(left > 0 ? [leftOut(left)] : [])]))
}

function issueOfResult(result: SarifResult, verdict: Verdict): CodeQualityIssue {
  const { ruleId, level, message, locations, partialFingerprints } = result
  const excused = verdict.result === 'overridden' && level === 'error'
  const who = excused ? `${resultWords.overridden} ${plainText(overrideSentence(verdict) ?? [])} ` : ''
  return {
    description: printable(`${who}${message.text}`),
    check_name: ruleId,
    fingerprint: `${ruleId} ${partialFingerprints['kabiGate/v1']}`,
    severity: excused ? 'info' : level === 'error' ? 'blocker' : 'minor',
    location: placeOf(locations[0]),
  }
}

function issueOfProblem(
  problem: Problem,
  variants: readonly string[],
  at: (file: string) => SarifLocation,
): CodeQualityIssue {
  const { kind, message, place } = problem
  const where = variants.length > 0 ? ` (${plainText(variantsInWords(variants, []))})` : ''
  const location = place && placeOf(at(place.file))
  return {
    description: printable(`${problemTexts[kind].title}${where}: ${message} ${adviceFor(problem)}`),
    check_name: kind,
    fingerprint: printable([kind, place?.file ?? '', message, ...variants].join(' '), 500),
    severity: isError(problem) ? 'critical' : 'info',
    location: location ? { ...location, lines: { begin: place.line ?? 1 } } : nowhere,
  }
}

/** GitLab wants the path as it is, SARIF an address. */
function placeOf(location: SarifLocation | undefined): CodeQualityIssue['location'] {
  if (!location) return nowhere
  const { artifactLocation, region } = location.physicalLocation
  const path = printable(decodeURIComponent(artifactLocation.uri.replace(/^file:\/\//, ''))).replace(
    /^(?:\.\/)+/,
    '',
  )
  return { path: path === '' ? nowhere.path : path, lines: { begin: Math.max(1, region?.startLine ?? 1) } }
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
