import type { Result, Verdict } from '../../judge/verdict.ts'
import { printable } from '../escape.ts'
import {
  findingDiagnostics,
  problemDiagnostics,
  type Diagnostic,
  type FindingDiagnostic,
} from '../model/diagnostics.ts'
import { groupFindings } from '../model/group-findings.ts'
import { nextStep, overrideSentence, resultSentence, resultWords } from '../model/headline.ts'
import { plainText } from '../text/text-pen.ts'
import { andMore, counted } from '../words.ts'

/** What a forge shows beside the lines of a change. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  /** Below 4,096 characters; may hold newlines. */
  readonly message: string
  /** As the verdict names it: the adapter decides whether the file lies in the workspace. */
  readonly file?: string
  /** The kernel tree that `file` starts at, where it starts at one. */
  readonly tree?: string
  readonly line?: number
}

/** GitHub keeps ten annotations of a level for one step. */
const most = 10

const mostSymbols = 10

/** GitHub shows no more of it. */
const longestTitle = 250

/**
 * The verdict as annotations, at most ten: the verdict itself first, then errors (those with a place first), then findings, then
 * notes. Findings that can be told of as one are one annotation, on the line of the first. When some were left out, the last one
 * says how many.
 */
export function annotations(verdict: Verdict): readonly Annotation[] {
  const problems = problemDiagnostics(verdict)
  const errors = problems.filter(({ level }) => level === 'error')
  const details = [
    ...errors.filter(({ place }) => place).map((one) => annotationOf([one])),
    ...errors.filter(({ place }) => !place).map((one) => annotationOf([one])),
    ...toldTogether(findingDiagnostics(verdict)).map(annotationOf),
    ...problems.filter(({ level }) => level === 'note').map((one) => annotationOf([one])),
  ]
  const first = aboutVerdict(verdict)
  if (details.length < most) return [first, ...details]
  const shown = details.slice(0, most - 2)
  const left = details.length - shown.length
  return [
    first,
    ...shown,
    {
      level: 'notice',
      title: 'kabi-gate: more than annotations can show',
      message: `${left} more annotations were left out; the full report lists everything.`,
    },
  ]
}

const levels: Readonly<Record<Result, Annotation['level']>> = {
  pass: 'notice',
  break: 'error',
  overridden: 'warning',
  error: 'error',
}

function aboutVerdict(verdict: Verdict): Annotation {
  const override = overrideSentence(verdict)
  const lines = [
    plainText(resultSentence(verdict, groupFindings(verdict.findings))),
    ...(override ? [`Override ${plainText(override)}`] : []),
  ]
  return {
    level: levels[verdict.result],
    title: `kabi-gate: ${resultWords[verdict.result]}`,
    message: [...lines, `Next: ${plainText(nextStep(verdict))}`].join('\n'),
  }
}

function toldTogether(all: readonly FindingDiagnostic[]): readonly [Diagnostic, ...Diagnostic[]][] {
  const groups = new Map<string, [Diagnostic, ...Diagnostic[]]>()
  for (const one of all) {
    const group = groups.get(one.together)
    if (group) group.push(one)
    else groups.set(one.together, [one])
  }
  return [...groups.values()]
}

/** One annotation for diagnostics that can be told of together; what is not true of all is left to the full report. */
function annotationOf(group: readonly [Diagnostic, ...Diagnostic[]]): Annotation {
  const [{ level, title, subject, noun, facts, explanation, advice, place }] = group
  const names = group.slice(0, mostSymbols).map((one) => printable(one.subject, 100))
  const alone = group.length === 1
  const about = alone ? subject : counted(group.length, noun)
  return {
    level: level === 'note' ? 'notice' : level,
    title: printable(about === '' ? title : `${title}: ${about}`, longestTitle),
    message: [
      alone ? '' : names.join(', ') + andMore(group.length - names.length),
      ...facts.filter((fact) => group.every((one) => one.facts.includes(fact))),
      explanation,
      advice,
    ]
      .filter((line) => line !== '')
      .join('\n'),
    ...(place ? { file: place.file } : {}),
    ...(place?.line === undefined ? {} : { line: place.line }),
    ...(place?.tree === undefined ? {} : { tree: place.tree }),
  }
}
