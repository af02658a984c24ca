import type { HiddenChange } from '../abi/cause.ts'
import type { ChangedLayout } from '../abi/layouts/compare-all-layouts.ts'
import { breaksModules } from '../abi/layouts/layout-change.ts'
import { shownOf } from '../abi/shown-of.ts'
import type { Problem } from '../problem/problem.ts'
import type { HiddenFinding, HiddenProof, LayoutFinding } from './finding.ts'
import type { LocatedLayout } from './layout-case.ts'
import type { Policy, Rule } from './policy.ts'
import { ruleFinder, textsOfRow } from './rules.ts'
import type { StableGuard, VariantCase } from './variant-case.ts'

/** True where a module of the release is wrong about memory: about the type itself, or about one that holds it. */
export function moves({ differences, embedding }: Pick<LocatedLayout, 'differences' | 'embedding'>): boolean {
  const breaks = (one: Pick<ChangedLayout, 'differences'>): boolean => one.differences.some(breaksModules)
  return breaks({ differences }) || embedding.some(breaks)
}

/**
 * Weighs the layouts of a variant that changed. What moves nothing is worth a warning where no checksum tells of it; where one does,
 * the cause of that says it. Rules are about symbols: a layout weighs less only if they say so of every symbol that reaches it.
 */
export function layoutFindings(
  variant: string,
  { whitelist, laidOut, comparison }: StableGuard,
  policy: Policy,
): readonly LayoutFinding[] {
  if (!laidOut) return []
  const told = new Set(
    (comparison?.differences ?? []).flatMap(({ kind, symbol }) => (telling.has(kind) ? [symbol] : [])),
  )
  const ruleFor = ruleFinder(policy.rules)
  const rows = new Map(whitelist.rows.map((row) => [row.symbol, row]))
  return laidOut.changed.flatMap((change): LayoutFinding[] => {
    const untold = change.symbols.filter((symbol) => !told.has(symbol))
    const kind = moves(change) ? 'layout' : 'fits'
    const standard = policy.kinds[kind]
    if (standard === 'ignore' || (kind === 'fits' && untold.length === 0)) return []
    const finding = { ...change, family: 'layout', kind, severity: standard, variant, untold } as const
    const rules = change.symbols.map((symbol) => {
      const row = rows.get(symbol)
      return row && ruleFor(textsOfRow(symbol, row))
    })
    const rule = lightest(rules)
    return [rule ? { ...finding, severity: rule.action === 'pass' ? 'ignore' : 'warn', rule } : finding]
  })
}

/** The rule that decides for all symbols, where each has one that lets pass; the one that only warns, if there is one. */
function lightest(rules: readonly (Rule | undefined)[]): Rule | undefined {
  if (rules.some((rule) => !rule || rule.action === 'fail')) return undefined
  return rules.find((rule) => rule?.action === 'warn') ?? rules[0]
}

/** Kinds of differences in which the checksum is no longer that of the release. */
const telling: ReadonlySet<string> = new Set(['changed', 'removed', 'unversioned'])

/** What is known of the layouts of all variants, for the lines of a patch that hide changes. */
type Known =
  | {
      readonly kind: 'all'
      readonly changed: readonly LocatedLayout[]
      /** Variants of whose release some types are not known. */
      readonly partly: readonly string[]
    }
  | Exclude<HiddenProof, { readonly kind: 'moves' | 'harmless' }>

function known(variants: readonly VariantCase[]): Known {
  const guards = variants.flatMap(({ name, guard }) => (guard.kind === 'stable' ? [{ name, guard }] : []))
  const named = (some: typeof guards) => some.map(({ name }) => name)
  const lost = guards.filter(({ guard }) => guard.layouts && !isComplete(guard))
  if (lost.length > 0) return { kind: 'no-build', variants: named(lost) }
  const without = guards.filter(({ guard }) => !guard.layouts)
  if (without.length > 0) return { kind: 'no-baseline', variants: named(without) }
  const partly = named(guards.filter(({ guard }) => (guard.layouts?.unknown.size ?? 0) > 0))
  return { kind: 'all', changed: guards.flatMap(({ guard }) => guard.laidOut?.changed ?? []), partly }
}

