import type { CheckedWhitelist, WhitelistCheckOutcome } from '../abi/checked-whitelist.ts'
import { isError } from '../problem/problem.ts'
import { alignColumns } from './text/align-columns.ts'
import { printable } from './escape.ts'
import { changeCells, findingColumns } from './model/finding-columns.ts'
import { mergeProblems } from './model/merge-problems.ts'
import { joinBlocks, layoutOf, type Layout } from './text/text-layout.ts'
import { mergedProblemBlocks } from './text/problem-blocks.ts'
import { counted } from './words.ts'

/** What a check of whitelists found, a line for each list, for a terminal. Errors are only counted. */
export function renderWhitelistCheckText(
  { lists, result, problems }: WhitelistCheckOutcome,
  options: { readonly color: boolean; readonly width?: number },
): string {
  const layout = layoutOf(options)
  const all = [...problems, ...lists.flatMap((list) => list.problems)]
  const notes = result === 'error' ? [] : all.filter((problem) => !isError(problem))
  return joinBlocks([
    lists.flatMap((list) => listBlock(list, layout)),
    ...mergedProblemBlocks(mergeProblems(notes), layout),
  ])
}

function listBlock(list: CheckedWhitelist, { paint }: Layout): string[] {
  const { variant, path, differences = [] } = list
  const errors = list.problems.filter(isError).length
  const facts = [
    counted(list.protected, 'protected symbol'),
    list.reproduced === undefined
      ? 'no types stored'
      : `${counted(list.reproduced, 'checksum')} reproduced from the stored types`,
    list.baseline ? 'baseline.yml' : 'no baseline.yml',
    ...(list.differences ? [`${counted(differences.length, 'row')} not as in the build`] : []),
    ...(errors > 0 ? [paint.red(counted(errors, 'error'))] : []),
  ]
  const table = differences.map((difference) => [
    { text: difference.kind, paint: paint.red },
    { text: printable(difference.symbol) },
    ...changeCells(findingColumns.changed, difference),
  ])
  return [`${paint.bold(printable(variant ?? path))}: ${facts.join(', ')}`, ...alignColumns(table, '  ')]
}
