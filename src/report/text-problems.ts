import { adviceFor, isError, problemTexts, type Problem } from '../problem/problem.ts'
import { printable } from './escape.ts'
import { formatPlace, mergeProblems, type MergedProblem } from './merge-problems.ts'
import { hang, joinBlocks, layoutOf, type Layout } from './text-layout.ts'
import { counted } from './words.ts'

/** A file of the wrong sort is wrong in every line; after so many problems of one kind the point is made. */
const mostPerFile = 10

/** Problems alone, for a command that has no verdict to show with them. */
export function renderProblems(problems: readonly Problem[], options: { readonly color: boolean }): string {
  return joinBlocks(problemBlocks(mergeProblems(problems), layoutOf(options)))
}

/** Each problem as a block of lines, in the form of rustc's diagnostics. */
export function problemBlocks(problems: readonly MergedProblem[], layout: Layout): string[][] {
  const seen = new Map<string, number>()
  const blocks: string[][] = []
  for (const one of problems) {
    const { kind, place } = one.problem
    if (place) {
      const key = `${kind} ${place.file}`
      const count = (seen.get(key) ?? 0) + 1
      seen.set(key, count)
      if (count > mostPerFile) continue
    }
    blocks.push(problemBlock(one, layout))
  }
  for (const { problem } of problems) {
    const file = problem.place?.file ?? ''
    const key = `${problem.kind} ${file}`
    const rest = (seen.get(key) ?? 0) - mostPerFile
    seen.delete(key)
    if (rest > 0) blocks.push(restBlock(problem, file, rest, layout))
  }
  return blocks
}

function problemBlock({ problem, variants }: MergedProblem, { paint, width }: Layout): string[] {
  const { kind, message, place, excerpt = [] } = problem
  const level = levelOf(problem)
  const bar = paint.blue('   |')
  const label = { label: paint.blue, text: plain }
  return [
    ...hang(`${level}: `, `${problemTexts[kind].title}: ${printable(message)}`, width, {
      label:
        level === 'error' ? (text) => paint.bold(paint.red(text)) : (text) => paint.bold(paint.cyan(text)),
      text: paint.bold,
    }),
    ...(place ? [`${paint.blue('  -->')} ${printable(formatPlace(place))}`] : []),
    ...excerpt.map((line) => `${bar} ${printable(line, 300)}`.trimEnd()),
    ...(variants.length > 0
      ? hang(
          `  = variant${variants.length === 1 ? '' : 's'}: `,
          variants.map((name) => printable(name)).join(', '),
          width,
          label,
        )
      : []),
    ...hang('  = help: ', printable(adviceFor(problem)), width, label),
  ]
}

function restBlock(
  problem: MergedProblem['problem'],
  file: string,
  rest: number,
  { paint, width }: Layout,
): string[] {
  const text = `${counted(rest, 'more problem')} of the kind “${problemTexts[problem.kind].title}” in ${printable(file)}; the JSON report lists all of them`
  return hang(`${levelOf(problem)}: `, text, width, { label: paint.bold, text: plain })
}

function levelOf(problem: MergedProblem['problem']): 'error' | 'note' {
  return isError(problem) ? 'error' : 'note'
}

function plain(text: string): string {
  return text
}
