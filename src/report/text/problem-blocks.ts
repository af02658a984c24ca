import type { Problem } from '../../problem/problem.ts'
import { printable } from '../escape.ts'
import { mergeProblems, type MergedProblem } from '../model/merge-problems.ts'
import { problemsBlock } from '../model/problem-section.ts'
import type { ProblemItem, Problems } from '../model/report-model.ts'
import { hang, joinBlocks, layoutOf, unpainted, type Layout } from './text-layout.ts'
import { plainText } from './text-pen.ts'

/** Problems alone, for a command that has no verdict to show with them. */
export function renderProblems(
  problems: readonly Problem[],
  options: { readonly color: boolean; readonly width?: number },
): string {
  return joinBlocks(mergedProblemBlocks(mergeProblems(problems), layoutOf(options)))
}

export function mergedProblemBlocks(problems: readonly MergedProblem[], layout: Layout): string[][] {
  return problemBlocks(problemsBlock(problems), layout)
}

/** Each problem as a block of lines, in the form of rustc's diagnostics. */
export function problemBlocks({ items, rest }: Problems, layout: Layout): string[][] {
  return [
    ...items.map((item) => problemLines(item, layout)),
    ...rest.map(({ error, words }) =>
      hang(`${levelOf(error)}: `, plainText(words), layout.width, {
        ...unpainted,
        label: layout.paint.bold,
      }),
    ),
  ]
}

function problemLines(item: ProblemItem, { paint, width }: Layout): string[] {
  const { error, title, message, place, variants, excerpt, advice } = item
  const label = { ...unpainted, label: paint.blue }
  const color = error ? paint.red : paint.cyan
  return [
    ...hang(`${levelOf(error)}: `, `${title}: ${printable(message)}`, width, {
      label: (text) => paint.bold(color(text)),
      text: paint.bold,
    }),
    ...(place === undefined ? [] : [`${paint.blue('  -->')} ${printable(place)}`]),
    ...excerpt.map((line) => `${paint.blue('   |')} ${printable(line, 300)}`.trimEnd()),
    ...(variants.length > 0
      ? hang(
          `  = variant${variants.length === 1 ? '' : 's'}: `,
          variants.map((name) => printable(name)).join(', '),
          width,
          label,
        )
      : []),
    ...hang('  = help: ', printable(advice), width, label),
  ]
}

function levelOf(error: boolean): 'error' | 'note' {
  return error ? 'error' : 'note'
}
