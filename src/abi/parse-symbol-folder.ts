import { emptyWhitelist, unversionedWhitelist } from './empty-whitelist.ts'
import { foreignContent } from './foreign-content.ts'
import { malformedLine, wholeLine } from '../problem/malformed-line.ts'
import { parseLifetime, parseRow } from './parse-row.ts'
import { problemList } from '../problem/problem-list.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { textLines } from './text-lines.ts'
import { dialectTitles, type Lifetime, type Whitelist, type WhitelistRow } from './whitelist.ts'

/** One file of a folder, read already. */
export interface SymbolFile {
  /** Name inside the folder, which is also the symbol's. */
  readonly name: string
  /** The name to use in messages. */
  readonly file: string
  readonly text: string
}

const readAs = dialectTitles['one-file-per-symbol']

/** False for the files of such a folder that describe no symbol: README, and all with a dot in their names. */
export function isSymbolFileName(name: string): boolean {
  return !name.includes('.') && name !== 'README'
}

/**
 * Reads a whitelist that is a folder with one file for each symbol, as in CentOS Stream and kernel-ark: a line with
 * the lifetime (`#6-`, `#3-7`; it may be missing), one row of a symvers table, blank lines. There may be lines with
 * metadata (`#B:5001`), and several rows, when `#I:1` says which of them counts, from 0.
 *
 * Problems: `malformed-line` (a file without a row, with two, or named unlike its symbol included),
 * `empty-whitelist`, `all-unversioned`.
 * Source: `show-kabi` of RHEL's kernel tree.
 * @param folder the name to use in messages
 * @param files in any order; rows are sorted by symbol
 */
export function parseSymbolFolder(folder: string, files: readonly SymbolFile[]): Read<Whitelist> {
  const problems = problemList()
  const rows: WhitelistRow[] = []
  for (const file of files.filter(({ name }) => isSymbolFileName(name)).sort(byName)) {
    const { row, faults } = parseSymbolFile(file)
    for (const fault of faults) problems.error(() => fault)
    if (row && faults.length === 0) rows.push(row)
  }
  const read = problems.all()
  if (rows.length === 0 && read.length === 0)
    problems.error(() => emptyWhitelist(folder, 'The folder has no files.'))
  if (rows.length > 0 && rows.every(({ crc }) => crc === 0)) {
    problems.error(() => unversionedWhitelist(folder, rows.length))
  }
  return { value: { file: folder, dialect: 'one-file-per-symbol', rows }, problems: problems.all() }
}

function byName(a: SymbolFile, b: SymbolFile): number {
  return a.name < b.name ? -1 : 1
}

function parseSymbolFile(file: SymbolFile): {
  readonly row: WhitelistRow | undefined
  readonly faults: readonly Problem[]
} {
  const foreign = foreignContent(file.text, file.file)
  if (foreign) return { row: undefined, faults: [foreign] }
  const faults: Problem[] = []
  const rows: (WhitelistRow | undefined)[] = []
  let lifetime: Lifetime | undefined
  let index: number | undefined
  for (const [at, source] of textLines(file.text).entries()) {
    const content = source.trim()
    const line = at + 1
    const reject = (message: string): void => {
      faults.push(malformedLine(file.file, line, source, wholeLine(source, message), readAs))
    }
    const metadata = /^#([^0-9:]+):(.*)$/.exec(content)
    if (metadata) {
      if (metadata[1] !== 'I') continue
      if (index !== undefined) reject('the number of the row that counts belongs into the file once')
      index = numberOf(metadata[2] ?? '')
      if (index === undefined) reject(`${quote(content)} is not the number of a row, such as #I:1`)
    } else if (content.startsWith('#')) {
      const read = parseLifetime(content)
      if (!read) reject(`${quote(content)} is not a lifetime such as #6- or #3-7`)
      else if (lifetime || rows.some(Boolean)) reject('the lifetime belongs into the first line, once')
      else lifetime = read
    } else if (content === '') rows.push(undefined)
    else {
      const row = symbolRow(file, source, line)
      if ('kind' in row) faults.push(row)
      else rows.push(row)
    }
  }
  if (faults.length > 0) return { row: undefined, faults }
  const row = countingRow(file, rows, index)
  if ('kind' in row) return { row: undefined, faults: [row] }
  return { row: lifetime ? { ...row, lifetime } : row, faults }
}

function numberOf(text: string): number | undefined {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined
}

function symbolRow({ name, file }: SymbolFile, source: string, line: number): WhitelistRow | Problem {
  const read = parseRow(source, 'symvers')
  if (read.kind === 'fault') return malformedLine(file, line, source, read, readAs)
  const { symbol, crc, module, type, namespace } = read
  if (symbol !== name) {
    const message = `the file is called ${quote(name)}, its symbol ${quote(symbol)}`
    return malformedLine(file, line, source, wholeLine(source, message), readAs)
  }
  return { symbol, crc, module, type, namespace, section: '', file, line }
}

/** The row that `#I:` names, counted from 0 over all lines without metadata; without it the only one. */
function countingRow(
  { file }: SymbolFile,
  rows: readonly (WhitelistRow | undefined)[],
  index: number | undefined,
): WhitelistRow | Problem {
  const [first, second] = rows.filter((row) => row !== undefined)
  if (!first)
    return { kind: 'malformed-line', message: 'The file has no row for its symbol.', place: { file } }
  if (index === undefined) {
    if (!second) return first
    const message = 'Found a second row, and no #I: line that says which one counts.'
    return { kind: 'malformed-line', message, place: { file, line: second.line } }
  }
  const message = `The file has no row ${index}, counted from 0, which #I: says is the one that counts.`
  return rows[index] ?? { kind: 'malformed-line', message, place: { file } }
}
