import type { Cause } from '../abi/cause.ts'
import { breaksModules } from '../abi/layouts/layout-change.ts'
import type { Policy, Severity } from './policy.ts'

/** The heaviest first. */
const severities: readonly Severity[] = ['fail', 'warn', 'ignore']

/**
 * What a changed symbol weighs: as much as the heaviest change of the heaviest cause. A change weighs what the policy
 * says of its class, else as any changed symbol; so does a cause without changes, and a symbol without causes. Where every cause is
 * proven to move nothing in memory, it weighs no more than the policy says of that.
 * @param causes those that the symbol needs repaired; empty where it was not explained
 */
export function severityOfChanged(
  causes: readonly Pick<Cause, 'changes' | 'layout'>[],
  policy: Policy,
): Severity {
  const unexplained = policy.kinds.changed
  const weights = causes.flatMap(({ changes }) =>
    changes.length === 0
      ? [unexplained]
      : changes.map(({ class: changeClass }) => policy.classes[changeClass] ?? unexplained),
  )
  const heaviest = severities.find((severity) => weights.includes(severity)) ?? unexplained
  return causes.length > 0 && causes.every(movesNothing) ? lighter(heaviest, policy.unmoved) : heaviest
}

/** True where the layout is known and a module of the release is right about it. */
export function movesNothing({ layout }: Pick<Cause, 'layout'>): boolean {
  return layout !== undefined && !layout.differences.some(breaksModules)
}

function lighter(one: Severity, other: Severity): Severity {
  return severities.indexOf(one) > severities.indexOf(other) ? one : other
}
