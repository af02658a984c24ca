import type { AuditedRun } from '../report/audit.ts'
import { jsonLine } from '../report/json/print-json.ts'
import { tool } from '../version.ts'
import { resultOf, type Bisection } from './bisection.ts'

/** So that a line stays one that an editor can show. */
const mostBreaks = 100

/** One line of JSON for a bisection by a workflow, whatever it came to, with its line end. Every key is always there. */
export function bisectionAudit(bisection: Bisection, run: AuditedRun): string {
  const { question, value } = bisection
  const { good, bad, symbol, type, firstParent, variants } = question
  const breaks = value?.breaks ?? []
  const line = {
    at: run.at,
    repository: run.repository,
    commit: run.commit,
    run: run.url,
    actor: run.actor,
    bisection: resultOf(bisection),
    ...{ good, bad, symbol, type, firstParent, variants },
    found: breaks.length,
    breaks: breaks.slice(0, mostBreaks).map(({ broken, commits }) => ({
      name: broken.name,
      finding: broken.kind === 'symbol' ? broken.finding : null,
      symbols: broken.symbols.length,
      commits: commits.map(({ hash }) => hash),
    })),
    looked: value?.looked ?? 0,
    skipped: value?.skipped.length ?? 0,
    version: tool.version,
  }
  return `${jsonLine(line)}\n`
}
