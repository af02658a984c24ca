import type { SettingPath } from '../config/config-fault.ts'

/** What can be wrong with a workflow that runs the gate. */
export type WorkflowRule =
  | 'no-gate'
  | 'permissions-missing'
  | 'permissions-wide'
  | 'permissions-short'
  | 'verdict-skipped'
  | 'failure-ignored'
  | 'name-not-fixed'
  | 'no-merge-group'
  | 'path-filter'
  | 'label-types'
  | 'base-types'
  | 'other-event'
  | 'privileged-event'
  | 'token-in-build'
  | 'credentials-kept'
  | 'unpinned'
  | 'shallow'

/** One thing that is wrong. */
export interface WorkflowFault {
  readonly rule: WorkflowRule
  /** The way to the setting that is wrong, or to what lacks one. */
  readonly path: SettingPath
  /** One sentence: what was found. */
  readonly message: string
  /** Lines of the file as they should be, from the top level down. */
  readonly corrected: readonly string[]
}

interface RuleText {
  readonly title: string
  /** What comes of it. */
  readonly why: string
}

/** Titles and reasons, one entry a rule. */
export const ruleTexts: Readonly<Record<WorkflowRule, RuleText>> = {
  'no-gate': {
    title: 'No gate',
    why: 'Nothing in this file checks anything.',
  },
  'permissions-missing': {
    title: 'No permissions',
    why: 'Without `permissions` the token has the default permissions of the repository, which may be to write everything.',
  },
  'permissions-wide': {
    title: 'Permissions too wide',
    why: 'A build runs code of the patch, which can get the token of its job. Other jobs should have no more than they need, either.',
  },
  'permissions-short': {
    title: 'Permission missing',
    why: 'The job cannot do its work. GitHub does not start a called workflow that asks for more than its caller has.',
  },
  'verdict-skipped': {
    title: 'The verdict may be skipped',
    why: 'GitHub counts a skipped job as success of a required check. A job that needs a failed job is skipped, unless it has `if: always()`.',
  },
  'failure-ignored': {
    title: 'Failure ignored',
    why: 'With `continue-on-error` a break is green.',
  },
  'name-not-fixed': {
    title: 'The name of the check is not fixed',
    why: 'A ruleset requires checks by name. If the name depends on a matrix or an expression, the check is not required, or GitHub waits for it for ever.',
  },
  'no-merge-group': {
    title: 'Not in merge queues',
    why: 'A merge queue waits for required checks, and this one never starts there.',
  },
  'path-filter': {
    title: 'Path filter',
    why: 'A required check that is not started stays pending for ever, and a file that the filter leaves out may change the ABI too.',
  },
  'label-types': {
    title: 'Label not noticed',
    why: 'Setting the override label starts no run. The next push does, but then the label no longer counts.',
  },
  'base-types': {
    title: 'Change of the base not noticed',
    why: 'Without `edited`, changing the base branch of a pull request starts no run: a check that was green with the whitelists of the old base stays green for the new one.',
  },
  'other-event': {
    title: 'Other events give the same check',
    why: 'A check belongs to a commit, whatever started it. A run by hand, or a push that uses the configuration before it, can turn the required check of a pull request green.',
  },
  'privileged-event': {
    title: 'Build with the rights of the base branch',
    why: 'Runs of this event have secrets and a token that may write, and the build runs code of the patch. kabi-gate refuses to collect on it.',
  },
  'token-in-build': {
    title: 'Secret within reach of the build',
    why: 'The build runs code of the patch, which can read what its step and the processes around it were given.',
  },
  'credentials-kept': {
    title: 'Token left in the work tree',
    why: 'By default actions/checkout keeps its token for later steps, and the build is one of them.',
  },
  unpinned: {
    title: 'Not pinned',
    why: 'A tag or a branch can be moved to other code, which then runs with the permissions of the job.',
  },
  shallow: {
    title: 'Commits not fetched',
    why: 'Configuration and whitelists are read from the commit that the patch is based on, and a bisection walks through the commits between two; a shallow checkout has neither.',
  },
}
