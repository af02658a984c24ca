import type { LineCommit } from '../abi/cause.ts'
import { isError } from '../problem/problem.ts'
import type { BisectedRange, FoundBreak } from '../range/bisect-range.ts'
import type { Result } from '../judge/verdict.ts'
import { breakWords } from '../report/break-text.ts'
import { writeMarkdown } from '../report/markdown/render-markdown.ts'
import { patchText } from '../report/model/explanation-words.ts'
import { mergeProblems } from '../report/model/merge-problems.ts'
import { problemSection } from '../report/model/problem-section.ts'
import { emptySection, type Headline, type Section } from '../report/model/report-model.ts'
import { code, join, prose, say, text, type Words } from '../report/model/span.ts'
import { andMore, counted, uncapital } from '../report/words.ts'
import { tool } from '../version.ts'
import {
  nothingBroken,
  oneOfThese,
  resultOf,
  type Bisection,
  type BisectionResult,
  type NamedCommit,
} from './bisection.ts'

interface BisectionMarkdownOptions {
  /** The result is never longer, in bytes of UTF-8. At least 2,000. */
  readonly maxBytes: number
  /** The address of the repository that the commits are of, without a slash at its end; absent: not known. */
  readonly repository?: string | undefined
}

/** A bisection as GitHub Markdown, for a job summary: a table of what broke, how, and by which commit. Cut where it would be too long. */
export function bisectionMarkdown(
  bisection: Bisection,
  { maxBytes, repository }: BisectionMarkdownOptions,
): string {
  const { value, problems } = bisection
  const errors = problems.filter(isError)
  return writeMarkdown(
    {
      headline: headline(bisection),
      sections: [
        ...(value ? [...breakSections(value, repository), ...skippedSections(value, repository)] : []),
        ...problemSection('errors', 'Errors', mergeProblems(errors)),
        ...problemSection('notes', 'Notes', mergeProblems(problems.filter((one) => !isError(one)))),
      ],
      checked: asked(bisection),
    },
    { maxBytes, title: 'kabi-gate bisect' },
  )
}

/** Neither a pass nor a break of a check: commits that were found call for a look. */
const tones: Readonly<Record<BisectionResult, Result>> = {
  found: 'overridden',
  intact: 'pass',
  error: 'error',
}

function headline(bisection: Bisection): Headline {
  const { question, value } = bisection
  const result = resultOf(bisection)
  const between = say`between ${code(question.good.name)} and ${code(question.bad.name)}`
  const breaks = value?.breaks ?? []
  const commits = new Set(breaks.map(commitsKey)).size
  const sentences: Readonly<Record<BisectionResult, Words>> = {
    found: say`${counted(breaks.length, 'break')} by ${counted(commits, 'commit')} ${between}`,
    intact: say`${uncapital(nothingBroken).slice(0, -1)} ${between}`,
    error: say`nobody knows what broke ${between}`,
  }
  return { tone: tones[result], word: result.toUpperCase(), sentence: sentences[result] }
}

function commitsKey({ commits }: FoundBreak): string {
  return commits.map(({ hash }) => hash).join()
}

function breakSections({ breaks }: BisectedRange, repository: string | undefined): readonly Section[] {
  if (breaks.length === 0) return []
  const items = breaks.flatMap(({ broken }) =>
    broken.lines.map((line) => ({
      place: `${line.file}:${line.line}`,
      line: patchText(line),
      remark: [text(breakWords(broken).cause)],
    })),
  )
  return [
    {
      ...emptySection('breaks', ['What broke']),
      blocks: [
        {
          ...{ kind: 'table', list: 'rows', caption: 'What broke' },
          columns: [
            { head: 'Cause', key: true },
            { head: 'Change' },
            { head: 'Symbols' },
            { head: 'Commit' },
            { head: 'Date' },
          ],
          rows: breaks.map((one) => breakRow(one, repository)),
        },
        ...(items.length > 0 ? [{ kind: 'blames', items } as const] : []),
      ],
    },
  ]
}

/** The JSON report has all of them. */
const mostSymbols = 3
const mostCommits = 5

function breakRow({ broken, commits }: FoundBreak, repository: string | undefined): readonly Words[] {
  const { cause, change } = breakWords(broken)
  const names = broken.symbols.slice(0, mostSymbols).map(code)
  const shown = commits.slice(0, mostCommits)
  const left = andMore(commits.length - shown.length)
  const words = join(
    shown.map((one) => commitWords(one, repository)),
    ', ',
  )
  return [
    [code(cause)],
    [text(change)],
    say`${broken.symbols.length}: ${join(names, ', ')}${andMore(broken.symbols.length - names.length)}`,
    commits.length === 1 ? words : say`one of ${commits.length}, ${oneOfThese}: ${words}${left}`,
    join(
      [...new Set(shown.map(({ date }) => date))].map((date) => text(date)),
      ', ',
    ),
  ]
}

function commitWords({ hash, subject }: LineCommit, repository: string | undefined): Words {
  return say`${hashWords(hash, repository)} ${text(subject)}`
}

function hashWords(hash: string, repository: string | undefined): Words {
  const short = [code(hash.slice(0, 12))]
  return repository === undefined ? short : [{ link: `${repository}/commit/${hash}`, words: short }]
}

function skippedSections({ skipped }: BisectedRange, repository: string | undefined): readonly Section[] {
  if (skipped.length === 0) return []
  return [
    {
      ...emptySection('skipped', [`${counted(skipped.length, 'commit')} skipped`]),
      lead: ['These cannot be looked at. A break in one of them is told of as one of several commits.'],
      blocks: [
        {
          ...{ kind: 'table', list: 'rows', caption: 'Skipped', noun: 'commit' },
          columns: [{ head: 'Commit', key: true }, { head: 'Why' }],
          rows: skipped.map(({ commit, why }) => [hashWords(commit, repository), [prose(why)]]),
        },
      ],
    },
  ]
}

/** What was asked, of which commits, and by whom it was answered. */
function asked({ question, value }: Bisection): Words {
  const { good, bad, symbol, type, firstParent, variants } = question
  const only =
    symbol !== null
      ? say`only what breaks ${code(symbol)}`
      : type !== null
        ? say`only what changes ${code(type)}`
        : 'every break'
  const where = variants.length === 0 ? 'all variants' : join(variants.map(code), ', ')
  const walk = firstParent ? ', first parents only' : ''
  const looked = value ? `; ${counted(value.looked, 'commit')} looked at` : ''
  return say`Asked for ${only} in ${where}${walk}; good ${ends(good)}, bad ${ends(bad)}${looked}; ${tool.name} ${tool.version}. A bisection is no check.`
}

function ends({ name, commit }: NamedCommit): Words {
  return commit === null ? [code(name)] : say`${code(name)} (${code(commit.slice(0, 12))})`
}
