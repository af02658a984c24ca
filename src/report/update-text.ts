import type { UpdateOutcome, UpdatePlan, VariantUpdate } from '../abi/plan-update.ts'
import { isError } from '../problem/problem.ts'
import { alignColumns, type Cell } from './text/align-columns.ts'
import { printable } from './escape.ts'
import { changeCells, findingColumns, type RowChange } from './model/finding-columns.ts'
import { mergeProblems } from './model/merge-problems.ts'
import { hang, joinBlocks, layoutOf, type Layout } from './text/text-layout.ts'
import { mergedProblemBlocks } from './text/problem-blocks.ts'
import { counted } from './words.ts'

/** What an update of whitelists did, row by row, or why it did nothing, for a terminal. Errors are not in there. */
export function renderUpdateText(
  { result, updates, problems }: UpdateOutcome,
  options: { readonly color: boolean; readonly width?: number },
): string {
  const layout = layoutOf(options)
  const block = result === 'refused' ? refusedBlock : rowsBlock
  const notes = result === 'error' ? [] : problems.filter((problem) => !isError(problem))
  const closing = closings[result]
  const unpainted = (text: string): string => text
  const blocks = [
    ...updates.map((update) => block(update, layout)),
    ...mergedProblemBlocks(mergeProblems(notes), layout),
    closing === undefined
      ? []
      : hang('next: ', closing, layout.width, { label: layout.paint.bold, text: unpainted }),
  ]
  return joinBlocks(blocks)
}

const closings: Readonly<Record<UpdateOutcome['result'], string | undefined>> = {
  updated: undefined,
  planned: 'nothing was written, as this is a dry run; run it again without --dry-run.',
  refused:
    'nothing was written. Fix the patch (docs/fixing-a-break.md), or accept each change by the name of its symbol: --accept-changes SYMBOL...',
  error: undefined,
}

/** The rows that stopped the update. */
function refusedBlock({ variant, path, plan }: VariantUpdate, { paint }: Layout): string[] {
  const symbols = new Set(plan.refused.map(({ symbol }) => symbol)).size
  const sentence =
    symbols === 0
      ? 'nothing was refused'
      : `${symbols} of ${plan.protected.before} protected symbols differ and were not accepted`
  return [
    paint.bold(`${printable(variant)}: ${sentence} (${printable(path)})`),
    ...alignColumns(
      plan.refused.map((difference) => rowCells(difference.kind, difference.symbol, difference, paint.red)),
      '  ',
    ),
  ]
}

/** The rows that an update writes. */
function rowsBlock({ variant, path, plan }: VariantUpdate, { paint }: Layout): string[] {
  const table = [
    ...plan.added.map((row) =>
      rowCells('added', row.symbol, { baseline: undefined, current: row }, paint.green),
    ),
    ...plan.changed.map(({ symbol, before, after }) =>
      rowCells('changed', symbol, { baseline: before, current: after }, paint.yellow),
    ),
    ...plan.removed.map((row) =>
      rowCells('removed', row.symbol, { baseline: row, current: undefined }, paint.red),
    ),
  ]
  const where = `${counted(plan.protected.after, 'protected symbol')} in ${printable(path)}`
  return [paint.bold(`${printable(variant)}: ${summary(plan)}; ${where}`), ...alignColumns(table, '  ')]
}

function summary({ added, changed, removed, absent }: UpdatePlan): string {
  const rows = Object.entries({ added, changed, removed }).flatMap(([what, { length }]) =>
    length > 0 ? [`${length} ${what}`] : [],
  )
  const names = absent.length > 0 ? [`${absent.length} of the names not exported`] : []
  return [...(rows.length > 0 ? rows : ['every row stays']), ...names].join(', ')
}

function rowCells(kind: string, symbol: string, rows: RowChange, paint: (text: string) => string): Cell[] {
  return [{ text: kind, paint }, { text: printable(symbol) }, ...changeCells(findingColumns.changed, rows)]
}
