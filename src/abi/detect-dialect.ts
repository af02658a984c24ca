import { isExportType, isSymbolName, parseCrc } from './export.ts'
import type { Dialect } from './whitelist.ts'

/** What the rows of a text look like; `severities` and `unknown` are no whitelist, `empty` has no rows. */
type Detected =
  | { readonly kind: 'dialect'; readonly dialect: Exclude<Dialect, 'one-file-per-symbol'> }
  | { readonly kind: 'empty' }
  /** `line` is the index of the first row of that form. */
  | { readonly kind: 'severities' | 'unknown'; readonly line: number }

type Form = 'table' | 'name' | 'ubuntu' | 'rpm' | 'severities' | 'unknown'

/** Rows that are looked at; enough that a few odd ones cannot decide. */
const sampleSize = 200

/**
 * Tells the dialect of a whitelist from the form that most of its first 200 rows have. Comments, blank lines and
 * `[section]` lines do not count as rows.
 */
export function detectDialect(lines: readonly string[]): Detected {
  const votes = new Map<Form, { count: number; readonly line: number }>()
  let sampled = 0
  let plain = true
  let androidSection = false
  for (const [index, source] of lines.entries()) {
    // Behind the sample only comments and sections count.
    if (sampled === sampleSize && source.startsWith('0x')) continue
    const line = source.trim()
    if (line === '') continue
    if (line.startsWith('#')) {
      plain = false
    } else if (line.startsWith('[')) {
      plain = false
      androidSection ||= /^\[abi_(symbol_list|whitelist)\]$/.test(line)
    } else if (sampled < sampleSize) {
      sampled++
      const form = formOf(line)
      const vote = votes.get(form)
      if (vote) vote.count++
      else votes.set(form, { count: 1, line: index })
    }
  }
  const [winner] = [...votes].sort(([, a], [, b]) => b.count - a.count || a.line - b.line)
  if (!winner) return { kind: 'empty' }
  const [form, { line }] = winner
  switch (form) {
    case 'table':
      return { kind: 'dialect', dialect: plain ? 'symvers' : 'canonical' }
    case 'name':
      return { kind: 'dialect', dialect: androidSection ? 'abi-symbol-list' : 'names' }
    case 'ubuntu':
      return { kind: 'dialect', dialect: 'ubuntu-abi' }
    case 'rpm':
      return { kind: 'dialect', dialect: 'rpm-dependencies' }
    case 'severities':
    case 'unknown':
      return { kind: form, line }
  }
}

function formOf(line: string): Form {
  const words = line.split(/\s+/, 6)
  const [first = '', second = ''] = words
  if (first.startsWith('0x') || (first === '-' && isSymbolName(second))) return 'table'
  if (/^(kernel|ksym)\(/.test(first)) return 'rpm'
  if (words.some(isExportType) && words.some((word) => parseCrc(word) !== undefined)) return 'ubuntu'
  if (words.length === 1 && isSymbolName(first)) return 'name'
  if (/^(PASS|FAIL|\d{1,2})$/i.test(second)) return 'severities'
  return 'unknown'
}
