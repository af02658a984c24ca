import type { ChangeClass } from '../../abi/cause.ts'
import type { FindingKind } from '../../judge/finding.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import { jsonOrigins } from '../json/json-origins.ts'
import { printJson } from '../json/print-json.ts'
import { changeText, changeTexts } from '../model/change-texts.ts'
import {
  findingDiagnostics,
  pathIn,
  problemDiagnostics,
  type Diagnostic,
  type DiagnosticPlace,
  type FindingDiagnostic,
} from '../model/diagnostics.ts'
import { findingTexts } from '../model/finding-texts.ts'
import { overrideSentence, resultWords } from '../model/headline.ts'
import { plainText } from '../text/text-pen.ts'
import { counted } from '../words.ts'

export interface SarifOptions {
  /** Folders that hold the repository, absolute: paths below one of them are written relative to it. */
  readonly roots: readonly string[]
}

/** GitHub shows 5,000 results of a run and takes 10 MB of gzip; this many stay far below both. */
const mostResults = 1_000

const mostNotifications = 100

const mostSymbols = 50

/**
 * A verdict as SARIF 2.1.0 for code scanning: findings are results, whose rules are kinds of findings and classes of changes;
 * problems are notifications. What was overridden is suppressed, with who and why.
 */
export function renderSarif(verdict: Verdict, { roots }: SarifOptions): string {
  const findings = findingDiagnostics(verdict)
  const problems = problemDiagnostics(verdict)
  const { tool, docs } = verdict
  return printJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: printable(tool.version, 40),
            rules: ruleIds.map((id) => ruleOf(id, ruleText(id, verdict), docs)),
          },
        },
        automationDetails: { id: 'kabi-gate/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: verdict.result !== 'error',
            toolExecutionNotifications: [
              ...problems.slice(0, mostNotifications).map((problem) => notificationOf(problem, roots)),
              ...notShown(findings.length - mostResults, 'result'),
              ...notShown(problems.length - mostNotifications, 'problem'),
            ],
          },
        ],
        properties: { verdict: verdict.result, ...aboutOf(verdict) },
        results: findings.slice(0, mostResults).map((finding) => ({
          ...resultOf(finding, roots),
          ...suppressions(verdict, finding),
        })),
      },
    ],
  })
}

interface RuleText {
  readonly title: string
  readonly explanation: string
  readonly advice: string
  readonly anchor: string
}

/** Every rule that a result may name, always all and in this order, so that an index stays what it is. */
const ruleIds: readonly FindingDiagnostic['rule'][] = [
  ...Object.keys(findingTexts).map((kind) => kind as FindingKind),
  ...Object.keys(changeTexts).map((name) => `changed/${name as ChangeClass}` as const),
]

function ruleText(id: FindingDiagnostic['rule'], { explanation }: Verdict): RuleText {
  const [kind, name] = id.split('/')
  return name === undefined
    ? findingTexts[kind as FindingKind]
    : changeText(name as ChangeClass, explanation?.kabiMacros)
}

function ruleOf(id: string, { title, explanation, advice, anchor }: RuleText, docs: string | undefined) {
  return {
    id,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    help: { text: `${explanation}\n\n${advice}`, markdown: `${explanation}\n\n${advice}` },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['kabi', id.startsWith('changed') ? 'checksum' : 'export'] },
    ...(docs === undefined ? {} : { helpUri: `${docs}/fixing-a-break.md#${anchor}` }),
  }
}

function resultOf(finding: FindingDiagnostic, roots: readonly string[]) {
  const { rule, level, title, subject, facts, place, symbols, variants, origin, fingerprint } = finding
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level,
    message: { text: [`${title}: ${subject}`, ...facts].join('\n') },
    locations: place ? [locationOf(place, roots)] : [],
    partialFingerprints: { 'kabiGate/v1': fingerprint },
    properties: { symbols: symbols.slice(0, mostSymbols), variants, ...(origin ? { origin } : {}) },
  }
}

/** What the run is of. */
function aboutOf({ date, configuration, variants, origins, findings }: Verdict) {
  const short = (text: string | undefined, max: number) => (text === undefined ? null : printable(text, max))
  return {
    date: date ?? null,
    base: short(configuration?.kind === 'commit' ? configuration.commit : undefined, 100),
    ...(origins ? { origins: jsonOrigins(origins, findings) } : {}),
    variants: variants
      .filter(({ result }) => result !== 'no-promise')
      .map(({ name, tree, carried, kernel, how, whitelist, whitelistDigest }) => ({
        name: printable(name, 100),
        commit: tree && 'commit' in tree ? tree.commit : null,
        carriedFrom: carried?.from ?? null,
        kernel: short(kernel, 100),
        compiler: short(how?.compiler, 200),
        whitelist: short(whitelist, 300),
        whitelistDigest: whitelistDigest ?? null,
      })),
  }
}

function notificationOf(problem: Diagnostic, roots: readonly string[]) {
  const { level, rule, title, facts, advice, place } = problem
  return {
    level,
    descriptor: { id: rule },
    message: { text: [`${title}: ${facts.join(' ')}`, advice].join(' ') },
    ...(place ? { locations: [locationOf(place, roots)] } : {}),
  }
}

function notShown(count: number, noun: string) {
  if (count <= 0) return []
  const text = `${counted(count, `more ${noun}`)} left out; the other reports of this run count everything.`
  return [{ level: 'warning', message: { text } }]
}

/** Once one result of a run tells of suppressions, all have to. */
function suppressions(verdict: Verdict, { level }: FindingDiagnostic) {
  if (verdict.result !== 'overridden') return {}
  const who = plainText(overrideSentence(verdict) ?? [])
  const accepted = { kind: 'external', status: 'accepted', justification: `${resultWords.overridden} ${who}` }
  return { suppressions: level === 'error' ? [accepted] : [] }
}

/** Relative to the repository where the file lies in it, as code scanning asks, else as a `file:` URI. */
function locationOf(place: DiagnosticPlace, roots: readonly string[]) {
  const { line, endLine = line } = place
  const uri = pathIn(place, roots).split('/').map(encoded).join('/')
  const artifactLocation = uri.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
  const region = line === undefined ? {} : { region: { startLine: line, endLine } }
  return { physicalLocation: { artifactLocation, ...region } }
}

/** A part of a path; lone surrogates have no place in a URI. */
function encoded(part: string): string {
  return encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))
}
