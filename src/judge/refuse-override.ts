import type { Problem } from '../abi/problem.ts'
import { quote } from '../abi/quote.ts'
import { globToRegExp } from './rules.ts'

/** Branches on which the disable flag is refused where a configuration does not say which. */
export const protectedByDefault: readonly string[] = ['main', 'master', 'release/*', '*-stable']

/** Where a run of a workflow comes from. */
export interface RunOrigin {
  /** As in `on:` of the workflow. */
  readonly event: string
  /** The branch that the run is about: the one that was pushed to, or that is merged into; absent: not known. */
  readonly branch: string | undefined
  /** What the forge says of the branch; absent: nothing is known. */
  readonly protectedByForge?: boolean | undefined
}

/**
 * The problem of a disable flag that must not be accepted; undefined for one that may. Somebody has to have started the
 * run by hand (`workflow_dispatch`), or the branch must not be protected. A branch that is not known counts as protected.
 * @param patterns of protected branches; `*` stands for any characters
 */
export function refuseOverride(
  { event, branch, protectedByForge }: RunOrigin,
  patterns: readonly string[],
): Problem | undefined {
  if (event === 'workflow_dispatch') return undefined
  if (event === 'pull_request' || event === 'pull_request_target' || event === 'merge_group') {
    return refusal(
      `a run of ${event}`,
      'Set the override label on the pull request, or write a waiver (docs/waivers.md).',
    )
  }
  const advice = 'Start the run by hand (workflow_dispatch), or write a waiver (docs/waivers.md).'
  if (branch === undefined) return refusal(`a run of ${quote(event)} of which no branch is known`, advice)
  if (protectedByForge) return refusal(`the branch ${quote(branch)}, which the repository protects`, advice)
  const pattern = patterns.find((one) => globToRegExp(one).test(branch))
  if (pattern === undefined) return undefined
  return refusal(`the branch ${quote(branch)}, which ${quote(pattern)} protects`, advice)
}

function refusal(where: string, advice: string): Problem {
  return { kind: 'usage', message: `the kABI check cannot be disabled on ${where}`, advice }
}
