import type { Difference } from '../../abi/compare.ts'
import { formatCrc, type Export } from '../../abi/export.ts'
import { adviceFor, problemTexts, type Problem } from '../../problem/problem.ts'
import type { WhitelistRow } from '../../abi/whitelist.ts'
import { ofFamily, type EditFinding } from '../../judge/finding.ts'
import type { CountingConfiguration, Override, Reach, VariantSummary, Verdict } from '../../judge/verdict.ts'
import { editTexts } from '../model/edit-texts.ts'
import { jsonDrivers } from './json-drivers.ts'
import { jsonRule, jsonWaiver } from './json-exceptions.ts'
import { jsonBlame, jsonExplanation, jsonHidden } from './json-explanation.ts'
import { jsonLayoutFinding } from './json-layouts.ts'
import { jsonOrigin, jsonOrigins } from './json-origins.ts'
import { fields, jsonLine, printJson } from './print-json.ts'
import { jsonSeries } from './json-series.ts'
import { sameFindings, type SharedFinding } from './same-findings.ts'

/**
 * A verdict as JSON (docs/report.schema.json), pretty-printed, with a final newline. Every key is always there, what
 * does not apply is `null`, and a checksum is text such as `0x0012ab34`. Of very many findings those that variants share stand there
 * once, with the others in `sameIn`; what is too much even then is counted in `findingsLeftOut`. Texts are as they were found; the escapes
 * keep a log harmless that shows the file.
 */
export function renderJson(verdict: Verdict, { spread, shown: most } = usualLimits): string {
  const findings = ofFamily(verdict.findings, 'symbol')
  if (findings.length <= spread) return printJson(jsonReport(verdict, false))
  const shared = sameFindings(findings)
  const shown = shared.slice(0, most)
  const left = shared.slice(most).reduce((count, { sameIn }) => count + 1 + sameIn.length, 0)
  const [before = '', after = ''] = printJson(jsonReport(verdict, true, left)).split(noFindings)
  // Joined once, and not a string for each finding at the same time.
  const pieces = [`${before}  "findings": [\n`]
  for (let at = 0; at < shown.length; at += linesAtOnce) {
    const lines = shown.slice(at, at + linesAtOnce).map((one) => `    ${jsonLine(jsonFinding(one))}`)
    pieces.push(lines.join(',\n'), at + linesAtOnce < shown.length ? ',\n' : `\n  ]${after}`)
  }
  return pieces.join('')
}

/**
 * Of more findings than `spread` each is a line, and one that several variants share stands there once: they would be most of the file.
 * Of more lines than `shown` the rest is only counted: so many were never looked at one by one.
 */
const usualLimits = { spread: 5000, shown: 50_000 }

const linesAtOnce = 5000

/** At the top of the report alone is a key indented by two. */
const noFindings = /^ {2}"findings": \[\]/m

function jsonReport(verdict: Verdict, share: boolean, findingsLeftOut = 0) {
  const { override, configuration, reasons, findings, drivers, explanation, series, reach, origins } = verdict
  return {
    ...fields(verdict, 'schemaVersion', 'tool', 'result', 'date'),
    override: override ? jsonOverride(override) : null,
    policy: verdict.policy,
    origins: origins ? jsonOrigins(origins, findings) : null,
    configuration: configuration ? jsonConfiguration(configuration) : null,
    reasons: reasons.map(({ weight, about, count, variants }) => ({
      weight,
      finding: 'finding' in about ? about.finding : null,
      problem: 'problem' in about ? about.problem : null,
      count,
      variants,
    })),
    variants: verdict.variants.map(jsonVariant),
    problems: verdict.problems.map(jsonProblem),
    findings: share
      ? []
      : ofFamily(findings, 'symbol').map((finding) => jsonFinding({ finding, sameIn: [] })),
    findingsLeftOut,
    explanation: explanation ? jsonExplanation(explanation, share) : null,
    series: series ? jsonSeries(series) : null,
    reach: reach ? reach.map(jsonReach) : null,
    layouts: ofFamily(findings, 'layout').map(jsonLayoutFinding),
    hidden: ofFamily(findings, 'hidden').map(jsonHidden),
    edits: ofFamily(findings, 'gate-edit').map(jsonEdit),
    drivers: drivers ? jsonDrivers(drivers, ofFamily(findings, 'driver')) : null,
    unusedRules: verdict.unusedRules.map(jsonRule),
  }
}

