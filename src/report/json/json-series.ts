import type { Break } from '../../judge/break.ts'
import type { Series, SeriesCommit } from '../../judge/series.ts'
import { breakText } from '../break-text.ts'
import { jsonPatchLine } from './json-places.ts'
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

/** One thing that is broken. */
function jsonBreak(broken: Break) {
  const { kind, name, symbols, lines } = broken
  return {
    kind,
    name,
    title: breakText(broken),
    change: broken.kind === 'type' && broken.change ? broken.change.class : null,
    finding: broken.kind === 'symbol' ? broken.finding : null,
    symbols,
    lines: lines.map(jsonPatchLine),
  }
}
