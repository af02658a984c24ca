import { compare, type Difference, type DifferenceKind } from '../abi/compare.ts'
import type { Collected } from '../abi/evidence.ts'
import type { Export } from '../abi/export.ts'
import { layoutText } from '../abi/layouts/format-layouts.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import type { DriverReason } from './drivers.ts'
import {
  ask,
  fails,
  ofFamily,
  type ByFamily,
  type DriverFinding,
  type Finding,
  type LayoutFinding,
  type SymbolFinding,
} from './finding.ts'
import { differenceKey } from './located-variant.ts'
import type { Policy } from './policy.ts'
import type { RunOrigin } from './refuse-override.ts'

/**
 * Where a finding comes from, by what a base commit has:
 *
 * - `introduced`: the base is as promised there, or differs in another way.
 * - `pre-existing`: the base differs in exactly the same way.
 * - `unknown`: the base was not looked at, or does not tell.
 */
export type Origin = 'introduced' | 'pre-existing' | 'unknown'

/** What the base of a run has of what was found, where somebody asked. */
export interface BaseCase {
  /** Its whole name. */
  readonly commit: string
  /** What becomes of a failing finding that was there before. */
  readonly preExisting: Policy['preExisting']
  /** By name; a variant of which nothing is known is not among them. */
  readonly variants: ReadonlyMap<string, BaseVariant>
  /** Whether it is the commit that the patch starts from, whose lines hide something. */
  readonly startsPatch: boolean
  /** Whether it is the commit that counts, from which the patch edits the gate. */
  readonly counts: boolean
}

/** What the base has of one variant. Made by `baseVariant`. */
interface BaseVariant {
  /** The symbols that were looked for. */
  readonly asked: ReadonlySet<string>
  /** How these differ from the list, by `differenceKey`. */
  readonly differences: ReadonlyMap<string, Difference>
  readonly layouts: Layouts | undefined
  /** Those of the kernel that is judged. */
  readonly judged: Layouts | undefined
}

/**
 * Holds what was collected of a base against the list that the run is held against. Undefined where it tells nothing: evidence without
 * one export would show every symbol as gone.
 * @param asked the symbols that were looked for
 * @param head what was collected of the kernel that is judged
 */
export function baseVariant(
  whitelist: Whitelist,
  asked: ReadonlySet<string>,
  { base, head }: { readonly base: Collected | undefined; readonly head: Collected | undefined },
): BaseVariant | undefined {
  if (base?.kind !== 'evidence' || base.symvers.exports.length === 0) return undefined
  const rows = whitelist.rows.filter(({ symbol }) => asked.has(symbol))
  const { differences, added } = compare({ ...whitelist, rows }, base.symvers)
  const additions = added.map((current) => ({ kind: 'added', symbol: current.symbol, current }) as const)
  const all = [...differences, ...additions.map((one) => ({ ...one, baseline: undefined }))]
  return {
    asked,
    differences: new Map(all.map((one) => [differenceKey(one), one])),
    layouts: base.layouts,
    judged: head?.kind === 'evidence' ? head.layouts : undefined,
  }
}

/** What makes two differences of a kind the same. */
const values: Readonly<Record<DifferenceKind, (current: Export) => unknown>> = {
  removed: () => undefined,
  changed: ({ crc }) => crc,
  unversioned: ({ crc }) => crc,
  'export-type': ({ type }) => type,
  announced: ({ type }) => type,
  namespace: ({ namespace }) => namespace,
  moved: ({ module }) => module,
  added: ({ crc, module, type, namespace }) => JSON.stringify([crc, module, type, namespace]),
}

/** Where the difference of a symbol comes from. */
export function originOfSymbol(finding: SymbolFinding, base: BaseVariant | undefined): Origin {
  if (!base?.asked.has(finding.symbol)) return 'unknown'
  const before = base.differences.get(differenceKey(finding))
  if (!before) return 'introduced'
  const valueOf = ({ kind, current }: Difference) => current && values[kind](current)
  return valueOf(before) === valueOf(finding) ? 'pre-existing' : 'introduced'
}

/**
 * Where the layout of a type comes from. The types that hold it count, too: one that became packed as well has the same members, and is
 * no finding of its own.
 */
export function originOfLayout({ name, embedding }: LayoutFinding, base: BaseVariant | undefined): Origin {
  const texts = [name, ...embedding.map((one) => one.name)].map((one) => ({
    before: textOf(base?.layouts, one),
    now: textOf(base?.judged, one),
  }))
  if (texts.some(({ before, now }) => before !== undefined && before !== now)) return 'introduced'
  return texts.every(({ before }) => before !== undefined) ? 'pre-existing' : 'unknown'
}

