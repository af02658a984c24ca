import { jsonBreak } from '../report/json/json-break.ts'
import { fields, printJson } from '../report/json/print-json.ts'
import { jsonProblem } from '../report/json/render-json.ts'
import { tool } from '../version.ts'
import { resultOf, type Bisection } from './bisection.ts'

/** A bisection as JSON (docs/bisection.schema.json), pretty-printed, with a final newline. Every key is always there, what does not apply is `null`. */
export function bisectionJson(bisection: Bisection): string {
  const { question, value, problems } = bisection
  return printJson({
    schemaVersion: 1,
    tool: fields(tool, 'name', 'version'),
    result: resultOf(bisection),
    ...fields(question, 'good', 'bad', 'symbol', 'type', 'firstParent', 'variants'),
    breaks: (value?.breaks ?? []).map(({ broken, commits }) => ({
      broken: jsonBreak(broken),
      commits: commits.map((commit) => fields(commit, 'hash', 'subject', 'date')),
    })),
    looked: value?.looked ?? 0,
    skipped: (value?.skipped ?? []).map((one) => fields(one, 'commit', 'why')),
    problems: problems.map(jsonProblem),
  })
}
