import type { Comparison, Difference } from '../abi/compare.ts'
import type { Explained } from '../abi/explain/merge-explanations.ts'
import type { Export } from '../abi/export.ts'
import type { GateEdit } from './gate-edit.ts'
import type { EditFinding, SymbolFinding } from './finding.ts'
import { differenceKey, type LocatedVariant } from './located-variant.ts'
import type { Policy, Rule, Severity } from './policy.ts'
import { ruleFinder, ruleTexts } from './rules.ts'
import { severityOfChanged } from './severity-of-changed.ts'

/** Turns the differences of a variant into findings. */
export type MakeFindings = (
  comparison: Comparison,
  variant: string,
  where: {
    readonly located: LocatedVariant | undefined
    /** The object that exports a symbol. */
    readonly objectOf: (symbol: string) => string | undefined
  },
) => readonly SymbolFinding[]

/**
 * Makes the function that weighs differences: by the first rule that matches, else by what the policy says of the kind, for a
 * changed checksum by what it says of the classes of its causes.
 */
export function findingMaker(policy: Policy, explained: Explained | undefined): MakeFindings {
  const ruleFor = ruleFinder(policy.rules)
  const byId = new Map(explained?.explanation.causes.map((cause) => [cause.id, cause]))
  const standardOf = ({ kind }: Difference, causes: readonly string[] = []): Severity =>
    kind === 'changed'
      ? severityOfChanged(
          causes.map((id) => byId.get(id) ?? { changes: [] }),
          policy,
        )
      : policy.kinds[kind]
  return ({ differences, added }, variant, { located, objectOf }) => {
    const causesOf = explained?.causesOf.get(variant)
    const additions = policy.kinds.added === 'ignore' ? [] : added.map(asDifference)
    return [...differences, ...additions].flatMap((difference): SymbolFinding[] => {
      const causes = difference.kind === 'changed' ? causesOf?.get(difference.symbol) : undefined
      const standard = standardOf(difference, causes)
      // What the policy ignores is no finding; a rule can only speak about findings.
      if (standard === 'ignore') return []
      const rule = ruleFor(ruleTexts(difference))
      const severity = rule ? severityByRule[rule.action] : standard
      const object = objectOf(difference.symbol)
      const blame = located?.blames.get(differenceKey(difference))
      return [symbolFinding(difference, { variant, severity, rule, causes, object, blame })]
    })
  }
}

type Judged = Pick<SymbolFinding, 'variant' | 'severity'> & {
  readonly [K in 'rule' | 'causes' | 'object' | 'blame']: SymbolFinding[K] | undefined
}

/** Written out, as there may be tens of thousands: objects that are spread are slow to make and to read. */
function symbolFinding(
  { kind, symbol, baseline, current }: Difference,
  { variant, severity, rule, causes, object, blame }: Judged,
): SymbolFinding {
  const all = { kind, symbol, baseline, current, family: 'symbol', variant, severity }
  const finding = all as { -readonly [K in keyof SymbolFinding]: SymbolFinding[K] }
  if (rule) finding.rule = rule
  if (causes) finding.causes = causes
  if (object !== undefined) finding.object = object
  if (blame) finding.blame = blame
  return finding as SymbolFinding
}

/** Weighs what a patch changes in the gate. */
export function editFindings(edits: readonly GateEdit[], { kinds }: Policy): readonly EditFinding[] {
  const severity = kinds['whitelist-edit']
  if (severity === 'ignore') return []
  return edits.map((edit) => ({
    family: 'gate-edit',
    kind: 'whitelist-edit',
    severity,
    ...(edit.variant === undefined ? {} : { variant: edit.variant }),
    edit,
  }))
}

function asDifference(current: Export): Difference {
  return { kind: 'added', symbol: current.symbol, baseline: undefined, current }
}

const severityByRule: Readonly<Record<Rule['action'], Severity>> = {
  pass: 'ignore',
  warn: 'warn',
  fail: 'fail',
}
