import type { Difference } from '../../abi/compare.ts'
import { formatCrc, type Export } from '../../abi/export.ts'
import { adviceFor, problemTexts, type Problem } from '../../problem/problem.ts'
import type { WhitelistRow } from '../../abi/whitelist.ts'
import { ofFamily, type EditFinding } from '../../judge/finding.ts'
import type { Rule } from '../../judge/policy.ts'
import type { CountingConfiguration, Override, VariantSummary, Verdict } from '../../judge/verdict.ts'
import type { Waiver } from '../../judge/waiver.ts'
import { editTexts } from '../model/edit-texts.ts'
import { jsonDrivers } from './json-drivers.ts'
import { jsonBlame, jsonExplanation, jsonHidden } from './json-explanation.ts'
import { jsonLine, printJson } from './print-json.ts'
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
  const {
    schemaVersion,
    tool,
    result,
    date,
    override,
    policy,
    configuration,
    reasons,
    variants,
    findings,
    drivers,
    explanation,
    problems,
    unusedRules,
  } = verdict
  return {
    schemaVersion,
    tool: { name: tool.name, version: tool.version },
    result,
    date: date ?? null,
    override: override ? jsonOverride(override) : null,
    policy,
    configuration: configuration ? jsonConfiguration(configuration) : null,
    reasons: reasons.map(({ weight, about, count, variants: names }) => ({
      weight,
      finding: 'finding' in about ? about.finding : null,
      problem: 'problem' in about ? about.problem : null,
      count,
      variants: names,
    })),
    variants: variants.map(jsonVariant),
    problems: problems.map(jsonProblem),
    findings: share
      ? []
      : ofFamily(findings, 'symbol').map((finding) => jsonFinding({ finding, sameIn: [] })),
    findingsLeftOut,
    explanation: explanation ? jsonExplanation(explanation, share) : null,
    hidden: ofFamily(findings, 'hidden').map(jsonHidden),
    edits: ofFamily(findings, 'gate-edit').map(jsonEdit),
    drivers: drivers ? jsonDrivers(drivers, ofFamily(findings, 'driver')) : null,
    unusedRules: unusedRules.map(jsonRule),
  }
}

function jsonOverride({ by, reason, how, run }: Override) {
  return {
    by,
    reason,
    label: how?.kind === 'label' ? { name: how.label, role: how.role, at: how.at } : null,
    flag: how?.kind === 'flag' ? { role: how.role ?? null, at: how.at } : null,
    run: run ?? null,
  }
}

function jsonConfiguration(configuration: CountingConfiguration) {
  if (configuration.kind === 'work-tree') return { from: 'work-tree', name: null, commit: null, branch: null }
  const { name, commit, branch } = configuration
  return { from: 'commit', name, commit, branch: branch ?? null }
}

function jsonEdit({ severity, edit }: EditFinding) {
  const { kind, subject, variant, before, after, file, line } = edit
  const { title, meaning } = editTexts[kind]
  return {
    kind,
    severity,
    title,
    meaning,
    subject,
    variant: variant ?? null,
    before: before ?? null,
    after: after ?? null,
    file,
    line: line ?? null,
  }
}

function jsonVariant({ name, arch, result, findings, how, ...rest }: VariantSummary) {
  return {
    name,
    arch: arch ?? null,
    result,
    noPromiseReason: rest.noPromiseReason ?? null,
    protected: rest.protected,
    compared: rest.compared,
    added: rest.added ?? null,
    exports: rest.exports,
    findings: { fail: findings.fail, warn: findings.warn, ignore: findings.ignore },
    whitelist: rest.whitelist ?? null,
    whitelistDigest: rest.whitelistDigest ?? null,
    commit: rest.tree && 'commit' in rest.tree ? rest.tree.commit : null,
    kernel: rest.kernel ?? null,
    how: how
      ? {
          strategy: how.strategy,
          source: how.source ?? null,
          compiler: how.compiler ?? null,
          configDigest: how.configDigest ?? null,
          seconds: how.seconds,
        }
      : null,
  }
}

export function jsonProblem(problem: Problem) {
  const { kind, message, place, variant, excerpt } = problem
  return {
    kind,
    class: problemTexts[kind].class,
    title: problemTexts[kind].title,
    message,
    variant: variant ?? null,
    place: place ? { file: place.file, line: place.line ?? null, column: place.column ?? null } : null,
    excerpt: excerpt ?? [],
    advice: adviceFor(problem),
  }
}

function jsonFinding({ finding, sameIn }: SharedFinding) {
  const { kind, severity, variant, symbol, baseline, current, rule, waiver, causes, blame } = finding
  return {
    kind,
    severity,
    variant,
    sameIn,
    symbol,
    baseline: baseline ? jsonRow(baseline) : null,
    current: current ? jsonExport(current) : null,
    rule: rule ? jsonRule(rule) : null,
    waiver: waiver ? jsonWaiver(waiver) : null,
    causes: causes ?? null,
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
    lifetime: lifetime ? { first: lifetime.first, last: lifetime.last ?? null } : null,
  }
}

function jsonExport({ crc, module, type, namespace, file, line }: Omit<WhitelistRow, 'symbol'> | Export) {
  return {
    crc: crc === undefined ? null : formatCrc(crc),
    module: module ?? null,
    type: type ?? null,
    namespace: namespace ?? null,
    file,
    line,
  }
}

function jsonWaiver(waiver: Waiver) {
  const { symbol, kind, variants, from, to, reason, owner, ticket, expires, file, line } = waiver
  return {
    symbol,
    kind,
    variants,
    from: formatCrc(from),
    to: to === 'removed' ? to : formatCrc(to),
    reason,
    owner,
    ticket: ticket ?? null,
    expires,
    file,
    line,
  }
}

function jsonRule({ match, action, reason, file, line }: Rule) {
  return { by: match.by, pattern: match.pattern, action, reason: reason ?? null, file, line }
}
