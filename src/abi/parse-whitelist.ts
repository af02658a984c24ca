import { cutTable, unfinishedList } from './cut-text.ts'
import { detectDialect } from './detect-dialect.ts'
import { emptyWhitelist, unversionedWhitelist } from './empty-whitelist.ts'
import { foreignContent } from './foreign-content.ts'
import { malformedLine, wholeLine, type Fault } from '../problem/malformed-line.ts'
import type { Row } from './parse-row.ts'
import { isGroupHash, parseWhitelistRow } from './parse-whitelist-row.ts'
import { problemList, type ProblemList } from '../problem/problem-list.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { conflictingRows, duplicateRow, sameColumns } from './repeated-row.ts'
import { sectionName } from './section-name.ts'
import { textLines } from './text-lines.ts'
import { dialectTitles, type Dialect, type Whitelist, type WhitelistRow } from './whitelist.ts'

/**
 * Reads the text of a whitelist in any dialect but the folder one, which `parseSymbolFolder` reads; the dialect is
 * detected (docs/formats.md). Blank lines, `#` comments and `[section]` lines are allowed in all of them.
 *
 * Problems: `malformed-line`, also for a table with rows of several layouts or without its last newline, `conflicting-rows`,
 * `no-newline` (a note, for a list of names), `duplicate-row` (a note; the first row is kept), `empty-whitelist`,
 * `all-unversioned`, and `unreadable` for content that is no list at all. A list of names has no checksums: that is
 * for `joinChecksums` or `checksumsMissing` to judge.
 * @param file the name to use in messages
 */
export function parseWhitelist(text: string, file: string): Read<Whitelist> {
  const foreign = foreignContent(text, file)
  if (foreign) return nothing(file, foreign)
  const lines = textLines(text)
  const detected = detectDialect(lines)
  switch (detected.kind) {
    case 'empty':
      return nothing(file, emptyWhitelist(file, 'The file has no rows.'))
    case 'severities':
      return nothing(file, severities(file, detected.line + 1))
    case 'unknown':
      return nothing(file, unknownDialect(file, lines, detected.line))
    case 'dialect':
      return withCut(text, readRows(lines, file, detected.dialect))
  }
}

const written: ReadonlySet<Dialect> = new Set(['canonical', 'symvers', 'ubuntu-abi', 'rpm-dependencies'])

function withCut(text: string, { value, problems }: Read<Whitelist>): Read<Whitelist> {
  const { file, dialect } = value
  const cut = written.has(dialect) ? cutTable(text, file, dialectTitles[dialect]) : unfinishedList(text, file)
  return { value, problems: cut ? [...problems, cut] : problems }
}

function readRows(
  lines: readonly string[],
  file: string,
  dialect: Exclude<Dialect, 'one-file-per-symbol'>,
): Read<Whitelist> {
  const problems = problemList()
  const parse = parseWhitelistRow[dialect]
  const rows: WhitelistRow[] = []
  const groupHashes: number[] = []
  let first: Row | undefined
  let section = ''
  const reject = (line: number, source: string, fault: Fault): void => {
    problems.error(() => malformedLine(file, line, source, fault, dialectTitles[dialect]))
  }
  let line = 0
  for (const source of lines) {
    line++
    const content = source.trim()
    if (content === '' || content.startsWith('#')) continue
    if (content.startsWith('[')) {
      const name = sectionName(content)
      if (name === undefined)
        reject(line, source, wholeLine(source, `${quote(content)} is not a [section] line`))
      else section = name
      continue
    }
    if (dialect === 'rpm-dependencies' && isGroupHash(source)) {
      groupHashes.push(line)
      continue
    }
    const row = parse(source)
    if (row.kind === 'fault') {
      reject(line, source, row)
      continue
    }
    first ??= row
    const mixed = otherLayout(first, row)
    if (mixed !== undefined) {
      reject(line, source, wholeLine(source, mixed))
      continue
    }
    const { symbol, crc, module, type, namespace, lifetime } = row
    rows.push(
      lifetime
        ? { symbol, crc, module, type, namespace, section, lifetime, file, line }
        : { symbol, crc, module, type, namespace, section, file, line },
    )
  }
  const [firstHash] = groupHashes
  if (firstHash !== undefined) problems.error(() => hashesOfGroups(file, firstHash, groupHashes.length))
  if (rows.length > 0 && rows.every(({ crc }) => crc === 0)) {
    problems.error(() => unversionedWhitelist(file, rows.length))
  }
  const value: Whitelist = { file, dialect, rows: withoutRepeats(rows, problems) }
  return { value, problems: problems.all() }
}

/** What writes a table gives every row the same columns: one that has fewer was cut, or comes from elsewhere. */
function otherLayout(first: Row, row: Row): string | undefined {
  if (first.columns === row.columns) return undefined
  return `this row has ${row.columns ?? 0} columns, and the first one has ${first.columns ?? 0}`
}

/** Drops rows that repeat an earlier one of their section, and all that contradict one of any section. */
function withoutRepeats(rows: readonly WhitelistRow[], problems: ProblemList): readonly WhitelistRow[] {
  const firstOf = new Map<string, WhitelistRow>()
  // Only the symbols of several sections; most lists have none.
  const others = new Map<string, WhitelistRow[]>()
  return rows.filter((row) => {
    const first = firstOf.get(row.symbol)
    if (!first) {
      firstOf.set(row.symbol, row)
      return true
    }
    if (!sameColumns(first, row)) {
      problems.error(() => conflictingRows(first, row))
      return false
    }
    const later = others.get(row.symbol) ?? []
    const earlier = [first, ...later].find(({ section }) => section === row.section)
    if (earlier) problems.note(() => duplicateRow(earlier, row))
    else others.set(row.symbol, [...later, row])
    return !earlier
  })
}

function nothing(file: string, problem: Problem): Read<Whitelist> {
  return { value: { file, dialect: 'names', rows: [] }, problems: [problem] }
}

function severities(file: string, line: number): Problem {
  return {
    kind: 'malformed-line',
    message: 'These are rules for severities, a pattern and PASS or FAIL a line, not a whitelist.',
    place: { file, line },
    advice:
      'Give this file as rules of the policy, and the symvers-<flavour> file next to it as the whitelist.',
  }
}

function unknownDialect(file: string, lines: readonly string[], index: number): Problem {
  const source = lines[index] ?? ''
  const message = `most rows are in no known dialect, the first one is ${quote(source.trim())}`
  return malformedLine(file, index + 1, source, wholeLine(source, message), 'a whitelist')
}

function hashesOfGroups(file: string, line: number, count: number): Problem {
  const lines = count === 1 ? 'This line holds' : `${count} lines from here on hold`
  return {
    kind: 'malformed-line',
    message: `${lines} the hash of a group of symbols, which cannot be compared symbol by symbol.`,
    place: { file, line },
    advice: 'Give the list of names of the release together with its Module.kabi_* instead.',
  }
}
