import type { LineCommit } from '../abi/cause.ts'
import { breakText } from '../report/break-text.ts'
import { printable } from '../report/escape.ts'
import { patchText } from '../report/model/explanation-words.ts'
import { renderProblems } from '../report/text/problem-blocks.ts'
import { counted } from '../report/words.ts'
import type { Break } from '../judge/break.ts'
import type { BisectedRange, FoundBreak } from '../range/bisect-range.ts'
import { nothingBroken, oneOfThese, type Bisection } from './bisection.ts'

/** A bisection as plain text, with what kept it from an answer. */
export function bisectionText({ value, problems }: Bisection): string {
  return (
    (value ? renderBisection(value) : '') +
    (problems.length > 0 ? renderProblems(problems, { color: false }) : '')
  )
}

/** A bisection for a terminal: each commit with what it broke and the lines that did, in the order of the breaks. Ends in a newline. */
export function renderBisection({ breaks, looked, skipped }: BisectedRange): string {
  const byCommits = new Map<string, FoundBreak[]>()
  for (const found of breaks) {
    const key = found.commits.map(({ hash }) => hash).join()
    byCommits.set(key, [...(byCommits.get(key) ?? []), found])
  }
  const blocks = [...byCommits.values()].map((some) => [
    ...commitLines(some[0]?.commits ?? []),
    ...some.flatMap(({ broken }) => breakLines(broken)),
  ])
  const left = skipped.map(({ commit, why }) => `skipped ${printable(`${commit.slice(0, 12)}: ${why}`, 300)}`)
  const end = breaks.length === 0 ? nothingBroken : `${counted(looked, 'commit')} looked at.`
  return [...blocks, left, [end]]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

function commitLines(commits: readonly LineCommit[]): readonly string[] {
  const [first, ...others] = commits
  if (!first) return []
  if (others.length === 0) return [commitText(first)]
  return [
    `One of ${counted(commits.length, 'commit')}, ${oneOfThese}:`,
    ...commits.map((one) => `  ${commitText(one)}`),
  ]
}

function commitText({ hash, subject, date }: LineCommit): string {
  return printable(`${hash.slice(0, 12)} ${subject}${date === '' ? '' : ` (${date})`}`, 200)
}

function breakLines(broken: Break): readonly string[] {
  return [
    `  ${printable(breakText(broken), 300)}`,
    ...broken.lines.map((line) => `    ${printable(`${line.file}:${line.line} ${patchText(line)}`, 300)}`),
  ]
}
