import type { VariantDifference } from '../abi/compare-whitelists.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import { jsonRow } from './json/render-json.ts'
import { printJson } from './json/print-json.ts'
import { diffResult } from './whitelist-diff-words.ts'

/** The differences of whitelists as JSON. Every key is always there; what does not apply is `null`. */
export function renderWhitelistDiffJson(differences: readonly VariantDifference[]): string {
  return printJson({
    schemaVersion: 1,
    result: diffResult(differences),
    variants: differences.map(({ variant, before, after, difference }) => ({
      variant,
      result: diffResult([{ variant, before, after, difference }]),
      before: jsonList(before),
      after: jsonList(after),
      changed: difference.changed.map(({ symbol, columns, ...sides }) => ({
        symbol,
        columns,
        before: jsonRow(sides.before),
        after: jsonRow(sides.after),
      })),
      removed: difference.removed.map(jsonSymbol),
      added: difference.added.map(jsonSymbol),
      common: difference.common,
      lost: difference.lost,
      gained: difference.gained,
    })),
  })
}

function jsonList(whitelist: Whitelist | undefined) {
  if (!whitelist) return null
  const { file, dialect, rows } = whitelist
  return { file, dialect, symbols: new Set(rows.map(({ symbol }) => symbol)).size }
}

function jsonSymbol(row: WhitelistRow) {
  return { symbol: row.symbol, ...jsonRow(row) }
}
