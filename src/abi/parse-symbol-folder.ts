import { malformedLine } from './malformed-line.ts'
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
 * the lifetime (`#6-`, `#3-7`; it may be missing), then one row of a symvers table, then at most blank lines.
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
    const row = parseSymbolFile(file)
    if ('kind' in row) problems.error(() => row)
    else rows.push(row)
  }
  const read = problems.all()
  const value: Whitelist = { file: folder, dialect: 'one-file-per-symbol', rows }
  if (read.length > 0) return { value, problems: read }
  if (rows.length === 0) return { value, problems: [emptyFolder(folder)] }
  return { value, problems: rows.every(({ crc }) => crc === 0) ? [] : [] }
}

function byName(a: SymbolFile, b: SymbolFile): number {
  return a.name < b.name ? -1 : 1
}

function parseSymbolFile({ name, file, text }: SymbolFile): WhitelistRow | Problem {
  let lifetime: Lifetime | undefined
  let found: WhitelistRow | undefined
  for (const [index, source] of textLines(text).entries()) {
    if (source.trim() === '') continue
  }
  return found
}
