import type { Blame } from '../abi/blame.ts'
import type { HiddenChange } from '../abi/cause.ts'
import type { Difference } from '../abi/compare.ts'
import type { DriverReason } from './drivers.ts'
import type { GateEdit } from './gate-edit.ts'
import type { LocatedLayout } from './layout-case.ts'
import type { Origin } from './origin.ts'
import type { Rule, Severity } from './policy.ts'
import { layoutSubject, type LayoutWaiver, type SymbolWaiver } from './waiver.ts'

/** Where a finding comes from, where somebody asked. */
interface Traced {
  /** Absent where nobody asked. */
  readonly origin?: Origin
  /** It fails as such, and only warns because it was there before the patch. */
  readonly excused?: true
}

/** A difference that matters: what `compare` saw, for which variant, and what the policy makes of it. */
export type SymbolFinding = Difference &
  Traced & {
    readonly family: 'symbol'
    readonly variant: string
    readonly severity: Severity
    /** The rule that decided the severity, when one did. */
    readonly rule?: Rule
    /** The waiver that excuses it, when one does; the severity is then `warn`. */
    readonly waiver?: SymbolWaiver
    /** Ids of the causes that a changed symbol needs repaired; absent where it was not explained. */
    readonly causes?: readonly string[]
    /** The object that exports it, or did in the release, where that is known: `net/core/dev.o`. */
    readonly object?: string
    /** What made it, of a kind other than `changed`; absent where that is not sure. */
    readonly blame?: Blame
  }

/** A line of the patch that hides changes from the checksums. It is about the run as a whole. */
export interface HiddenFinding extends Traced {
  readonly family: 'hidden'
  readonly kind: 'hidden'
  readonly severity: Severity
  readonly variant?: undefined
  readonly line: HiddenChange
  readonly proof: HiddenProof
}

/**
 * What the layouts of types tell of a line that hides a change, over all variants:
 *
 * - `moves`: these types lie in memory otherwise than in the release, and the line did it, or nothing tells which one.
 * - `harmless`: nothing that is promised moved; these types have something new that fits.
 * - `no-baseline`: no layouts are stored beside the lists of these variants. `no-build`: there are, and the build does not tell of all.
 * - `off`: the policy does not want to know.
 */
export type HiddenProof =
  | { readonly kind: 'moves' | 'harmless'; readonly types: readonly string[] }
  | { readonly kind: 'no-baseline' | 'no-build'; readonly variants: readonly string[] }
  | { readonly kind: 'off' }

/**
 * A type that lies in memory otherwise than in the release, or a symbol that is something else: `layout` where modules are wrong about
 * it, `fits` where nothing moved and no checksum tells of the change.
 */
export interface LayoutFinding extends LocatedLayout, Traced {
  readonly family: 'layout'
  readonly kind: 'layout' | 'fits'
  readonly severity: Severity
  readonly variant: string
  /** Of the symbols that reach it, those whose checksum is that of the release. */
  readonly untold: readonly string[]
  /** The rule that decided the severity, when one did for all symbols that reach it. */
  readonly rule?: Rule
  /** The waiver that excuses it, when one does; the severity is then `warn`. */
  readonly waiver?: LayoutWaiver
}

/** One thing that the patch changes in the gate that guards it. */
export interface EditFinding extends Traced {
  readonly family: 'gate-edit'
  readonly kind: 'whitelist-edit'
  readonly severity: Severity
  /** Absent: it is about the run as a whole. */
  readonly variant?: string
  readonly edit: GateEdit
}

/** A driver that the patch stops from loading. */
export interface DriverFinding extends Traced {
  readonly family: 'driver'
  readonly kind: 'driver'
  readonly severity: Severity
  readonly variant: string
  readonly name: string
  readonly file: string
  /** At least one. */
  readonly reasons: readonly DriverReason[]
  /** Ids of the causes of changed checksums among the reasons, as far as they were explained. */
  readonly causes: readonly string[]
}

/** The families of findings. Whoever adds one is asked by the compiler for its row in every table of `ByFamily`. */
export interface Families {
  readonly symbol: SymbolFinding
  readonly layout: LayoutFinding
  readonly hidden: HiddenFinding
  readonly 'gate-edit': EditFinding
  readonly driver: DriverFinding
}

export type Family = keyof Families

/** One thing that matters. */
export type Finding = Families[Family]

export type FindingKind = Finding['kind']

/** A table with a function for each family. */
export type ByFamily<Result, More extends readonly unknown[] = []> = {
  readonly [F in Family]: (finding: Families[F], ...more: More) => Result
}

/** What a table says of a finding. */
export function ask<Result, More extends readonly unknown[]>(
  table: ByFamily<Result, More>,
  finding: Finding,
  ...more: More
): Result {
  return (table[finding.family] as (finding: Finding, ...more: More) => Result)(finding, ...more)
}

/** The findings of one family, in their order. */
export function ofFamily<F extends Family>(findings: readonly Finding[], family: F): readonly Families[F][] {
  return findings.filter((finding): finding is Families[F] => finding.family === family)
}

const subjects: ByFamily<string> = {
  symbol: ({ symbol }) => symbol,
  layout: ({ name }) => layoutSubject(name),
  hidden: ({ line: { file, line } }) => `${file}:${line}`,
  'gate-edit': ({ edit }) => edit.subject,
  driver: ({ name }) => name,
}

/** What a finding is about, for a reader: a symbol, `struct device`, a line of the patch (`file:line`), a setting or row of the gate, a driver. */
export function subjectOf(finding: Finding): string {
  return ask(subjects, finding)
}

export function fails({ severity }: { readonly severity: Severity }): boolean {
  return severity === 'fail'
}

const severities: Readonly<Record<Severity, number>> = { fail: 0, warn: 1, ignore: 2 }

const kinds: Readonly<Record<FindingKind, number>> = {
  removed: 0,
  changed: 1,
  unversioned: 2,
  'export-type': 3,
  announced: 4,
  namespace: 5,
  moved: 6,
  added: 7,
  layout: 8,
  fits: 9,
  hidden: 10,
  'whitelist-edit': 11,
  driver: 12,
}

/**
 * The order of findings: by severity, kind, variant, and symbols by name. Those of other families keep the order in which they
 * came, such as that of the patch; what is about the run as a whole stands behind what is about a variant.
 * @param variants names, in their order
 */
export function byWeight(variants: readonly string[]): (a: Finding, b: Finding) => number {
  const places = new Map(variants.map((name, index) => [name, index]))
  const place = ({ variant }: Finding) => (variant === undefined ? places.size : (places.get(variant) ?? 0))
  return (a, b) =>
    severities[a.severity] - severities[b.severity] ||
    kinds[a.kind] - kinds[b.kind] ||
    place(a) - place(b) ||
    (a.family === 'symbol' && b.family === 'symbol' ? compareText(a.symbol, b.symbol) : 0)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** How many findings of each variant weigh how much, in one pass: there may be hundreds of thousands. */
export function countsByVariant(
  findings: readonly Finding[],
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
