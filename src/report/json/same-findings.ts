import type { Export } from '../../abi/export.ts'
import { sameColumns } from '../../abi/repeated-row.ts'
import type { WhitelistRow } from '../../abi/whitelist.ts'
import type { SymbolFinding } from '../../judge/finding.ts'

/** A finding, and the other variants in which it is the same. */
export interface SharedFinding {
  readonly finding: SymbolFinding
  readonly sameIn: readonly string[]
}

/**
 * Puts findings together that differ in their variant alone, in the order in which they first come. The files and lines of their rows
 * are places, and make no difference.
 */
export function sameFindings(findings: readonly SymbolFinding[]): readonly SharedFinding[] {
  const shared: { readonly finding: SymbolFinding; readonly sameIn: string[] }[] = []
  const known = new Map<string, (typeof shared)[number][]>()
  for (const finding of findings) {
    const { symbol, baseline, current } = finding
    const key = `${symbol} ${baseline?.crc} ${current?.crc}`
    const alike = known.get(key)
    const same = alike?.find((one) => isSame(one.finding, finding))
    if (same) {
      same.sameIn.push(finding.variant)
      continue
    }
    const one = { finding, sameIn: [] }
    shared.push(one)
    if (alike) alike.push(one)
    else known.set(key, [one])
  }
  return shared
}

function isSame(a: SymbolFinding, b: SymbolFinding): boolean {
  return (
    a.kind === b.kind &&
    a.severity === b.severity &&
    sameRow(a.baseline, b.baseline) &&
    sameRow(a.current, b.current) &&
    a.rule === b.rule &&
    a.waiver === b.waiver &&
    a.origin === b.origin &&
    a.excused === b.excused &&
    sameList(a.causes, b.causes) &&
    // Who is to blame is told in full for each.
    a.blame === undefined &&
    b.blame === undefined
  )
}

function sameRow(a: WhitelistRow | Export | undefined, b: WhitelistRow | Export | undefined): boolean {
  if (!a || !b) return a === b
  return sameColumns(a, b) && sectionOf(a) === sectionOf(b)
}

function sectionOf(row: WhitelistRow | Export): string | undefined {
  return 'section' in row ? row.section : undefined
}

function sameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === b) return true
  return a !== undefined && a.length === b?.length && a.every((one, index) => one === b[index])
}
