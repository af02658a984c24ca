import { emptyWhitelist, unversionedWhitelist } from './empty-whitelist.ts'
import { foreignContent } from './foreign-content.ts'
import { malformedLine, wholeLine } from './malformed-line.ts'
import { parseLifetime, parseRow } from './parse-row.ts'
import { problemList } from './problem-list.ts'
import type { Problem, Read } from './problem.ts'
import { quote } from './quote.ts'
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

/** False for the files of such a folder that describe no symbol: hidden files and README. */
export function isSymbolFileName(name: string): boolean {
  return !name.startsWith('.') && !/^README(\.\w+)?$/.test(name)
}

/**
 * Reads a whitelist that is a folder with one file for each symbol, as in CentOS Stream and kernel-ark: a line with
 * the lifetime (`#6-`, `#3-7`; it may be missing), one row of a symvers table, blank lines.
 *
 * Problems: `malformed-line` (a file without a row, with two, or named unlike its symbol included),
 * `empty-whitelist`, `all-unversioned`.
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

function parseSymbolFile({ name, file, text }: SymbolFile): {
  readonly row: WhitelistRow | undefined
  readonly faults: readonly Problem[]
} {
  const foreign = foreignContent(text, file)
  if (foreign) return { row: undefined, faults: [foreign] }
  const faults: Problem[] = []
  let lifetime: Lifetime | undefined
  let row: WhitelistRow | undefined
  for (const [index, source] of textLines(text).entries()) {
    const content = source.trim()
    if (content === '') continue
    const line = index + 1
    const reject = (message: string): void => {
      faults.push(malformedLine(file, line, source, wholeLine(source, message), readAs))
    }
    if (content.startsWith('#')) {
      const read = parseLifetime(content)
      if (!read) reject(`${quote(content)} is not a lifetime such as #6- or #3-7`)
      else if (lifetime || row) reject('the lifetime belongs into the first line, once')
      else lifetime = read
      continue
    }
    const read = parseRow(source, 'symvers')
    if (read.kind === 'fault') {
      faults.push(malformedLine(file, line, source, read, readAs))
      continue
    }
    const { symbol, crc, module, type, namespace } = read
    if (row) reject('found a second row')
    else if (symbol !== name) reject(`the file is called ${quote(name)}, its symbol ${quote(symbol)}`)
    const columns = { symbol, crc, module, type, namespace, section: '' }
    row ??= lifetime ? { ...columns, lifetime, file, line } : { ...columns, file, line }
  }
  if (!row && faults.length === 0) faults.push(noRow(file))
  return { row, faults }
}

function noRow(file: string): Problem {
  return { kind: 'malformed-line', message: 'The file has no row for its symbol.', place: { file } }
}
