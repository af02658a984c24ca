import type { CheckedWhitelist, WhitelistCheckOutcome } from '../abi/checked-whitelist.ts'
import type { Verdict } from '../judge/verdict.ts'
import { jsonDifference, jsonProblem } from './json/render-json.ts'
import { printJson } from './json/print-json.ts'

/** What a check of whitelists found, as JSON (docs/formats.md); checksums and absent values as in the JSON report. */
export function renderWhitelistCheckJson(
  { result, lists, problems }: WhitelistCheckOutcome,
  tool: Verdict['tool'],
): string {
  return printJson({
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    result,
    whitelists: lists.map(jsonList),
    problems: [...problems, ...lists.flatMap((list) => list.problems)].map(jsonProblem),
  })
}

function jsonList({ variant, path, reproduced, baseline, differences, ...rest }: CheckedWhitelist) {
  return {
    variant: variant ?? null,
    path,
    protected: rest.protected,
    reproduced: reproduced ?? null,
    baseline,
    differences: differences?.map(jsonDifference) ?? null,
  }
}