function isComplete({ laidOut }: StableGuard): boolean {
  return laidOut?.unknown.size === 0
}

/**
 * Weighs what a patch hides, with what the layouts of types tell of each line. A line whose types are all waived only warns.
 * @param judged the layouts with their waivers
 */
export function hiddenFindings(
  hidden: readonly HiddenChange[],
  variants: readonly VariantCase[],
  policy: Policy,
  judged: readonly LayoutFinding[],
): readonly HiddenFinding[] {
  const standard = policy.kinds.hidden
  if (standard === 'ignore') return []
  const layouts: Known = policy.layouts === 'off' ? { kind: 'off' } : known(variants)
  return hidden.map((line) => {
    const proof = layouts.kind === 'all' ? proofOf(line, layouts) : layouts
    const severity = isWaived(proof, judged) ? 'warn' : standard
    return { family: 'hidden', kind: 'hidden', severity, line, proof }
  })
}

function isWaived(proof: HiddenProof, judged: readonly LayoutFinding[]): boolean {
  if (!('types' in proof) || proof.types.length === 0) return false
  return proof.types.every((type) => {
    const own = judged.filter(({ name }) => name === type)
    return own.length > 0 && own.every(({ waiver }) => waiver !== undefined)
  })
}

/** A change that is found nowhere may be that of any line; a line at no change may be at a type that the release does not know. */
function proofOf(
  line: HiddenChange,
  { changed, partly }: Extract<Known, { readonly kind: 'all' }>,
): HiddenProof {
  const here = changed.filter((change) => isAt(change, line))
  const nowhere = changed.filter(({ place, patch }) => !place && !patch)
  const some = here.length > 0 ? here : nowhere.filter(moves)
  const moving = some.filter(moves)
  const names = (all: readonly LocatedLayout[]) => [...new Set(all.map(({ name }) => name))]
  if (some.length === 0 && partly.length > 0) return { kind: 'no-baseline', variants: partly }
  return moving.length > 0
    ? { kind: 'moves', types: names(moving) }
    : { kind: 'harmless', types: names(some) }
}

/** A record for genksyms names its type; any other line is at what stands there. */
function isAt(
  { name, place, patch = [] }: LocatedLayout,
  { file, line, endLine = line, how, text }: HiddenChange,
): boolean {
  if (how === 'override') return text.trim().split(/\s+/)[1] === name
  if (patch.some((one) => one.file === file && line <= one.line && one.line <= endLine)) return true
  return place?.file === file && place.line <= endLine && line <= place.endLine
}

/**
 * What there is to say about layouts that are not known: a note, and an error where the patch hides something: then nothing says
 * whether that moved memory.
 */
export function layoutProblems(
  { layouts, laidOut, collected }: StableGuard,
  hidden: readonly HiddenChange[],
): readonly Problem[] {
  if (!layouts || collected?.kind !== 'evidence') return []
  const unknown = [...(laidOut?.unknown ?? [])]
  if (laidOut && unknown.length === 0) return []
  const { strategy } = collected.how
  const all = layouts.types.size + layouts.symbols.size
  const [why, ...others] = new Set(unknown.map((one) => one[1]))
  const isOne = why !== undefined && others.length === 0 && unknown.length === all
  const message = isOne
    ? `How types lie in memory was not compared: ${why}.`
    : laidOut
      ? `Of ${unknown.length} of ${all} types and symbols nobody knows how they lie in memory now.`
      : `How types lie in memory was not compared: strategy ${strategy} found no layouts.`
  const excerpt = isOne ? [] : shownOf(unknown.map(([name, reason]) => `${name}: ${reason}`))
  const note: Problem = { kind: 'layouts-not-known', message, excerpt }
  const [first] = hidden
  if (!first) return [note]
  return [
    {
      kind: 'hidden-not-judged',
      message: `The patch hides changes from the checksums, and nothing tells what they move. ${message}`,
      place: { file: first.file, line: first.line },
      excerpt,
    },
  ]
}
