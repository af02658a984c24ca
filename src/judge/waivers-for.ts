import { definitionName } from '../abi/explain/definition-title.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import {
  layoutSubject,
  waivableKinds,
  type NewWaiver,
  type SymbolWaiver,
  type WaivableKind,
} from './waiver.ts'

/** A finding as a report tells of it. */
export interface ReportedFinding {
  readonly kind: string
  readonly symbol: string
  readonly variant: string
  readonly baseline: number | undefined
  readonly current: number | undefined
}

/** What a person says about the waivers to write. */
export type WaiverReason = Pick<NewWaiver, 'reason' | 'owner' | 'ticket' | 'expires'>

/**
 * The waivers that excuse the failing findings of some symbols: one for each kind and pair of checksums, with the
 * variants that have it. Problems, all `usage`: a symbol without a failing finding; a finding that no waiver can excuse.
 */
export function waiversFor(
  findings: readonly ReportedFinding[],
  symbols: readonly string[],
  because: WaiverReason,
): Read<readonly NewWaiver[]> {
  const problems: Problem[] = []
  const waivers = [...new Set(symbols)].flatMap((symbol) => {
    const own = findings.filter((finding) => finding.symbol === symbol)
    if (own.length === 0) problems.push(noFinding(symbol))
    const sets = new Map<string, { bound: Bound; variants: string[] }>()
    for (const finding of own) {
      const bound = boundOf(finding)
      if (!bound) {
        problems.push(notWaivable(finding))
        continue
      }
      const key = JSON.stringify(bound)
      const set = sets.get(key) ?? { bound, variants: [] }
      sets.set(key, set)
      set.variants.push(finding.variant)
    }
    return [...sets.values()].map(({ bound, variants }) => ({ symbol, ...bound, variants, ...because }))
  })
  return problems.length > 0 ? { value: [], problems } : { value: waivers, problems }
}

/** A type that moved in memory, as a report tells of it. */
export interface ReportedLayout {
  readonly name: string
  readonly variant: string
  readonly before: string
  readonly after: string
}

/**
 * The waivers that excuse failing findings about the layouts of some types: one for each type and pair of layouts, with the variants
 * that have it. Problem: `usage`, for a type without one.
 * @param types in C, `struct device`, or as genksyms writes them
 */
export function layoutWaiversFor(
  layouts: readonly ReportedLayout[],
  types: readonly string[],
  because: WaiverReason,
): Read<readonly NewWaiver[]> {
  const problems: Problem[] = []
  const waivers = [...new Set(types.map(definitionName))].flatMap((type) => {
    const own = layouts.filter(({ name }) => name === type)
    if (own.length === 0) problems.push(noFinding(layoutSubject(type)))
    const sets = new Map<string, { first: ReportedLayout; variants: string[] }>()
    for (const layout of own) {
      const key = `${layout.before} ${layout.after}`
      const set = sets.get(key) ?? { first: layout, variants: [] }
      sets.set(key, set)
      set.variants.push(layout.variant)
    }
    return [...sets.values()].map(({ first: { name, before: from, after: to }, variants }) => ({
      ...{ kind: 'layout' as const, name, variants, from, to },
      ...because,
    }))
  })
  return problems.length > 0 ? { value: [], problems } : { value: waivers, problems }
}

type Bound = Pick<SymbolWaiver, 'kind' | 'from' | 'to'>

function boundOf({ kind, baseline, current }: ReportedFinding): Bound | undefined {
  const waivable: WaivableKind | undefined = waivableKinds.find((one) => one === kind)
  if (!waivable || !baseline) return undefined
  if (waivable === 'removed') return { kind: waivable, from: baseline, to: 'removed' }
  return current ? { kind: waivable, from: baseline, to: current } : undefined
}

function noFinding(subject: string): Problem {
  return {
    kind: 'usage',
    message: `The report has no failing finding about ${quote(subject)}.`,
    advice:
      'Name symbols and types as the report of a break does; what is waived already needs no second waiver.',
  }
}

function notWaivable({ kind, symbol, variant }: ReportedFinding): Problem {
  return {
    kind: 'usage',
    message: `No waiver can excuse the finding ${quote(kind)} of ${quote(symbol)} in ${quote(variant)}.`,
    advice: `Waivers are bound to two checksums; they exist for ${waivableKinds.join(', ')}.`,
  }
}
