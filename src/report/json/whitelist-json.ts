import type { GrantedRequest } from '../../abi/baseline.ts'
import type { CheckedWhitelist, WhitelistCheckOutcome } from '../../abi/checked-whitelist.ts'
import type { RowChange, VariantDifference, WhitelistsDifference } from '../../abi/compare-whitelists.ts'
import type { UpdateOutcome, VariantUpdate } from '../../abi/plan-update.ts'
import type { Whitelist, WhitelistRow } from '../../abi/whitelist.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { diffResult } from '../model/whitelist-models.ts'
import type { Problem } from '../../problem/problem.ts'
import { jsonExplanation } from './json-explanation.ts'
import { fields, printJson } from './print-json.ts'
import { jsonDifference, jsonProblem, jsonRow } from './render-json.ts'

type Tool = Verdict['tool']

/** The differences of whitelists as JSON (docs/formats.md). Every key is always there; what does not apply is `null`. */
export function renderWhitelistDiffJson(
  { differences, explained }: WhitelistsDifference,
  problems: readonly Problem[],
): string {
  return printJson({
    schemaVersion: 1,
    result: diffResult(differences),
    variants: differences.map(jsonVariantDifference),
    explanation: explained ? jsonExplanation(explained.explanation, false) : null,
    problems: problems.map(jsonProblem),
  })
}

function jsonVariantDifference(one: VariantDifference) {
  const { changed, removed, added, common, lost, gained } = one.difference
  return {
    variant: one.variant,
    result: diffResult([one]),
    before: jsonList(one.before),
    after: jsonList(one.after),
    changed: changed.map((row) => {
      const { symbol, before, after } = jsonChange(row)
      return { symbol, columns: row.columns, before, after }
    }),
    removed: removed.map(namedRow),
    added: added.map(namedRow),
    granted: one.granted.map(jsonGranted),
    common,
    lost,
    gained,
  }
}

function jsonChange({ symbol, before, after }: Omit<RowChange, 'columns'>) {
  return { symbol, before: jsonRow(before), after: jsonRow(after) }
}

function jsonList(whitelist: Whitelist | undefined) {
  if (!whitelist) return null
  const { file, dialect, rows } = whitelist
  return { file, dialect, symbols: new Set(rows.map(({ symbol }) => symbol)).size }
}

/** What an update of whitelists did, as JSON (docs/formats.md); checksums and absent values as in the JSON report. */
export function renderUpdateJson(
  { result, updates, explained, problems }: UpdateOutcome,
  tool: Tool,
): string {
  return printJson({
    schemaVersion: 1,
    tool,
    result,
    variants: updates.map(jsonUpdate),
    explanation: explained ? jsonExplanation(explained.explanation, false) : null,
    problems: problems.map(jsonProblem),
  })
}

function jsonUpdate({ variant, path, plan, granted }: VariantUpdate) {
  return {
    name: variant,
    whitelist: path,
    protected: plan.protected,
    added: plan.added.map(namedRow),
    changed: plan.changed.map(jsonChange),
    removed: plan.removed.map(namedRow),
    refused: plan.refused.map(jsonDifference),
    absent: plan.absent,
    granted: granted ? jsonGranted(granted) : null,
  }
}

function jsonGranted(granted: GrantedRequest) {
  return fields(granted, 'date', 'issue', 'reviewer', 'symbols')
}

function namedRow(row: WhitelistRow) {
  return { symbol: row.symbol, ...jsonRow(row) }
}

/** What a check of whitelists found, as JSON (docs/formats.md); checksums and absent values as in the JSON report. */
export function renderWhitelistCheckJson(
  { result, lists, problems }: WhitelistCheckOutcome,
  tool: Tool,
): string {
  return printJson({
    schemaVersion: 1,
    tool,
    result,
    whitelists: lists.map(jsonCheckedList),
    problems: [...problems, ...lists.flatMap((list) => list.problems)].map(jsonProblem),
  })
}

function jsonCheckedList(list: CheckedWhitelist) {
  return {
    ...fields(list, 'variant', 'path', 'protected', 'reproduced', 'baseline'),
    differences: list.differences?.map(jsonDifference) ?? null,
  }
}