function textOf(layouts: Layouts | undefined, name: string): string | undefined {
  const layout = (layouts?.types.get(name) ?? layouts?.symbols.get(name))?.value
  return layout === undefined ? undefined : layoutText(layout)
}

/** The difference of a symbol that is what stops a driver; none says it of the structure of modules. */
const differenceBehind: Readonly<Record<DriverReason['kind'], DifferenceKind | undefined>> = {
  checksum: 'changed',
  'no-checksum': 'unversioned',
  'not-exported': 'removed',
  namespace: 'namespace',
  'gpl-only': 'export-type',
  'module-layout': undefined,
}

/** A driver comes from where all its reasons come from; one that is introduced is enough to stop it. */
function originOfDriver({ variant, reasons }: DriverFinding, known: ReadonlyMap<string, Origin>): Origin {
  const origins = reasons.map(({ kind, symbol }) => {
    const behind = differenceBehind[kind]
    return (behind && known.get(`${variant} ${differenceKey({ kind: behind, symbol })}`)) ?? 'unknown'
  })
  if (origins.includes('introduced')) return 'introduced'
  return origins.length === 0 || origins.includes('unknown') ? 'unknown' : 'pre-existing'
}

/** The origins of symbols' findings by variant and `differenceKey`. */
type Known = ReadonlyMap<string, Origin>

/** A line of a patch, and an edit, are not there before it; of a patch that starts elsewhere nobody can tell. */
const origins: ByFamily<Origin, [BaseCase, Known]> = {
  symbol: (finding, { variants }) => originOfSymbol(finding, variants.get(finding.variant)),
  layout: (finding, { variants }) => originOfLayout(finding, variants.get(finding.variant)),
  hidden: (_, { startsPatch }) => (startsPatch ? 'introduced' : 'unknown'),
  'gate-edit': (_, { counts }) => (counts ? 'introduced' : 'unknown'),
  driver: (finding, _, known) => originOfDriver(finding, known),
}

/**
 * Gives each finding that matters its origin. One that was there before only warns where the base says so, with `excused`; it stays in
 * every report. No other finding weighs less than before.
 */
export function withOrigins(findings: readonly Finding[], base: BaseCase): readonly Finding[] {
  const known = new Map(
    ofFamily(findings, 'symbol').map((one) => [
      `${one.variant} ${differenceKey(one)}`,
      originOfSymbol(one, base.variants.get(one.variant)),
    ]),
  )
  return findings.map((finding) => {
    if (finding.severity === 'ignore') return finding
    const origin = ask(origins, finding, base, known)
    const excused = fails(finding) && origin === 'pre-existing' && base.preExisting === 'warn'
    return excused ? { ...finding, origin, severity: 'warn', excused } : { ...finding, origin }
  })
}

/**
 * What becomes of what was there before: only a pull request can be let pass what it did not do, and only going by the commit that is
 * trusted. Of any other the author could have made the break the commit before.
 * @param commit the base of the findings
 * @param trusted the commit whose configuration counts
 */
export function weightOfPreExisting(
  { preExisting }: Pick<Policy, 'preExisting'>,
  origin: RunOrigin | undefined,
  { commit, trusted }: { readonly commit: string; readonly trusted: string | undefined },
): Policy['preExisting'] {
  const isPull = origin?.event === 'pull_request' || origin?.event === 'pull_request_target'
  return isPull && commit === trusted ? preExisting : 'fail'
}

/** The heaviest first. */
const heaviestFirst: readonly Origin[] = ['introduced', 'unknown', 'pre-existing']

/** The heaviest of some origins; undefined where there are none. */
export function heaviestOrigin(some: readonly (Origin | undefined)[]): Origin | undefined {
  return heaviestFirst.find((origin) => some.includes(origin))
}

/**
 * Where a definition comes from that changed checksums, by the symbols that need it back. One whose checksum is that of the base is made of
 * the same definitions there, so that the others have another cause, too; each variant speaks for itself.
 */
export function originOfCause(needing: readonly SymbolFinding[]): Origin | undefined {
  const variants = new Map<string, (Origin | undefined)[]>()
  for (const { variant, origin } of needing) variants.set(variant, [...(variants.get(variant) ?? []), origin])
  return heaviestOrigin(
    [...variants.values()].map((some) =>
      some.includes('pre-existing') ? 'pre-existing' : heaviestOrigin(some),
    ),
  )
}

/** How many failing findings, with those that only their origin excuses, come from where. */
export function countOrigins(findings: readonly Finding[]): Readonly<Record<Origin, number>> {
  const counts = { introduced: 0, 'pre-existing': 0, unknown: 0 }
  for (const finding of findings)
    if (finding.origin && (fails(finding) || finding.excused)) counts[finding.origin]++
  return counts
}
