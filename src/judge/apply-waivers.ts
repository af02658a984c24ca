import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { ofFamily, type Finding, type LayoutFinding, type SymbolFinding } from './finding.ts'
import { isExpired, waivedSubject, type SymbolWaiver, type Waiver, type Waivers } from './waiver.ts'

/**
 * Gives each finding that a waiver excuses this waiver, and the weight of a warning: it stays in every report. Expired
 * waivers excuse nothing. What the policy ignores needs no waiver and gets none.
 * @param today as in `Waivers`
 */
export function applyWaivers(
  findings: readonly SymbolFinding[],
  waivers: readonly Waiver[],
  today: string,
): readonly SymbolFinding[] {
  const bySymbol = new Map<string, SymbolWaiver[]>()
  for (const waiver of waivers) {
    if (waiver.kind === 'layout' || isExpired(waiver, today)) continue
    const same = bySymbol.get(waiver.symbol)
    if (same) same.push(waiver)
    else bySymbol.set(waiver.symbol, [waiver])
  }
  return findings.map((finding) => {
    if (finding.severity === 'ignore') return finding
    const waiver = bySymbol.get(finding.symbol)?.find((one) => excuses(one, finding))
    return waiver ? { ...finding, severity: 'warn', waiver } : finding
  })
}

/** True for exactly the finding that the waiver is about. Zero stands for no checksum, so it equals nothing. */
function excuses({ kind, symbol, variants, from, to }: SymbolWaiver, finding: SymbolFinding): boolean {
  if (finding.kind !== kind || finding.symbol !== symbol) return false
  if (variants !== 'all' && !variants.includes(finding.variant)) return false
  if (from === 0 || finding.baseline.crc !== from) return false
  if (finding.kind === 'removed') return to === 'removed'
  return to !== 0 && finding.current.crc === to
}

/** The same for layouts: a waiver is bound to what the type was and is. */
export function applyLayoutWaivers(
  findings: readonly LayoutFinding[],
  waivers: readonly Waiver[],
  today: string,
): readonly LayoutFinding[] {
  const valid = waivers.flatMap((one) => (one.kind === 'layout' && !isExpired(one, today) ? [one] : []))
  return findings.map((finding) => {
    const { severity, name, variant, digest } = finding
    const waiver = valid.find(
      ({ name: about, variants, from, to }) =>
        about === name &&
        (variants === 'all' || variants.includes(variant)) &&
        from === digest.before &&
        to === digest.after,
    )
    return waiver && severity !== 'ignore' ? { ...finding, severity: 'warn', waiver } : finding
  })
}

/** Days before its end in which a waiver is spoken of. */
const soon = 30

/**
 * What there is to say about the waivers themselves, each at its place in the file: `waiver-expired`, `waiver-expires`
 * for those that end within 30 days, and, when the run was complete, `waiver-unused`. All are notes.
 * @param findings with their waivers
 */
export function waiverNotes({ list, today, complete }: Waivers, findings: readonly Finding[]): Problem[] {
  const used = new Set<Waiver | undefined>(
    [...ofFamily(findings, 'symbol'), ...ofFamily(findings, 'layout')].map(({ waiver }) => waiver),
  )
  return list.flatMap((waiver): Problem[] => {
    const { kind, owner, expires, file, line } = waiver
    const about = `the waiver of ${quote(waivedSubject(waiver))} (${kind}), owner ${quote(owner)},`
    const place = { file, line }
    if (isExpired(waiver, today)) {
      return [
        { kind: 'waiver-expired', message: `${about} ended with ${expires} and excuses nothing`, place },
      ]
    }
    const ending: Problem = { kind: 'waiver-expires', message: `${about} ends with ${expires}`, place }
    const unused: Problem = { kind: 'waiver-unused', message: `${about} matches no finding`, place }
    return [
      ...(daysBetween(today, expires) <= soon ? [ending] : []),
      ...(complete && !used.has(waiver) ? [unused] : []),
    ]
  })
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000
}
