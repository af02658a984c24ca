import type { Baseline } from '../abi/baseline.ts'
import { compare } from '../abi/compare.ts'
import { compareWhitelists, type RowChange } from '../abi/compare-whitelists.ts'
import { formatCrc, type Symvers } from '../abi/export.ts'
import type { WhitelistRow } from '../abi/whitelist.ts'
import { compilerFamily } from './compiler-family.ts'
import type { GateEdit } from './gate-edit.ts'
import type { GuardedVariant } from './gate-state.ts'

/**
 * What a patch changes in the whitelist of a variant.
 * @param about what is said of the variant where no row can be named
 * @param built what the variant's build exports; new rows are not judged without it, as there is no pass without it
 */
export function whitelistEdits(
  before: GuardedVariant,
  after: GuardedVariant,
  about: Pick<GateEdit, 'subject' | 'variant' | 'file' | 'line'>,
  built: Symvers | undefined,
): readonly GateEdit[] {
  const { name: variant } = before
  const [old, now] = [before.whitelist, after.whitelist]
  if (!old) return []
  if (!now) return [{ ...about, kind: 'list-unreadable' }]
  const { added, removed, changed, lost } = compareWhitelists(old, now)
  return [
    ...removed.map((row): GateEdit => ({ ...aboutRow(row), kind: 'row-removed', variant, file: now.file })),
    ...changed.map((change): GateEdit => ({ ...rowChange(change), variant })),
    ...added
      .filter((row) => built && !isBuilt(row, built))
      .map((row): GateEdit => ({ ...aboutRow(row), kind: 'row-added', variant, line: row.line })),
    ...lost.map((column): GateEdit => ({ kind: 'column-dropped', subject: column, variant, file: now.file })),
    ...baselineEdits(before, after, now.file),
  ]
}

/** Every column of the row is that of the build, and there is a checksum. */
function isBuilt(row: WhitelistRow, built: Symvers): boolean {
  if (!row.crc) return false
  const { differences } = compare({ file: row.file, dialect: 'canonical', rows: [row] }, built)
  return differences.length === 0
}

function aboutRow({ symbol, crc, file }: WhitelistRow): Pick<GateEdit, 'subject' | 'before' | 'file'> {
  return { subject: symbol, ...(crc === undefined ? {} : { before: formatCrc(crc) }), file }
}

function rowChange({ symbol, before, after, columns }: RowChange): Omit<GateEdit, 'variant'> {
  const words = (row: WhitelistRow) => columns.map((column) => valueOf(row, column)).join(' ')
  return {
    kind: 'row-changed',
    subject: symbol,
    before: words(before),
    after: words(after),
    file: after.file,
    line: after.line,
  }
}

function valueOf(row: WhitelistRow, column: RowChange['columns'][number]): string {
  if (column === 'crc') return row.crc === undefined ? 'no checksum' : formatCrc(row.crc)
  if (column === 'lifetime') return `${row.lifetime?.first ?? '?'}-${row.lifetime?.last ?? ''}`
  return row[column] === undefined ? `no ${column} column` : row[column] || `no ${column}`
}

/** More options may be recorded, as new symbols bring them; none may go or be another. */
function baselineEdits(before: GuardedVariant, after: GuardedVariant, list: string): readonly GateEdit[] {
  if (!before.baseline) return []
  const { file } = after.baseline ?? { file: list }
  const changes = baselineChanges(before.baseline.baseline, after.baseline?.baseline)
  return changes.map(([subject, old, now]) => ({
    kind: 'baseline-changed',
    subject,
    variant: before.name,
    before: old,
    after: now,
    file,
  }))
}

function baselineChanges(
  before: Baseline,
  after: Baseline | undefined,
): readonly (readonly [subject: string, before: string, after: string])[] {
  if (!after) return [['baseline.yml', 'recorded', 'not there']]
  const family = (compiler: string | undefined) => compiler && compilerFamily(compiler)
  const pairs: (readonly [string, string | undefined, string | undefined])[] = [
    ['variant', before.variant, after.variant],
    ['arch', before.arch, after.arch],
    ['compiler', family(before.compiler), family(after.compiler)],
    ['genksyms', before.genksyms, after.genksyms],
    ...[...(before.options ?? [])].map(
      ([option, value]) => [option, value, after.options?.get(option)] as const,
    ),
  ]
  return pairs.flatMap(([subject, old, now]) =>
    old === undefined || old === now ? [] : [[subject, old, now ?? 'not recorded'] as const],
  )
}
