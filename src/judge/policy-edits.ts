import type { ChangeClass } from '../abi/cause.ts'
import type { FindingKind } from './finding.ts'
import type { GateEdit } from './gate-edit.ts'
import type { GateState } from './gate-state.ts'
import type { Policy, Rule, Severity } from './policy.ts'

/** What a patch loosens in the policy. */
export function policyEdits(before: GateState, after: GateState): readonly GateEdit[] {
  const [old, now] = [before.policy, after.policy]
  const at = (...path: readonly string[]): Pick<GateEdit, 'file' | 'line'> => {
    const line = after.lineOf(['policy', ...path])
    return line === undefined ? { file: after.file } : { file: after.file, line }
  }
  const kinds = (Object.keys(old.kinds) as FindingKind[]).flatMap((kind) =>
    lowered(`policy.kinds.${kind}`, old.kinds[kind], now.kinds[kind], at('kinds', kind)),
  )
  const named = new Set([...Object.keys(old.classes), ...Object.keys(now.classes)] as ChangeClass[])
  const weight = ({ classes, kinds: { changed } }: Policy, name: ChangeClass) => classes[name] ?? changed
  const classes = [...named].flatMap((name) =>
    lowered(`policy.classes.${name}`, weight(old, name), weight(now, name), at('classes', name)),
  )
  const unmoved = lowered('policy.unmoved', old.unmoved, now.unmoved, at('unmoved'))
  const comparability: GateEdit[] =
    old.comparability === 'fail' && now.comparability === 'warn'
      ? [
          {
            kind: 'comparability-lowered',
            subject: 'policy.comparability',
            before: 'fail',
            after: 'warn',
            ...at('comparability'),
          },
        ]
      : []
  const layouts: GateEdit[] =
    old.layouts === 'on' && now.layouts === 'off'
      ? [{ kind: 'layouts-off', subject: 'policy.layouts', before: 'on', after: 'off', ...at('layouts') }]
      : []
  const preExisting = lowered('policy.pre-existing', old.preExisting, now.preExisting, at('pre-existing'))
  return [
    ...kinds,
    ...classes,
    ...unmoved,
    ...comparability,
    ...layouts,
    ...preExisting,
    ...ruleEdits(old.rules, now.rules, after),
  ]
}

/** The lightest first. */
const severities: readonly Severity[] = ['ignore', 'warn', 'fail']

function lowered(
  subject: string,
  before: Severity,
  after: Severity,
  place: Pick<GateEdit, 'file' | 'line'>,
): GateEdit[] {
  return severities.indexOf(after) < severities.indexOf(before)
    ? [{ kind: 'weight-lowered', subject, before, after, ...place }]
    : []
}

/** Rules are tried in order, so that their order counts as well. */
function ruleEdits(
  before: readonly Rule[],
  after: readonly Rule[],
  { file }: GateState,
): readonly GateEdit[] {
  const old = new Set(before.map(keyOf))
  const now = new Set(after.map(keyOf))
  const added = after
    .filter((rule) => rule.action !== 'fail' && !old.has(keyOf(rule)))
    .map((rule): GateEdit => ({
      kind: 'rule-added',
      subject: inWords(rule),
      file: rule.file,
      line: rule.line,
    }))
  // One that lets pass may stand in front of one that lets pass less.
  const removed = before
    .filter((rule) => rule.action !== 'pass' && !now.has(keyOf(rule)))
    .map((rule): GateEdit => ({ kind: 'rule-removed', subject: inWords(rule), file }))
  const kept = (rules: readonly Rule[], others: ReadonlySet<string>) =>
    rules.filter((rule) => others.has(keyOf(rule))).map(keyOf)
  const [first, second] = [[...new Set(kept(before, now))], [...new Set(kept(after, old))]]
  const moved = second.find((key, index) => key !== first[index])
  const rule = after.find((one) => keyOf(one) === moved)
  if (!rule) return [...added, ...removed]
  return [
    ...added,
    ...removed,
    { kind: 'rules-reordered', subject: inWords(rule), file: rule.file, line: rule.line },
  ]
}

function keyOf({ match, action }: Rule): string {
  return JSON.stringify([match.by, match.pattern, action])
}

function inWords({ match, action }: Rule): string {
  return `${match.by} ${match.pattern}: ${action}`
}
