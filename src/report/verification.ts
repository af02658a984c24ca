import { formatCrc, type Export } from '../abi/export.ts'
import type { Verification } from '../abi/verification.ts'
import { alignColumns } from './text/align-columns.ts'
import { printJson } from './json/print-json.ts'

/** A verification for people: one line for each symbol that is not equal; the last line is the count. */
export function verificationText(verification: Verification): string {
  const { variant, against, how, asked, equal, missing, surplus, unknown, different } = verification
  const rows = [
    ...missing.map((row) => ['missing', row.symbol, `recorded ${columns(row)}`, '']),
    ...surplus.map((row) => ['surplus', row.symbol, `computed ${columns(row)}`, '']),
    ...unknown.map((symbol) => ['unknown', symbol, 'exported by neither', '']),
    ...different.map(({ computed, recorded }) => [
      'different',
      recorded.symbol,
      `recorded ${columns(recorded)}`,
      `computed ${columns(computed)}`,
    ]),
  ]
  return [
    `${variant}: strategy ${how.strategy} against ${against}`,
    ...alignColumns(rows),
    `${equal} of ${asked} symbols equal, ${missing.length} missing, ${surplus.length} surplus, ${unknown.length} unknown, ${different.length} different`,
    '',
  ].join('\n')
}

/** The same for machines; checksums are text such as `0x0012ab34`. */
export function verificationJson(verification: Verification): string {
  const { variant, against, how, asked, equal, missing, surplus, unknown, different } = verification
  const json = {
    schemaVersion: 1,
    variant,
    against,
    strategy: how.strategy,
    seconds: how.seconds,
    asked,
    equal,
    missing: missing.map(row),
    surplus: surplus.map(row),
    unknown,
    different: different.map(({ computed, recorded }) => ({
      computed: row(computed),
      recorded: row(recorded),
    })),
  }
  return printJson(json)
}

function columns({ crc, module, type, namespace }: Export): string {
  return [formatCrc(crc), module, type ?? '-', namespace ?? ''].join(' ').trimEnd()
}

function row({ symbol, crc, module, type, namespace }: Export) {
  return { symbol, crc: formatCrc(crc), module, type: type ?? null, namespace: namespace ?? null }
}
