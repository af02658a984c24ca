import type { UpdateOutcome, VariantUpdate } from '../abi/plan-update.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'
import type { Verdict } from '../judge/verdict.ts'
import { jsonDifference, jsonProblem, jsonRow } from './json/render-json.ts'
import { printJson } from './json/print-json.ts'

/** What an update of whitelists did, as JSON (docs/formats.md); checksums and absent values as in the JSON report. */
export function renderUpdateJson(
  { result, updates, problems }: UpdateOutcome,
  tool: Verdict['tool'],
): string {
  return printJson({
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    result,
    variants: updates.map(jsonUpdate),
    problems: problems.map(jsonProblem),
  })
}

function jsonUpdate({ variant, path, plan }: VariantUpdate) {
  return {
    name: variant,
    whitelist: path,
    protected: plan.protected,
    added: plan.added.map(namedRow),
    changed: plan.changed.map(({ symbol, before, after }) => ({
      symbol,
      before: jsonRow(before),
      after: jsonRow(after),
    })),
    removed: plan.removed.map(namedRow),
    refused: plan.refused.map(jsonDifference),
    absent: plan.absent,
  }
}

function namedRow(row: WhitelistRow) {
  return { symbol: row.symbol, ...jsonRow(row) }
}
