import type { Export, Symvers } from './export.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { problemList } from '../problem/problem-list.ts'
import { quote } from '../problem/quote.ts'
import { conflictingRows, differentRows, duplicateRow, sameColumns } from './repeated-row.ts'

/** The exports of a kernel, and of modules that are not part of it: those of a vendor, of OFED or of DKMS. */
export interface JoinedTables {
  /** The first of the files. */
  readonly file: string
  /** What the kernel exports, each symbol once. */
  readonly kernel: readonly Export[]
  /** What other modules export; a symbol may stand here more than once, and in `kernel` too. */
  readonly beside: readonly Export[]
}

/**
 * Joins the tables of a kernel and of what is installed beside it. A table is that of the kernel when it has exports of `vmlinux`; where
 * none has, the first is. Rows of a module with an absolute path are of no kernel: the build writes it so for what lies outside of the tree
 * (scripts/Makefile.modpost).
 *
 * Problems: `two-exporters`, a note, for a symbol that rows beside the kernel give differently: both stand; `duplicate-row`, a note, for
 * one that tables give alike; `conflicting-rows` for one that the kernel itself would export in two ways.
 */
export function joinTables(tables: readonly Symvers[]): Read<JoinedTables> {
  const hasImage = ({ exports }: Symvers) => exports.some(({ module }) => module === 'vmlinux')
  const image = tables.find(hasImage)
  const ofKernel = (table: Symvers) => (image ? hasImage(table) : table === tables[0])
  const rows = tables.flatMap((table) =>
    table.exports.map((row) => ({ row, own: ofKernel(table) && !row.module.startsWith('/') })),
  )
  const problems = problemList()
  const bySymbol = new Map<string, Export[]>()
  const kernel = new Map<string, Export>()
  const beside: Export[] = []
  for (const { row, own } of rows.sort((a, b) => Number(b.own) - Number(a.own))) {
    const [earlier, ...more] = bySymbol.get(row.symbol) ?? []
    const same = [earlier, ...more].find((one) => one && sameColumns(one, row))
    if (same) {
      problems.note(() => duplicateRow(same, row))
      continue
    }
    if (own && earlier) {
      problems.error(() => ({ ...conflictingRows(earlier, row), advice: 'Give the tables of one kernel.' }))
      continue
    }
    if (earlier) problems.note(() => twoExporters(earlier, row, kernel.has(row.symbol)))
    bySymbol.set(row.symbol, earlier ? [earlier, ...more, row] : [row])
    if (own) kernel.set(row.symbol, row)
    else beside.push(row)
  }
  return {
    value: { file: tables[0]?.file ?? '', kernel: [...kernel.values()], beside },
    problems: problems.all(),
  }
}

/** Both stand, so it is no conflict: a module says itself which of them it was built against. */
function twoExporters(earlier: Export, later: Export, inKernel: boolean): Problem {
  const first = inKernel ? `the kernel's own, kernel(${earlier.symbol})` : `of ${quote(earlier.module)}`
  return {
    kind: 'two-exporters',
    message: `${differentRows(earlier, later)} Both count: the row of ${quote(earlier.file)} is ${first}, the other one ksym(${later.symbol}).`,
    place: { file: later.file, line: later.line },
  }
}

/** Every row, those of the kernel first: whoever wants one row for a symbol takes the first that fits. */
export function allRows({ kernel, beside }: JoinedTables): readonly Export[] {
  return [...kernel, ...beside]
}
