import type { Cause, ChangeClass, Explanation, UnexplainedReason } from '../../abi/cause.ts'
import { definitionDiff, type DiffLine } from '../../abi/explain/definition-diff.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import { ofFamily, type Finding, type SymbolFinding } from '../../judge/finding.ts'
import type { Verdict } from '../../judge/verdict.ts'
import type { VariantGroup } from './group-findings.ts'
import { originOfDefinition } from './origin-words.ts'
import { changeText, changeTexts, type ChangeText } from './change-texts.ts'

export type Risk = ChangeText['risk']

/** A cause as the reports speak of it. */
export interface CauseView {
  readonly cause: Cause
  /** Its rank from 1, by which lists of symbols name it. */
  readonly number: number
  /** In C: `struct device`. As untrusted as every name. */
  readonly title: string
  readonly risk: Risk
  /** Equal lines away from the changes are left out. */
  readonly diff: readonly DiffLine[]
  /** What its gravest change means, and how it is repaired in this kernel. */
  readonly text: ChangeText
  /** The number of the first cause whose gravest change is of the same class: its advice need not be said again. */
  readonly adviceAt: number
  /** Where it comes from, where somebody asked. */
  readonly traced: Pick<Finding, 'origin' | 'excused'>
}

/** Why symbols of some variants could not be explained. */
export interface UnexplainedGroup {
  readonly why: UnexplainedReason
  readonly variants: readonly string[]
  /** Distinct symbols. */
  readonly symbols: readonly string[]
}

/** Changed symbols that need the same causes repaired. */
export interface SymbolGroup {
  readonly causes: readonly CauseView[]
  /** How many more they need that the report, being about some types alone, does not show. */
  readonly others: number
  readonly symbols: readonly string[]
}

/** An explanation, prepared for rendering: every report shows the same causes with the same numbers. */
export interface Explained {
  readonly explanation: Explanation
  /** Those that matter, in their order. */
  readonly causes: readonly CauseView[]
  /** Those that play no part once the others are repaired. */
  readonly idle: readonly CauseView[]
  readonly byId: ReadonlyMap<string, CauseView>
  readonly unexplained: readonly UnexplainedGroup[]
}

/** The explanation of a verdict for a report; undefined when no protected symbol changed. */
export function explained({
  explanation,
  findings = [],
  origins,
}: Pick<Verdict, 'explanation' | 'origins'> & Partial<Pick<Verdict, 'findings'>>): Explained | undefined {
  if (!explanation) return undefined
  const needing = byCause(origins ? ofFamily(findings, 'symbol') : [])
  const firstOf = new Map<ChangeClass, number>()
  const views = [
    ...explanation.causes.filter(({ matters }) => matters),
    ...explanation.causes.filter(({ matters }) => !matters),
  ].map((cause, index) => {
    const gravest = cause.changes[0]?.class ?? 'other'
    const adviceAt = firstOf.get(gravest) ?? index + 1
    firstOf.set(gravest, adviceAt)
    const traced = originOfDefinition(needing.get(cause.id) ?? [])
    return viewOf(cause, {
      number: index + 1,
      adviceAt,
      text: changeText(gravest, explanation.kabiMacros),
      traced,
    })
  })
  return {
    explanation,
    causes: views.filter(({ cause }) => cause.matters),
    idle: views.filter(({ cause }) => !cause.matters),
    byId: new Map(views.map((view) => [view.cause.id, view])),
    unexplained: groupUnexplained(explanation),
  }
}

function byCause(findings: readonly SymbolFinding[]): ReadonlyMap<string, readonly SymbolFinding[]> {
  const all = new Map<string, SymbolFinding[]>()
  for (const finding of findings) {
    for (const id of finding.causes ?? []) {
      const some = all.get(id)
      if (some) some.push(finding)
      else all.set(id, [finding])
    }
  }
  return all
}

const risks: readonly Risk[] = ['breaks', 'may-break', 'usually-harmless']

function viewOf(cause: Cause, known: Pick<CauseView, 'number' | 'adviceAt' | 'text' | 'traced'>): CauseView {
  const found = new Set(cause.changes.map((change) => changeTexts[change.class].risk))
  let diff: readonly DiffLine[] | undefined
  return {
    ...known,
    cause,
    title: definitionTitle(cause.name),
    risk: risks.find((risk) => found.has(risk)) ?? 'may-break',
    // Most reports show only a few of many hundred.
    get diff() {
      return (diff ??= definitionDiff(cause))
    },
  }
}

function groupUnexplained({ unexplained }: Explanation): UnexplainedGroup[] {
  const groups = new Map<UnexplainedReason, { variants: Set<string>; symbols: Set<string> }>()
  for (const { variant, why, symbols } of unexplained) {
    const group = groups.get(why) ?? { variants: new Set(), symbols: new Set() }
    groups.set(why, group)
    group.variants.add(variant)
    for (const symbol of symbols) group.symbols.add(symbol)
  }
  return [...groups].map(([why, { variants, symbols }]) => ({
    why,
    variants: [...variants],
    symbols: [...symbols],
  }))
}

/** Distinct symbols that could not be explained in at least one variant. */
export function unexplainedSymbols({ unexplained }: Explained): number {
  return new Set(unexplained.flatMap(({ symbols }) => symbols)).size
}

/** Findings of one kind, split by whether they are explained. */
interface SplitGroup<Finding> {
  readonly sets: readonly SymbolGroup[]
  readonly rest: readonly VariantGroup<Finding>[]
}

/** What says by which causes a symbol changed. */
type Explainable = Pick<SymbolFinding, 'symbol' | 'causes'>

/**
 * Splits findings of one kind into the explained symbols, by the causes they need back in any variant, largest group
 * first, and the findings without an explanation with their sets of variants.
 */
export function splitByCauses<Finding extends Explainable>(
  { groups }: { readonly groups: readonly VariantGroup<Finding>[] },
  { byId }: Explained,
): SplitGroup<Finding> {
  const needed = new Map<string, { readonly views: Set<CauseView>; readonly others: Set<string> }>()
  const rest: VariantGroup<Finding>[] = []
  for (const { variants, findings } of groups) {
    const without = findings.filter(({ symbol, causes = [] }) => {
      const views = causes.flatMap((id) => byId.get(id) ?? [])
      if (views.length === 0) return true
      const all = needed.get(symbol) ?? { views: new Set(), others: new Set() }
      needed.set(symbol, all)
      for (const view of views) all.views.add(view)
      for (const id of causes) if (!byId.has(id)) all.others.add(id)
      return false
    })
    if (without.length > 0) rest.push({ variants, findings: without })
  }
  const sets = new Map<string, { causes: readonly CauseView[]; others: number; symbols: string[] }>()
  for (const [symbol, { views, others }] of needed) {
    const causes = [...views].sort((a, b) => a.number - b.number)
    const key = [...causes.map(({ number }) => number), `and ${others.size}`].join()
    const set = sets.get(key) ?? { causes, others: others.size, symbols: [] }
    sets.set(key, set)
    set.symbols.push(symbol)
  }
  return { sets: [...sets.values()].sort((a, b) => b.symbols.length - a.symbols.length), rest }
}