function jsonOverride({ by, reason, how, run }: Override) {
  return {
    by,
    reason,
    label: how?.kind === 'label' ? { name: how.label, role: how.role, at: how.at } : null,
    flag: how?.kind === 'flag' ? fields(how, 'role', 'at') : null,
    run: run ?? null,
  }
}

function jsonConfiguration(configuration: CountingConfiguration) {
  if (configuration.kind === 'work-tree') return { from: 'work-tree', name: null, commit: null, branch: null }
  return { from: 'commit', ...fields(configuration, 'name', 'commit', 'branch') }
}

function jsonEdit(finding: EditFinding) {
  const { severity, edit } = finding
  return {
    kind: edit.kind,
    severity,
    ...editTexts[edit.kind],
    ...fields(edit, 'subject', 'variant', 'before', 'after', 'file', 'line'),
    ...jsonOrigin(finding),
  }
}

function jsonVariant(variant: VariantSummary) {
  const { tree, how } = variant
  return {
    ...fields(
      variant,
      'name',
      'arch',
      'result',
      'noPromiseReason',
      'protected',
      'compared',
      'added',
      'exports',
    ),
    findings: fields(variant.findings, 'fail', 'warn', 'ignore'),
    ...fields(variant, 'whitelist', 'whitelistDigest'),
    commit: tree && 'commit' in tree ? tree.commit : null,
    kernel: variant.kernel ?? null,
    how: how ? fields(how, 'strategy', 'source', 'compiler', 'configDigest', 'seconds') : null,
    carried: variant.carried ? fields(variant.carried, 'from', 'changed', 'read') : null,
  }
}

function jsonReach({ variant, from, files }: Reach) {
  return {
    variant,
    from: from ?? null,
    files: files.map((file) => ({
      path: file.path,
      doubt: file.doubt ?? null,
      objects: file.objects ?? null,
      symbols: file.symbols ?? null,
    })),
  }
}

export function jsonProblem(problem: Problem) {
  const { kind, place, excerpt = [] } = problem
  return {
    kind,
    class: problemTexts[kind].class,
    title: problemTexts[kind].title,
    ...fields(problem, 'message', 'variant'),
    place: place ? fields(place, 'file', 'line', 'column') : null,
    excerpt,
    advice: adviceFor(problem),
  }
}

function jsonFinding({ finding, sameIn }: SharedFinding) {
  const { rule, waiver, blame } = finding
  const { kind, symbol, baseline, current } = jsonDifference(finding)
  return {
    kind,
    severity: finding.severity,
    variant: finding.variant,
    sameIn,
    symbol,
    baseline,
    current,
    rule: rule ? jsonRule(rule) : null,
    waiver: waiver ? jsonWaiver(waiver) : null,
    ...jsonOrigin(finding),
    causes: finding.causes ?? null,
    blame: blame ? jsonBlame(blame) : null,
  }
}

export function jsonDifference({ kind, symbol, baseline, current }: Difference) {
  return {
    kind,
    symbol,
    baseline: baseline ? jsonRow(baseline) : null,
    current: current ? jsonExport(current) : null,
  }
}

/** A row of a whitelist without its symbol. */
export function jsonRow(row: WhitelistRow) {
  const { section, lifetime } = row
  return {
    ...jsonExport(row),
    section,
    lifetime: lifetime ? fields(lifetime, 'first', 'last') : null,
  }
}

function jsonExport(row: Omit<WhitelistRow, 'symbol'> | Export) {
  const crc = row.crc === undefined ? null : formatCrc(row.crc)
  return { crc, ...fields(row, 'module', 'type', 'namespace', 'file', 'line') }
}
