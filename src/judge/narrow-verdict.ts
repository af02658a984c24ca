import type { Explanation } from '../abi/cause.ts'
import type { Verdict } from './verdict.ts'

/**
 * Leaves of a verdict's explanation the causes of some types, such as `s#device`, and of its symbols those that need one of
 * them back. What was found out and decided stays as it is, and so does the way to repair everything.
 */
export function narrowVerdict(verdict: Verdict, names: ReadonlySet<string>): Verdict {
  const { explanation, findings } = verdict
  if (!explanation) return verdict
  const causes = explanation.causes.filter(({ name }) => names.has(name))
  const ids = new Set(causes.map(({ id }) => id))
  const groups = explanation.groups.filter((group) => group.causes.some((id) => ids.has(id)))
  const narrowed: Explanation = {
    ...explanation,
    causes,
    groups,
    asked: [...names],
    unexplained: [],
  }
  return {
    ...verdict,
    explanation: narrowed,
    findings: findings.filter(
      (finding) =>
        finding.family !== 'symbol' ||
        (finding.kind === 'changed' && (finding.causes ?? []).some((id) => ids.has(id))),
    ),
  }
}
