import { formatCrc } from './export.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { Row } from './parse-row.ts'

/** What a row of a symvers or of a whitelist says about one symbol, and where. */
interface PlacedRow extends Omit<Row, 'kind' | 'columns'> {
  readonly file: string
  readonly line: number
}

/** True when two rows of one symbol say the same in every column. */
export function sameColumns(a: PlacedRow, b: PlacedRow): boolean {
  return (
    a.crc === b.crc &&
    a.module === b.module &&
    a.type === b.type &&
    a.namespace === b.namespace &&
    a.lifetime?.first === b.lifetime?.first &&
    a.lifetime?.last === b.lifetime?.last
  )
}

/** The note about a row that repeats an earlier one. */
export function duplicateRow(earlier: PlacedRow, later: PlacedRow): Problem {
  const message = `${quote(later.symbol)} stands on ${placeOf(earlier, later)} already, with the same columns.`
  return { kind: 'duplicate-row', message, place: { file: later.file, line: later.line } }
}

/** The problem of two rows that say different things about one symbol. */
export function conflictingRows(earlier: PlacedRow, later: PlacedRow): Problem {
  const message = differentRows(earlier, later)
  return { kind: 'conflicting-rows', message, place: { file: later.file, line: later.line } }
}

/** What two rows of one symbol say. */
export function differentRows(earlier: PlacedRow, later: PlacedRow): string {
  return (
    `${quote(later.symbol)} is given as ${describe(later)}, ` +
    `but on ${placeOf(earlier, later)} as ${describe(earlier)}.`
  )
}

function placeOf(earlier: PlacedRow, later: PlacedRow): string {
  return earlier.file === later.file
    ? `line ${earlier.line}`
    : `line ${earlier.line} of ${quote(earlier.file)}`
}

function describe({ crc, module, type, namespace, lifetime }: PlacedRow): string {
  const columns = [
    crc === undefined ? 'no checksum' : formatCrc(crc),
    module === undefined ? 'no module' : quote(module),
    type ?? 'no export type',
    namespace === undefined ? 'no namespace column' : `namespace ${quote(namespace)}`,
  ]
  if (lifetime) columns.push(`lifetime #${lifetime.first}-${lifetime.last ?? ''}`)
  return `(${columns.join(', ')})`
}
