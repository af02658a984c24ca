import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { acceptedRole } from './accepted-role.ts'
import { glob } from './glob.ts'

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

/** Whether an event is about something that is about to be merged: there the label counts, and the flag does not. */
export function isAboutMerge(event: string): boolean {
  return ['pull_request', 'pull_request_target', 'merge_group'].includes(event)
}

/**
 * The problem of a disable flag that must not be accepted; undefined for one that may. It is refused for what is about to be
 * merged and on protected branches, whoever started the run. A branch that is not known counts as protected.
 * @param patterns of protected branches; `*` stands for any characters
 */
export function refuseOverride(
  { event, branch, protectedByForge }: RunOrigin,
  patterns: readonly string[],
): Problem | undefined {
  if (isAboutMerge(event)) {
    return refusal(
      `a run of ${event}`,
      'Set the override label on the pull request, or write a waiver (docs/waivers.md).',
    )
  }
  const advice = 'Write a waiver (docs/waivers.md), or start the run on a branch of your own.'
  if (branch === undefined) return refusal(`a run of ${quote(event)} of which no branch is known`, advice)
  if (protectedByForge) return refusal(`the branch ${quote(branch)}, which the repository protects`, advice)
  const pattern = patterns.find((one) => glob(one)(branch))
  if (pattern === undefined) return undefined
  return refusal(`the branch ${quote(branch)}, which ${quote(pattern)} protects`, advice)
}

/**
 * The problem of a disable flag given by somebody who may not; undefined for somebody who may.
 * @param held the roles of the person in the repository, the one that the forge names first; empty: none is known
 * @param accepted those that may
 */
export function refuseRole(
  person: string,
  held: readonly string[],
  accepted: readonly string[],
): Problem | undefined {
  if (acceptedRole(held, accepted) !== undefined) return undefined
  return {
    kind: 'usage',
    message: `the kABI check cannot be disabled by ${quote(person)}, whose role is ${held[0] ?? 'none that is known'}; it takes ${accepted.join(' or ')}`,
    advice: 'Ask somebody with the role to start the run, or write a waiver (docs/waivers.md).',
  }
}

function refusal(where: string, advice: string): Problem {
  return { kind: 'usage', message: `the kABI check cannot be disabled on ${where}`, advice }
}
