import type { SymbolFinding } from '../../judge/finding.ts'
import { changeWords, findingColumns } from './finding-columns.ts'
import type { VariantGroup } from './group-findings.ts'
import { originWords } from './origin-words.ts'
import type { SymbolTable } from './report-model.ts'
import { code, join, say, type Words } from './span.ts'
import { variantsInWords } from './variant-words.ts'

/** Symbols as a table, by set of variants. */
export function symbolTable(
  groups: readonly VariantGroup[],
  all: readonly string[],
  remark: (finding: SymbolFinding) => Words = remarkOf,
): SymbolTable {
  const first = groups[0]?.findings[0]
  const columns = first ? findingColumns[first.kind] : []
  return {
    kind: 'symbols',
    columns: [
      { head: 'Symbol', key: true },
      ...columns.map(({ head, needsLabel }) => (needsLabel ? { head, lead: head.toLowerCase() } : { head })),
      { head: 'Remark' },
    ],
    groups: groups.map(({ variants, findings }) => ({
      where: variantsInWords(variants, all),
      rows: findings.map((finding) => ({
        symbol: finding.symbol,
        cells: [
          [code(finding.symbol)],
          ...columns.map(({ change }) => changeWords(change(finding))),
          join([remark(finding), originWords(finding)], '; '),
        ],
      })),
    })),
  }
}

function remarkOf({ waiver, rule }: SymbolFinding): Words {
  if (waiver) return ['waived']
  return rule ? say`by rule ${code(`${rule.file}:${rule.line}`)}` : []
}
