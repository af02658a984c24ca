import type { Problem } from '../problem/problem.ts'

/** Events that run a workflow of the base branch with its secrets, while the code may be somebody else's. */
const trusting = ['pull_request_target', 'issue_comment', 'workflow_run']

/**
 * Why nothing may be built in a workflow run of this event: what `make` runs comes from the patch, and could use all that the
 * run may do.
 * @param event the value of GITHUB_EVENT_NAME
 */
export function refuseEvent(event: string | undefined): Problem | undefined {
  if (event === undefined || !trusting.includes(event)) return undefined
  return {
    kind: 'usage',
    message: `A workflow run of the event ${event} must not build a kernel: it would run code of the patch with the rights of the base branch.`,
    advice: 'Build on pull_request, merge_group, push, schedule or workflow_dispatch.',
  }
}
