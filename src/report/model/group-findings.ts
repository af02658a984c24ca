import type { DifferenceKind } from '../../abi/compare.ts'
import { ofFamily, type Finding, type FindingKind, type SymbolFinding } from '../../judge/finding.ts'
import type { Rule, Severity } from '../../judge/policy.ts'

/** Equal findings of the same set of variants; each finding stands for one in every variant of the set. */
export interface VariantGroup<Finding = SymbolFinding> {
  readonly variants: readonly string[]
  readonly findings: readonly Finding[]
}

/** All findings of one severity and kind. */
export interface KindGroup {
  readonly severity: Severity
  readonly kind: DifferenceKind
  /** Distinct symbols; less than the sum over the groups when a symbol differs from variant to variant. */
  readonly symbols: number
  /** The groups of most variants first. */
  readonly groups: readonly VariantGroup[]
}

/**
 * Groups the findings about symbols by severity and kind, then by the variants that share them: a symbol with the same
 * values before and after in several variants is one finding of that set. Keeps the verdict's order otherwise.
 */
export function groupFindings(findings: readonly Finding[]): readonly KindGroup[] {
  const kinds = new Map<string, { first: SymbolFinding; symbols: Map<string, Shared[]> }>()
  for (const finding of ofFamily(findings, 'symbol')) {
    const key = `${finding.severity} ${finding.kind}`
    const kind = kinds.get(key) ?? { first: finding, symbols: new Map<string, Shared[]>() }
    kinds.set(key, kind)
    const alike = kind.symbols.get(finding.symbol)
    const shared = alike?.find(({ first }) => sameValues(first, finding))
    if (shared) shared.variants.push(finding.variant)
    else if (alike) alike.push({ first: finding, variants: [finding.variant] })
    else kind.symbols.set(finding.symbol, [{ first: finding, variants: [finding.variant] }])
  }
  return [...kinds.values()].map(({ first, symbols }) => ({
    severity: first.severity,
    kind: first.kind,
    symbols: symbols.size,
    groups: groupByVariants([...symbols.values()].flat()),
  }))
}

interface Shared {
  readonly first: SymbolFinding
  readonly variants: string[]
}

function groupByVariants(all: readonly Shared[]): VariantGroup[] {
  const groups = new Map<string, { variants: readonly string[]; findings: SymbolFinding[] }>()
  for (const { first, variants } of all) {
    const key = JSON.stringify(variants)
    const group = groups.get(key)
    if (group) group.findings.push(first)
    else groups.set(key, { variants, findings: [first] })
  }
  return [...groups.values()].sort((a, b) => b.variants.length - a.variants.length)
}

/** Where the rows were read does not count: every variant has files of its own. */
function sameValues(a: SymbolFinding, b: SymbolFinding): boolean {
  return (
    sameSide(a.baseline, b.baseline) &&
    sameSide(a.current, b.current) &&
    (a.causes === undefined) === (b.causes === undefined) &&
    a.rule?.file === b.rule?.file &&
    a.rule?.line === b.rule?.line &&
    a.waiver === b.waiver &&
    a.origin === b.origin &&
    a.excused === b.excused &&
    JSON.stringify(a.blame) === JSON.stringify(b.blame)
  )
}

type Side = SymbolFinding['baseline'] | SymbolFinding['current']

function sameSide(a: Side, b: Side): boolean {
  return a?.crc === b?.crc && a?.module === b?.module && a?.type === b?.type && a?.namespace === b?.namespace
}

/** The findings of one severity and kind that are about no symbol. */
export interface KindCount {
  readonly severity: Severity
  readonly kind: FindingKind
  readonly count: number
}

/** How many findings of each kind there are beside those about symbols. A type counts once, however many variants it moved in. */
export function countsBesideSymbols(findings: readonly Finding[]): readonly KindCount[] {
  const counts = new Map<string, KindCount>()
  const types = new Set<string>()
  for (const finding of findings) {
    const { severity, kind, family } = finding
    if (family === 'symbol') continue
    const key = `${kind} ${severity}`
    if (family === 'layout') {
      const type = `${key} ${finding.name}`
      if (types.has(type)) continue
      types.add(type)
    }
    counts.set(key, { severity, kind, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()]
}

/** A rule and how many findings it made to be ignored. */
export interface RuleUse {
  readonly rule: Rule
  readonly findings: number
}

/** The rules that made findings to be ignored, in the order of the findings. */
export function ignoredByRules(findings: readonly Finding[]): readonly RuleUse[] {
  const uses = new Map<string, { rule: Rule; findings: number }>()
  for (const { severity, rule } of ofFamily(findings, 'symbol')) {
    if (severity !== 'ignore' || !rule) continue
    const key = JSON.stringify([rule.file, rule.line, rule.match.pattern])
    const use = uses.get(key)
    if (use) use.findings++
    else uses.set(key, { rule, findings: 1 })
  }
  return [...uses.values()]
}
