import { formatCrc } from '../abi/export.ts'
import { ofFamily, type SymbolFinding } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import { alignColumns } from './text/align-columns.ts'
import { printable } from './escape.ts'
import { layoutOf, type Layout } from './text/text-layout.ts'
import { counted } from './words.ts'

/**
 * Whether a repair brought checksums back, for a terminal: the symbols that are still changed, by variant, then one
 * sentence. Ends in a newline.
 */
export function renderRepairText(
  verdict: Verdict,
  options: { readonly color: boolean; readonly width?: number },
): string {
  const { paint } = layoutOf(options)
  const symbols = ofFamily(verdict.findings, 'symbol')
  const changed = symbols.filter(({ kind }) => kind === 'changed')
  const compared = verdict.variants.reduce((sum, variant) => sum + variant.compared, 0)
  const back = compared - new Set(symbols.map(({ variant, symbol }) => `${variant} ${symbol}`)).size
  const rows = alignColumns(
    changed.map((finding) => cellsOf(finding, paint)),
    '',
  )
  const word = back === compared ? paint.green('the checksum is back') : paint.red('not yet')
  const sentence = `${paint.bold(word)}: ${back} of ${counted(compared, 'checksum')} as in the whitelist`
  return [...rows, sentence, ''].join('\n')
}

function cellsOf({ variant, symbol, baseline, current }: SymbolFinding, paint: Layout['paint']) {
  const crc = (row: { readonly crc: number | undefined } | undefined) =>
    row?.crc === undefined ? 'none' : formatCrc(row.crc)
  return [
    { text: printable(variant) },
    { text: printable(symbol), paint: paint.bold },
    { text: `${crc(current)} instead of ${crc(baseline)}` },
  ]
}
