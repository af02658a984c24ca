import type { GrantedRequest } from '../../abi/baseline.ts'
import type { CheckedWhitelist, WhitelistCheckOutcome } from '../../abi/checked-whitelist.ts'
import {
  onlyGrew,
  type RowChange,
  type RowColumn,
  type VariantDifference,
  type WhitelistsDifference,
} from '../../abi/compare-whitelists.ts'
import type { UpdateOutcome, VariantUpdate } from '../../abi/plan-update.ts'
import type { Whitelist } from '../../abi/whitelist.ts'
import { isError, type Problem } from '../../problem/problem.ts'
import { counted, partOfVariants } from '../words.ts'
import { changeWords, findingColumns, lifetime, type RowPair } from './finding-columns.ts'
import type { Explained as Explanations } from '../../abi/explain/merge-explanations.ts'
import { causesBlock, idleSections, leadWords, setsSection } from './cause-sections.ts'
import { explained as prepared, splitByCauses } from './explained.ts'
import { mergeProblems } from './merge-problems.ts'
import { problemSection } from './problem-section.ts'
import { emptySection, type Remark, type ReportModel, type Section, type Table } from './report-model.ts'
import { code, join, say, text, variantName, type Tone, type Words } from './span.ts'

/** Whether two whitelists are the same, the newer one only grew, or a promise of the older one changed. */
export type DiffResult = 'same' | 'grown' | 'changed'

export function diffResult(differences: readonly VariantDifference[]): DiffResult {
  if (!differences.every(({ difference }) => onlyGrew(difference))) return 'changed'
  return differences.every(({ difference }) => difference.added.length === 0) ? 'same' : 'grown'
}

/** The differences of whitelists: the result in words, each variant about which there is something to tell, why, and notes. */
export function diffModel(
  { differences, explained }: WhitelistsDifference,
  problems: readonly Problem[],
): ReportModel {
  const result = diffResult(differences)
  return {
    headline: {
      tone: result === 'changed' ? 'break' : 'pass',
      word: result.toUpperCase(),
      sentence: diffSentence(differences),
    },
    sections: [
      ...differences
        .filter((one) => diffResult([one]) !== 'same' || one.difference.gained.length > 0)
        .map(diffSection),
      ...causesSection(
        explained,
        differences.map(({ variant, difference }) => ({
          variant,
          symbols: difference.changed
            .filter(({ columns }) => columns.includes('crc'))
            .map(({ symbol }) => symbol),
        })),
      ),
      ...notesOf(result, problems),
    ],
  }
}

/** `1 symbol changed, 2 removed in 2 of 10 variants`. */
function diffSentence(differences: readonly VariantDifference[]): Words {
  const touched = differences.filter((one) => diffResult([one]) !== 'same')
  const of = (touched.length === 0 ? differences : touched).map(({ difference }) => difference)
  const sum = (count: (one: VariantDifference['difference']) => number): number =>
    of.reduce((total, one) => total + count(one), 0)
  const [only, ...others] = differences
  const where =
    only && others.length === 0
      ? variantName(only.variant)
      : partOfVariants(touched.length || differences.length, differences.length)
  const counts = symbolsThat([
    [sum(({ changed }) => changed.length), 'changed'],
    [sum(({ removed }) => removed.length), 'removed'],
    [sum(({ added }) => added.length), 'added'],
  ])
  const lost = listed([...new Set(of.flatMap((one) => one.lost))], 'lost')
  const common = counted(
    sum((one) => one.common),
    'symbol',
  )
  return say`${touched.length === 0 ? common : join([counts, lost], ', ')} in ${where}`
}

/** `1 symbol changed, 2 removed`; empty when nothing was counted. */
function symbolsThat(counts: readonly (readonly [count: number, happened: string])[]): string {
  return counts
    .filter(([count]) => count > 0)
    .map(([count, happened], index) => `${index === 0 ? counted(count, 'symbol') : count} ${happened}`)
    .join(', ')
}

/** What each column is called when all of it came or went. */
const plurals: Readonly<Record<RowColumn, string>> = {
  crc: 'checksums',
  type: 'export types',
  module: 'modules',
  namespace: 'namespaces',
  lifetime: 'lifetimes',
}

