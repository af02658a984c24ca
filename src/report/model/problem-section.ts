import { adviceFor, isError, problemTexts, type Problem } from '../../problem/problem.ts'
import { counted } from '../words.ts'
import { formatPlace, type MergedProblem } from './merge-problems.ts'
import { emptySection, type ProblemItem, type Problems, type Section } from './report-model.ts'
import { say, text, type Words } from './span.ts'

/** A file of the wrong sort is wrong in every line; after so many problems of one kind the point is made. */
const mostPerFile = 10

/** Errors or notes, each with its place, its excerpt and what to do. */
export function problemSection(
  id: 'errors' | 'doubts' | 'notes',
  title: string,
  problems: readonly MergedProblem[],
): readonly Section[] {
  if (problems.length === 0) return []
  return [{ ...emptySection(id, [title]), blocks: [problemsBlock(problems)] }]
}

/** Problems as items; of one kind and file only so many, the rest as a count. */
export function problemsBlock(problems: readonly MergedProblem[]): Problems {
  const counts = new Map<string, { readonly problem: Problem; count: number }>()
  const items = problems.filter(({ problem }) => {
    if (!problem.place) return true
    const key = `${problem.kind} ${problem.place.file}`
    const one = counts.get(key) ?? { problem, count: 0 }
    counts.set(key, one)
    return ++one.count <= mostPerFile
  })
  const rest = [...counts.values()].filter(({ count }) => count > mostPerFile)
  return {
    kind: 'problems',
    items: items.map(itemOf),
    rest: rest.map(({ problem, count }) => ({
      error: isError(problem),
      words: restWords(problem, count - mostPerFile),
    })),
  }
}

function restWords({ kind, place }: Problem, rest: number): Words {
  const title = `${counted(rest, 'more problem')} of the kind “${problemTexts[kind].title}”`
  return say`${title} in ${text(place?.file ?? '')}; the JSON report lists all of them`
}

function itemOf({ problem, variants }: MergedProblem): ProblemItem {
  const { kind, message, place, excerpt = [] } = problem
  return {
    error: isError(problem),
    title: problemTexts[kind].title,
    message,
    place: place && formatPlace(place),
    variants,
    excerpt,
    advice: adviceFor(problem),
  }
}
