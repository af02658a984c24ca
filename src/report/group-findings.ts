import type { Finding, FindingKind } from '../judge/finding.ts'
import type { Rule, Severity } from '../judge/policy.ts'

/** Equal findings of the same set of variants; each finding stands for one in every variant of the set. */
export interface VariantGroup {
  readonly variants: readonly string[]
  readonly findings: readonly Finding[]
}

/** All findings of one severity and kind. */
export interface KindGroup {
  readonly severity: Severity
  readonly kind: FindingKind
  /** Distinct symbols; less than the sum over the groups when a symbol differs from variant to variant. */
  readonly symbols: number
  /** The groups of most variants first. */
  readonly groups: readonly VariantGroup[]
}

/**
 * Groups the findings of a verdict by severity and kind, then by the variants that share them: a symbol with the same
 * values before and after in several variants is one finding of that set. Keeps the verdict's order otherwise.
 */
export function groupFindings(findings: readonly Finding[]): readonly KindGroup[] {
  const kinds = new Map<string, Finding[]>()
  for (const finding of findings) append(kinds, `${finding.severity} ${finding.kind}`, finding)
  return [...kinds.values()].flatMap((members) => {
    const [first] = members
    if (!first) return []
    const symbols = new Set(members.map(({ symbol }) => symbol)).size
    return [{ severity: first.severity, kind: first.kind, symbols, groups: groupByVariants(members) }]
  })
}

function groupByVariants(findings: readonly Finding[]): VariantGroup[] {
  const equals = new Map<string, Finding[]>()
  for (const finding of findings) append(equals, identity(finding), finding)
  const groups = new Map<string, { variants: readonly string[]; findings: Finding[] }>()
  for (const members of equals.values()) {
    const [first] = members
    if (!first) continue
    const variants = members.map(({ variant }) => variant)
    const key = variants.join('\n')
    const group = groups.get(key)
    if (group) group.findings.push(first)
    else groups.set(key, { variants, findings: [first] })
  }
  return [...groups.values()].sort((a, b) => b.variants.length - a.variants.length)
}

/** Where the rows were read does not count: every variant has files of its own. */
function identity({ symbol, baseline, current, rule }: Finding): string {
  const values = [baseline, current].map((row) => row && [row.crc, row.module, row.type, row.namespace])
  return JSON.stringify([symbol, values, rule?.file, rule?.line])
}

/** A rule and how many findings it made to be ignored. */
export interface RuleUse {
  readonly rule: Rule
  readonly findings: number
}

/** The rules that made findings to be ignored, in the order of the findings. */
export function ignoredByRules(findings: readonly Finding[]): readonly RuleUse[] {
  const uses = new Map<string, { rule: Rule; findings: number }>()
  for (const { severity, rule } of findings) {
    if (severity !== 'ignore' || !rule) continue
    const key = JSON.stringify([rule.file, rule.line, rule.match.pattern])
    const use = uses.get(key)
    if (use) use.findings++
    else uses.set(key, { rule, findings: 1 })
  }
  return [...uses.values()]
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