function listed(columns: readonly RowColumn[], happened: string): string {
  const words = columns.map((column) => plurals[column])
  const last = words.pop()
  if (last === undefined) return ''
  return `${words.length === 0 ? last : `${words.join(', ')} and ${last}`} ${happened}`
}

function diffSection({ variant, before, after, difference, granted }: VariantDifference): Section {
  const { changed, removed, added, lost, gained, common } = difference
  if (!before || !after) {
    const what = before ? 'no whitelist any more, it had' : 'new whitelist,'
    return titled(variant, [`${what} ${counted(symbolsOf(before ?? after), 'symbol')}`])
  }
  const counts = symbolsThat([
    [changed.length, 'changed'],
    [removed.length, 'removed'],
    [added.length, 'added'],
    [common - changed.length, 'as before'],
  ])
  const remarks = [
    listed(lost, 'lost: only the older list has them'),
    listed(gained, 'not compared: only the newer list has them'),
  ].filter((remark) => remark !== '')
  return {
    ...titled(variant, [counts]),
    blocks: rowTable([
      ...changed.map((one) => rowOf('changed', 'break', one.symbol, one.before, one.after, one.columns)),
      ...removed.map((row) => rowOf('removed', 'break', row.symbol, row, undefined)),
      ...added.map((row) => rowOf('added', 'pass', row.symbol, undefined, row)),
    ]),
    remarks: [
      ...remarks.map((remark) => ({ label: 'Note', words: [remark] }) as const),
      ...granted.map(grantedRemark),
    ],
  }
}

function symbolsOf(whitelist: Whitelist | undefined): number {
  return new Set(whitelist?.rows.map(({ symbol }) => symbol)).size
}

/** What an update of whitelists did, row by row, or why it did nothing. Errors are not in there. */
export function updateModel({ result, updates, explained, problems }: UpdateOutcome): ReportModel {
  const closing = closings[result]
  return {
    sections: [
      ...updates.map(result === 'refused' ? refusedSection : updatedSection),
      ...causesSection(
        explained,
        updates.map(({ variant, plan }) => ({
          variant,
          symbols: [...plan.refused, ...plan.changed].map(({ symbol }) => symbol),
        })),
      ),
      ...notesOf(result, problems),
    ],
    ...(closing === undefined ? {} : { next: [closing] }),
  }
}

const closings: Readonly<Record<UpdateOutcome['result'], string | undefined>> = {
  updated: undefined,
  planned: 'nothing was written, as this is a dry run; run it again without --dry-run.',
  refused:
    'nothing was written. Fix the patch (docs/fixing-a-break.md), or accept each change by the name of its symbol (--accept-changes SYMBOL...) or of the type that caused it (--cause "struct NAME").',
  error: undefined,
}

/** The rows that stopped the update. */
function refusedSection({ variant, path, plan }: VariantUpdate): Section {
  const symbols = new Set(plan.refused.map(({ symbol }) => symbol)).size
  const sentence =
    symbols === 0
      ? 'nothing was refused'
      : `${symbols} of ${plan.protected.before} protected symbols differ and were not accepted`
  return {
    ...titled(variant, say`${sentence} (${text(path)})`),
    blocks: rowTable(
      plan.refused.map(({ kind, symbol, baseline, current }) =>
        rowOf(kind, 'break', symbol, baseline, current),
      ),
    ),
  }
}

/** The rows that an update writes. */
function updatedSection({ variant, path, plan, granted }: VariantUpdate): Section {
  const { added, changed, removed, absent } = plan
  const rows = Object.entries({ added, changed, removed }).flatMap(([what, { length }]) =>
    length > 0 ? [`${length} ${what}`] : [],
  )
  const summary = [
    ...(rows.length > 0 ? rows : ['every row stays']),
    ...(absent.length > 0 ? [`${absent.length} of the names not exported`] : []),
  ].join(', ')
  return {
    ...titled(
      variant,
      say`${summary}; ${counted(plan.protected.after, 'protected symbol')} in ${text(path)}`,
    ),
    blocks: rowTable([
      ...added.map((row) => rowOf('added', 'pass', row.symbol, undefined, row)),
      ...changed.map(({ symbol, before, after }) => rowOf('changed', 'overridden', symbol, before, after)),
      ...removed.map((row) => rowOf('removed', 'break', row.symbol, row, undefined)),
    ]),
    remarks: granted ? [grantedRemark(granted)] : [],
  }
}

