import type { Change } from '../abi/cause.ts'
import type { Policy, Severity } from './policy.ts'

/** The heaviest first. */
const severities: readonly Severity[] = ['fail', 'warn', 'ignore']

/**
 * What a changed symbol weighs: as much as the heaviest change of the heaviest cause. A change weighs what the policy
 * says of its class, else as any changed symbol; so does a cause without changes, and a symbol without causes.
 * @param causes the changes of each cause that the symbol needs repaired; empty where it was not explained
 */
export function severityOfChanged(causes: readonly (readonly Change[])[], policy: Policy): Severity {
  const unexplained = policy.kinds.changed
  const weights = causes.flatMap((changes) =>
    changes.length === 0
      ? [unexplained]
      : changes.map(({ class: changeClass }) => policy.classes[changeClass] ?? unexplained),
  )
  return severities.find((severity) => weights.includes(severity)) ?? unexplained
}
