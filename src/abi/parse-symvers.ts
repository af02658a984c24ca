import type { Export, Symvers } from './export.ts'
import { foreignContent } from './foreign-content.ts'
import { malformedLine, type Fault } from '../problem/malformed-line.ts'
import { parseRow, type ExportRow } from './parse-row.ts'
import { problemList } from '../problem/problem-list.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { conflictingRows, duplicateRow, sameColumns } from './repeated-row.ts'
import { textLines } from './text-lines.ts'

/**
 * Reads a `Module.symvers`, in every layout from Linux 2.6 to today (docs/formats.md): one export a line, blank lines
 * allowed. Every line must be understood; each that is not becomes a problem, and twenty of them are told.
 *
 * Problems: `malformed-line`, `conflicting-rows`, `duplicate-row` (a note; the first row is kept), `empty-symvers`,
 * `all-unversioned`, and `unreadable` for content that is no table at all.
 * @param file the name to use in messages
 */
export function parseSymvers(text: string, file: string): Read<Symvers> {
  const foreign = foreignContent(text, file)
  if (foreign) return { value: { file, exports: [] }, problems: [foreign] }

  const problems = problemList()
  const exports: Export[] = []
  const bySymbol = new Map<string, Export>()
  let first: Export | undefined
  let understood = true
  let versioned = false
  let line = 0
  for (const source of textLines(text)) {
    line++
    if (source.trim() === '') continue
    const at = line
    const row = parseExportRow(source, first)
    if (row.kind === 'fault') {
      understood = false
      problems.error(() => malformedLine(file, at, source, row, 'a symvers table'))
      continue
    }
    const { symbol, crc, module, type, namespace } = row
    const found: Export = { symbol, crc, module, type, namespace, file, line }
    first ??= found
    if (crc !== 0) versioned = true
    const earlier = bySymbol.get(symbol)
    if (!earlier) {
      bySymbol.set(symbol, found)
      exports.push(found)
    } else if (sameColumns(earlier, found)) problems.note(() => duplicateRow(earlier, found))
    else problems.error(() => conflictingRows(earlier, found))
  }
  if (understood && exports.length === 0) problems.error(() => emptySymvers(file))
  if (exports.length > 0 && !versioned) problems.error(() => allUnversioned(file, exports.length))
  return { value: { file, exports: exports }, problems: problems.all() }
}

/** A build writes the export type into every row or into none: a row that differs was cut short. */
function parseExportRow(source: string, first: Export | undefined): ExportRow | Fault {
  const row = parseRow(source, 'symvers')
  if (row.kind === 'fault' || !first || (first.type === undefined) === (row.type === undefined)) return row
  const has = row.type === undefined ? 'no export type' : 'an export type'
  return {
    kind: 'fault',
    column: 1,
    length: source.length,
    message: `this row has ${has}, unlike the first one`,
  }
}

function emptySymvers(file: string): Problem {
  return { kind: 'empty-symvers', message: 'The file has no rows.', place: { file } }
}

function allUnversioned(file: string, count: number): Problem {
  const message = `All ${count} exports have the checksum zero: the build recorded none.`
  return { kind: 'all-unversioned', message, place: { file } }
}