/** Who agreed to symbols of a list, and on whose request. */
function grantedRemark({ date, issue, reviewer, symbols }: GrantedRequest): Remark {
  const which = issue === undefined ? 'a request' : say`the request of issue ${text(issue)}`
  const words = say`${date}: ${text(reviewer)} approved ${counted(symbols.length, 'symbol')} of ${which}`
  return { label: 'History', words }
}

/** What a check of whitelists found, a section for each list. Errors are only counted. */
export function whitelistCheckModel({ lists, result, problems }: WhitelistCheckOutcome): ReportModel {
  const all = [...problems, ...lists.flatMap((list) => list.problems)]
  return { sections: [...lists.map(checkedSection), ...notesOf(result, all)] }
}

function checkedSection(list: CheckedWhitelist): Section {
  const { variant, path, reproduced, differences = [] } = list
  const errors = list.problems.filter(isError).length
  const facts: readonly Words[] = [
    [counted(list.protected, 'protected symbol')],
    reproduced === undefined
      ? ['no types stored']
      : [`${counted(reproduced, 'checksum')} reproduced from the stored types`],
    [list.baseline ? 'baseline.yml' : 'no baseline.yml'],
    list.differences ? [`${counted(differences.length, 'row')} not as in the build`] : [],
    errors > 0 ? [{ tone: 'error', words: [counted(errors, 'error')] }] : [],
  ]
  return {
    ...titled(variant ?? path, join(facts, ', ')),
    blocks: rowTable(
      differences.map(({ kind, symbol, baseline, current }) =>
        rowOf(kind, 'break', symbol, baseline, current),
      ),
    ),
  }
}

/** Why checksums changed: each definition that did it, and the symbols of some variants by the definitions. */
function causesSection(
  explained: Explanations | undefined,
  changed: readonly { readonly variant: string; readonly symbols: readonly string[] }[],
): readonly Section[] {
  const why = explained && prepared(explained)
  if (!explained || !why || why.causes.length === 0) return []
  const all = changed.map(({ variant }) => variant)
  const groups = changed.map(({ variant, symbols }) => ({
    variants: [variant],
    findings: symbols.map((symbol) => ({
      symbol,
      causes: explained.causesOf.get(variant)?.get(symbol) ?? [],
    })),
  }))
  const { sets } = splitByCauses({ groups }, why)
  return [
    {
      ...emptySection('causes', ['Causes']),
      lead: leadWords(why),
      blocks: [causesBlock(why, all, undefined)],
      parts: [setsSection('sets', sets), ...idleSections(why)],
    },
  ]
}

/** Errors have another place, and stand with nothing beside them. */
function notesOf(result: string, problems: readonly Problem[]): readonly Section[] {
  if (result === 'error') return []
  return problemSection('notes', 'Notes', mergeProblems(problems.filter((problem) => !isError(problem))))
}

function titled(name: string, facts: Words): Section {
  return emptySection(`list-${name}`, say`${text(name)}: ${facts}`)
}

/** More rows start folded. */
const longTable = 10

type Cells = readonly Words[]

function rowTable(rows: readonly Cells[]): readonly Table[] {
  if (rows.length === 0) return []
  const columns = [...findingColumns.changed, lifetime].map(({ head, needsLabel }) =>
    needsLabel ? { head, lead: head.toLowerCase() } : { head },
  )
  return [
    {
      kind: 'table',
      list: 'rows',
      caption: 'Rows',
      columns: [{ head: '' }, { head: 'Symbol', key: true }, ...columns],
      rows,
      foldAfter: longTable,
    },
  ]
}

/** @param changed the columns that changed, where a value that is gone has to be told from one that was never there */
function rowOf(
  happened: string,
  tone: Tone,
  symbol: string,
  baseline: RowPair['baseline'],
  current: RowPair['current'],
  changed?: RowChange['columns'],
): Cells {
  return [
    [{ tone, words: [happened] }],
    [code(symbol)],
    ...[...findingColumns.changed, lifetime].map(({ column, change }) => {
      const [before, after] = change({ baseline, current })
      return changed?.includes(column)
        ? changeWords([before ?? '(none)', after ?? '(none)'])
        : changeWords([before, after])
    }),
  ]
}
