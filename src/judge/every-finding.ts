import type { FindingKind } from './finding.ts'
import type { Severity } from './policy.ts'
import type { Verdict } from './verdict.ts'

/** What every finding has, whatever it is about. */
export interface AnyFinding {
  readonly kind: FindingKind
  readonly severity: Severity
  /** Absent: it is about the run as a whole. */
  readonly variant?: string | undefined
  /** What it is about: a symbol, a line of the patch (`file:line`), a setting or row of the gate, a driver. */
  readonly subject: string
}

/** The parts of a verdict that hold findings. */
export type Found = Pick<Verdict, 'findings' | 'hidden' | 'edits' | 'drivers'>

/** The findings of each part; whoever adds a part is asked for its row here. */
const parts: { readonly [Part in keyof Found]-?: (found: Found) => readonly AnyFinding[] } = {
  findings: ({ findings }) =>
    findings.map(({ kind, severity, variant, symbol }) => ({ kind, severity, variant, subject: symbol })),
  hidden: ({ hidden }) =>
    hidden.map(({ severity, file, line }) => ({ kind: 'hidden', severity, subject: `${file}:${line}` })),
  edits: ({ edits }) =>
    edits.map(({ severity, variant, subject }) => ({ kind: 'whitelist-edit', severity, variant, subject })),
  drivers: ({ drivers }) =>
    (drivers?.broken ?? []).map(({ severity, variant, name }) => ({
      kind: 'driver',
      severity,
      variant,
      subject: name,
    })),
}

/** All findings of a verdict. What says something about findings as such asks for these, so that it forgets no kind. */
export function everyFinding(found: Found): readonly AnyFinding[] {
  return Object.values(parts).flatMap((of) => of(found))
}

/** How many findings of each variant weigh how much, in one pass: there may be hundreds of thousands. */
export function countsByVariant(
  findings: readonly AnyFinding[],
): ReadonlyMap<string, Readonly<Record<Severity, number>>> {
  const counts = new Map<string, Record<Severity, number>>()
  for (const { variant, severity } of findings) {
    if (variant === undefined) continue
    const known = counts.get(variant) ?? { fail: 0, warn: 0, ignore: 0 }
    known[severity]++
    counts.set(variant, known)
  }
  return counts
}
