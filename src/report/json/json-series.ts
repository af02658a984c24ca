import type { Series, SeriesCommit } from '../../judge/series.ts'
import { jsonBreak } from './json-break.ts'
import { fields } from './print-json.ts'

/** What each commit did. */
export function jsonSeries({ base, baseSkipped, before, commits }: Series) {
  return {
    base: { ...fields(base, 'hash', 'subject', 'date'), skipped: baseSkipped ?? null },
    before: before.map(jsonBreak),
    commits: commits.map(jsonCommit),
  }
}

function jsonCommit({ commit, skipped, doubtful, introduced, changed, repaired }: SeriesCommit) {
  return {
    ...fields(commit, 'hash', 'subject', 'date'),
    skipped: skipped ?? null,
    doubtful: doubtful.map(({ hash }) => hash),
    introduced: introduced.map(jsonBreak),
    changed: changed.map(jsonBreak),
    repaired: repaired.map(jsonBreak),
  }
}
