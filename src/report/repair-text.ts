import { formatCrc } from '../abi/export.ts'
import { ofFamily, type LayoutFinding, type SymbolFinding } from '../judge/finding.ts'
import { moves } from '../judge/layout-findings.ts'
import type { Verdict } from '../judge/verdict.ts'
import { layoutSubject } from '../judge/waiver.ts'
import { differencesWords } from './model/layout-words.ts'
import { plainText } from './text/text-pen.ts'
import { alignColumns } from './text/align-columns.ts'
import { printable } from './escape.ts'
import { layoutOf, type Layout } from './text/text-layout.ts'
import { counted } from './words.ts'

/**
 * Whether a repair brought checksums back, for a terminal: the symbols that are still changed and the types that still lie in memory
 * otherwise, by variant, then one sentence. Ends in a newline.
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
  const moved = ofFamily(verdict.findings, 'layout').filter(moves)
  const types = alignColumns(
    moved.map((finding) => layoutCells(finding, paint)),
    '',
  )
  const isDone = back === compared && moved.length === 0
  const word = isDone ? paint.green('the checksum is back') : paint.red('not yet')
  const still = moved.length === 0 ? '' : `, ${counted(moved.length, 'type')} elsewhere in memory`
  const sentence = `${paint.bold(word)}: ${back} of ${counted(compared, 'checksum')} as in the whitelist${still}`
  return [...rows, ...types, sentence, ''].join('\n')
}

function layoutCells({ variant, name, differences }: LayoutFinding, paint: Layout['paint']) {
  return [
    { text: printable(variant) },
    { text: printable(layoutSubject(name)), paint: paint.bold },
    { text: plainText(differencesWords(differences)) },
  ]
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
