import { adviceFor, isError, problemTexts } from '../../problem/problem.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import { overrideSentence, resultWords } from '../model/headline.ts'
import { mergeProblems, type MergedProblem } from '../model/merge-problems.ts'
import { printJson } from '../json/print-json.ts'
import { sarifLocations, type SarifLocation } from './sarif-location.ts'
import { sarifResults, type SarifResult } from './sarif-results.ts'
import { sarifRules } from './sarif-rules.ts'
import { variantsInWords } from '../model/variant-words.ts'
import { plainText } from '../text/text-pen.ts'
import { counted } from '../words.ts'

export interface SarifOptions {
  /** Folders that hold the repository, absolute: paths below one of them are written relative to it. */
  readonly roots: readonly string[]
}

/** GitHub shows 5,000 results of a run and takes 10 MB of gzip; this many stay far below both. */
const mostResults = 1_000

const mostNotifications = 100

/**
 * A verdict as SARIF 2.1.0 for code scanning: a result for each cause on the line of the patch that made it, and for
 * each symbol that no cause explains; rules are kinds of findings and classes of changes. Findings that a rule of the
 * policy made to be ignored are left out. What was overridden is suppressed, with who and why; problems are notifications.
 */
export function renderSarif(verdict: Verdict, { roots }: SarifOptions): string {
  const at = sarifLocations(roots, verdict.variants.flatMap(({ how }) => how?.source ?? [])[0])
  const all = sarifResults(verdict, at)
  const results = all.slice(0, mostResults)
  const problems = mergeProblems(verdict.problems)
  const left = [
    ...notShown(all.length - results.length, 'result'),
    ...notShown(problems.length - mostNotifications, 'problem'),
  ]
  return printJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: verdict.tool.name,
            version: printable(verdict.tool.version, 40),
            rules: sarifRules.map((rule) => withHelp(rule, verdict.docs)),
          },
        },
        automationDetails: { id: 'kabi-gate/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: verdict.result !== 'error',
            toolExecutionNotifications: [
              ...problems.slice(0, mostNotifications).map((problem) => notificationOf(problem, at)),
              ...left,
            ],
          },
        ],
        properties: { verdict: verdict.result, ...aboutOf(verdict) },
        results: results.map((result) => ({ ...result, ...suppressions(verdict, result) })),
      },
    ],
  })
}

function withHelp({ anchor, ...rule }: (typeof sarifRules)[number], docs: string | undefined) {
  return docs === undefined ? rule : { ...rule, helpUri: `${docs}/fixing-a-break.md#${anchor}` }
}

/** What the run is of. */
function aboutOf({ date, configuration, variants }: Verdict) {
  return {
    date: date ?? null,
    base: configuration?.kind === 'commit' ? printable(configuration.commit, 100) : null,
    variants: variants
      .filter(({ result }) => result !== 'no-promise')
      .map(({ name, tree, kernel, how, whitelist, whitelistDigest }) => ({
        name: printable(name, 100),
        commit: tree && 'commit' in tree ? tree.commit : null,
        kernel: kernel === undefined ? null : printable(kernel, 100),
        compiler: how?.compiler === undefined ? null : printable(how.compiler, 200),
        whitelist: whitelist === undefined ? null : printable(whitelist, 300),
        whitelistDigest: whitelistDigest ?? null,
      })),
  }
}

function notificationOf({ problem, variants }: MergedProblem, at: (file: string) => SarifLocation) {
  const { kind, message, place } = problem
  const where = variants.length > 0 ? ` (${plainText(variantsInWords(variants, []))})` : ''
  const text = `${problemTexts[kind].title}${where}: ${printable(message, 1000)} ${printable(adviceFor(problem), 1000)}`
  return {
    level: isError(problem) ? 'error' : 'note',
    descriptor: { id: kind },
    message: { text },
    ...(place ? { locations: [withLine(at(place.file), place.line)] } : {}),
  }
}

function withLine({ physicalLocation }: SarifLocation, line: number | undefined): SarifLocation {
  return {
    physicalLocation: { ...physicalLocation, ...(line === undefined ? {} : { region: { startLine: line } }) },
  }
}

function notShown(count: number, noun: string) {
  if (count <= 0) return []
  const text = `${counted(count, `more ${noun}`)} left out; the other reports of this run count everything.`
  return [{ level: 'warning', message: { text } }]
}

/** Once one result of a run tells of suppressions, all have to. */
function suppressions(verdict: Verdict, { level }: SarifResult) {
  if (verdict.result !== 'overridden') return {}
  const who = plainText(overrideSentence(verdict) ?? [])
  const accepted = {
    kind: 'external',
    status: 'accepted',
    justification: `${resultWords.overridden} ${who}`,
  } as const
  return { suppressions: level === 'error' ? [accepted] : [] }
}
