import { alignColumns, type Cell } from '../../report/text/align-columns.ts'
import { printable } from '../../report/escape.ts'
import {
  hang,
  joinBlocks,
  layoutOf,
  unpainted,
  type Layout,
  type Paint,
} from '../../report/text/text-layout.ts'
import { andMore, counted } from '../../report/words.ts'
import { groupReasons, type ReasonGroup } from '../kernels/group-reasons.ts'
import type { LoadState } from '../kernels/load-column.ts'
import { allLoad, type LoadMatrix } from '../kernels/load-matrix.ts'
import {
  kernelKnows,
  kernelLacks,
  kernelName,
  causesText,
  loadReasonParts,
  loadReasonTitles,
  loadStateTexts,
  loadVerdict,
  sameNameTexts,
  stateCounts,
} from './load-texts.ts'

const title = 'kabi-gate module check --kernels'

/** Reasons, and names of modules beside one, that a text shows. */
const mostReasons = 40
const mostNames = 4

const mostSameNames = 20

const states = Object.keys(loadStateTexts) as readonly LoadState[]

/** Which modules load on which kernels, for a terminal: kernels, table, reasons. */
export function renderLoadMatrixText(
  matrix: LoadMatrix,
  options: { readonly color: boolean; readonly width?: number },
): string {
  const layout = layoutOf(options)
  const { paint } = layout
  const end = allLoad(matrix) ? paint.green : paint.red
  return joinBlocks([
    [paint.bold(title), '-'.repeat(title.length)],
    kernelLines(matrix),
    lackLines(matrix, layout),
    tableLines(matrix, layout),
    legendLines(matrix),
    reasonLines(matrix),
    sameNameLines(matrix, layout),
    [end(loadVerdict(matrix))],
  ])
}

function kernelLines({ columns }: LoadMatrix): readonly string[] {
  const number = (text: string): Cell => ({ text, align: 'right' })
  const rows = columns.map((column, index) => {
    const { kernel } = column
    const counts = stateCounts(column)
    const file = kernel.release === undefined ? '' : printable(kernel.file)
    return [
      number(String(index + 1)),
      printable(kernelName(kernel)),
      kernelKnows(kernel),
      ...states.map((state) => number(String(counts[state]))),
      file,
    ]
  })
  const heads = [
    number(''),
    'kernel',
    '',
    ...states.map((state) => number(loadStateTexts[state].word)),
    'from',
  ]
  return alignColumns([heads, ...rows])
}

/** What was not compared is said, lest a module seem to fit that nobody looked at. */
function lackLines({ columns }: LoadMatrix, { width }: Layout): readonly string[] {
  const byLack = new Map<string, number[]>()
  columns.forEach(({ kernel }, index) => {
    for (const lack of kernelLacks(kernel)) byLack.set(lack, [...(byLack.get(lack) ?? []), index])
  })
  return [...byLack].flatMap(([lack, kernels]) =>
    hang('', `not known of ${kernelsText(kernels)}, so not compared: ${lack}`, width, unpainted),
  )
}

function tableLines({ modules, columns }: LoadMatrix, { paint }: Layout): readonly string[] {
  const paints: Readonly<Record<LoadState, Paint>> = {
    built: paint.green,
    fits: paint.green,
    refused: paint.red,
    unknown: paint.yellow,
  }
  const rows = modules.map((module, at) => [
    printable(module.name),
    ...columns.map(({ cells }): Cell => {
      const state = cells[at]?.state ?? 'unknown'
      return { text: loadStateTexts[state].word, paint: paints[state] }
    }),
  ])
  return alignColumns([['module', ...columns.map((_, index) => String(index + 1))], ...rows])
}

function legendLines({ columns }: LoadMatrix): readonly string[] {
  const used = new Set(columns.flatMap(({ cells }) => cells.map(({ state }) => state)))
  return states
    .filter((state) => used.has(state))
    .map((state) => `${loadStateTexts[state].word}: ${loadStateTexts[state].meaning}`)
}

function reasonLines(matrix: LoadMatrix): readonly string[] {
  const groups = groupReasons(matrix)
  if (groups.length === 0) return []
  const rows = groups.slice(0, mostReasons).map((group) => {
    const { symbol, detail } = loadReasonParts(group.reason)
    const because = causesText(matrix.causes.get(group.reason))
    const what = [loadReasonTitles[group.reason.kind], printable(symbol), printable(detail + because)]
    return [...what, kernelsText(group.kernels), namesText(matrix, group)]
  })
  const left = groups.length - rows.length
  return [
    'Why not:',
    ...alignColumns(rows, '  '),
    ...(left > 0 ? [`  and ${counted(left, 'more reason')}: --json has all`] : []),
  ]
}

function sameNameLines({ columns, modules }: LoadMatrix, { width }: Layout): readonly string[] {
  const found = columns.flatMap(({ sameNames }, kernel) => sameNames.map((same) => ({ same, kernel })))
  if (found.length === 0) return []
  const lines = found.slice(0, mostSameNames).flatMap(({ same, kernel }) => {
    const texts = sameNameTexts(same, modules[same.module]?.name ?? '').map((text) => printable(text))
    const [first = '', ...others] = texts
    return [
      ...hang(`  kernel ${kernel + 1}  `, first, width, unpainted),
      ...others.flatMap((text) => hang('    ', text, width, unpainted)),
    ]
  })
  const left = found.length - mostSameNames
  return ['Modules of the same name:', ...lines, ...(left > 0 ? [`  and ${left} more: --json has all`] : [])]
}

function kernelsText(kernels: readonly number[]): string {
  const numbers = kernels.map((index) => index + 1).join(', ')
  return kernels.length === 1 ? `kernel ${numbers}` : `kernels ${numbers}`
}

function namesText({ modules: all }: LoadMatrix, { modules }: ReasonGroup): string {
  const names = modules.slice(0, mostNames).map((index) => printable(all[index]?.name ?? ''))
  return names.join(', ') + andMore(modules.length - names.length)
}
