import type { Problem } from '../problem/problem.ts'
import type { Approval } from './label.ts'
import { reasonsFor } from './reasons.ts'
import type { Verdict } from './verdict.ts'

/**
 * A verdict with what came of the override label. An approval excuses a break and nothing else; one that was refused is
 * noted, so that nobody waits for it to work.
 */
export function applyApproval(verdict: Verdict, approval: Approval, label: string): Verdict {
  if (verdict.result !== 'break' || approval.kind === 'absent') return verdict
  if (approval.kind === 'approved') return { ...verdict, result: 'overridden', override: approval.override }
  const refused: Problem = {
    kind: 'approval-refused',
    message: `the label ${JSON.stringify(label)} does not excuse this break: ${approval.why}`,
  }
  const problems = [...verdict.problems, refused]
  return { ...verdict, problems, reasons: reasonsFor(problems, verdict.findings) }
}
