import { fails, ofFamily, type Finding } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import { jsonOrigins } from './json/json-origins.ts'
import { jsonLine } from './json/print-json.ts'

/** The run that an audit line is about. */
export interface AuditedRun {
  /** Who started, or restarted, the workflow. */
  readonly actor: string
  /** Where the run can be looked up; empty where that is not known. */
  readonly url: string
  readonly repository: string
  readonly commit: string
  /** When the verdict was given: ISO 8601. */
  readonly at: string
}

/**
 * One line of JSON for a run whose break was excused, with its line end; empty for any other run.
 * Every key is always there; `label` is null for the disable flag, `role` where nobody asked for it, `origins`
 * where nobody asked for them.
 */
export function renderAudit(verdict: Verdict, run: AuditedRun): string {
  const { result, override, tool, configuration, origins } = verdict
  if (result !== 'overridden' || !override) return ''
  const failing = verdict.findings.filter(fails)
  const { by, reason, how } = override
  const line = {
    at: run.at,
    repository: run.repository,
    commit: run.commit,
    base: configuration?.kind === 'commit' ? configuration.commit : null,
    branch: configuration?.kind === 'commit' ? (configuration.branch ?? null) : null,
    run: run.url,
    actor: run.actor,
    verdict: result,
    by,
    role: how?.role ?? null,
    reason,
    label: how?.kind === 'label' ? how.label : null,
    labeledAt: how?.kind === 'label' ? how.at : null,
    failing: failing.length,
    edits: failing.filter(({ kind }) => kind === 'whitelist-edit').length,
    kinds: countsByKind(failing),
    origins: origins ? jsonOrigins(origins, verdict.findings) : null,
    symbols: [...new Set(ofFamily(failing, 'symbol').map(({ symbol }) => symbol))].slice(0, mostSymbols),
    version: tool.version,
  }
  return `${jsonLine(line)}\n`
}

/** `{"changed":3,"driver":1}`, in the order in which kinds were found. */
function countsByKind(findings: readonly Finding[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** So that a line stays one that an editor can show. */
const mostSymbols = 100
