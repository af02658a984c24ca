import type { LineCommit } from '../../abi/cause.ts'
import { breakKey, type Break } from '../../judge/break.ts'
import type { Series, SeriesCommit } from '../../judge/series.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { breakText } from '../break-text.ts'
import { counted } from '../words.ts'
import { emptySection, type Column, type Section } from './report-model.ts'
import { code, join, prose, say, text, type Span, type Words } from './span.ts'

const columns: readonly Column[] = ['Commit', 'Subject', 'Does', 'What'].map((head) => ({
  head,
}))

/** What each commit of the series did; nothing where they were not looked at one by one. */
export function seriesSection({ series }: Verdict): readonly Section[] {
  if (!series) return []
  const rows = [...baseRows(series), ...series.commits.flatMap((one) => rowsOf(one, series))]
  return [
    {
      ...emptySection('series', ['Commit by commit']),
      lead: leadOf(series),
      blocks:
        rows.length === 0
          ? []
          : [
              {
                kind: 'table',
                list: 'series',
                caption: 'Commits',
                noun: 'change',
                columns,
                rows,
                figures: true,
              },
            ],
    },
  ]
}

function leadOf({ base, commits }: Series): Words {
  const having = (what: (one: SeriesCommit) => boolean) => commits.filter(what).length
  const parts = [
    { count: having(({ introduced }) => introduced.length > 0), verbs: ['breaks', 'break'], what: 'the ABI' },
    {
      count: having(({ changed }) => changed.length > 0),
      verbs: ['changes', 'change'],
      what: 'a broken type again',
    },
    { count: having(({ repaired }) => repaired.length > 0), verbs: ['repairs', 'repair'], what: 'something' },
    {
      count: having(({ skipped }) => skipped !== undefined),
      verbs: ['could', 'could'],
      what: 'not be looked at',
    },
  ].filter(({ count }) => count > 0)
  const found =
    parts.length === 0
      ? 'none changes anything that is promised'
      : parts.map(({ count, verbs, what }) => `${count} ${verbs[count === 1 ? 0 : 1]} ${what}`).join(', ')
  return say`${counted(commits.length, 'commit')} after ${commitCode(base)}: ${found}.`
}

/** What was broken before the series, or that its base could not be looked at. */
function baseRows({ base, baseSkipped, before }: Series): readonly Row[] {
  if (baseSkipped !== undefined) return [rowOf(base, 'not looked at', [prose(baseSkipped)])]
  return before.map((one) => rowOf(base, 'was broken', [text(breakText(one))]))
}

function rowsOf(one: SeriesCommit, { commits }: Series): readonly Row[] {
  const { commit, skipped, doubtful, introduced, changed, repaired } = one
  if (skipped !== undefined) return [rowOf(commit, 'not looked at', [prose(skipped)])]
  const later = commits.slice(commits.indexOf(one) + 1)
  const doubt =
    doubtful.length === 0
      ? []
      : say`unless ${join(doubtful.map(commitCode), ', ')} did, which could not be looked at`
  const broken = (does: string) => (what: Break) =>
    rowOf(commit, does, join([text(breakText(what)), repairWords(what, later), doubt], '; '))
  return [
    ...introduced.map(broken('breaks')),
    ...changed.map(broken('changes again')),
    ...repaired.map((what) => rowOf(commit, 'repairs', join([text(breakText(what)), doubt], '; '))),
  ]
}

type Row = readonly Words[]

function rowOf(commit: LineCommit, does: string, what: Words): Row {
  return [[commitCode(commit)], [{ text: commit.subject, max: longestSubject }], [does], what]
}

/** Git's advice for subjects. */
const longestSubject = 50

function repairWords(what: Break, later: readonly SeriesCommit[]): Words {
  const by = later.find(({ repaired }) => repaired.some((one) => breakKey(one) === breakKey(what)))
  return by ? say`repaired by ${commitCode(by.commit)}` : []
}

function commitCode({ hash }: LineCommit): Span {
  return code(hash.slice(0, 12))
}
