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
    title: 'Permissions not said',
    why: 'Without `permissions` the token has what the repository gives by default, which may be to write everywhere.',
  },
  'permissions-wide': {
    title: 'Permissions too wide',
    why: 'A build runs code of the patch, which can get hold of the token of its job; any other job should not be worth attacking.',
  },
  'permissions-short': {
    title: 'Permission missing',
    why: 'A job cannot do what it is there for. A called workflow that asks for more than its caller has does not start at all.',
  },
  'verdict-skipped': {
    title: 'The verdict may be skipped',
    why: 'A job that is skipped counts as a success of a required check. A job that needs one that failed is skipped, unless it says `if: always()`.',
  },
  'failure-ignored': {
    title: 'Failure ignored',
    why: 'With `continue-on-error` a break is green.',
  },
  'name-not-fixed': {
    title: 'Name of the check not fixed',
    why: 'A ruleset requires checks by their names. One that changes with a matrix or an expression is not required, or is awaited for ever.',
  },
  'no-merge-group': {
    title: 'Not in merge queues',
    why: 'A merge queue waits for required checks, and this one never starts there.',
  },
  'path-filter': {
    title: 'Path filter',
    why: 'A required check that was not started stays pending for ever, and a file that the filter leaves out may change the ABI all the same.',
  },
  'label-types': {
    title: 'Label not noticed',
    why: 'Setting the override label starts no run, so it takes effect with the next push, which makes it void.',
  },
  'base-types': {
    title: 'Change of the base not noticed',
    why: 'A pull request that is pointed at another branch starts no run without `edited`: the check that is green for the old branch, with its whitelists, stays green for the new one.',
  },
  'other-event': {
    title: 'Other events give the same check',
    why: 'A check stands on a commit, whatever started it. A run by hand, or a push that goes by what the branch had before, can turn the required check of a pull request green.',
  },
  'privileged-event': {
    title: 'Build with the rights of the base branch',
    why: 'Runs of this event have secrets and a token that may write, and the build runs code of the patch. kabi-gate refuses to collect there.',
  },
  'token-in-build': {
    title: 'Secret in reach of the build',
    why: 'The build runs code of the patch, which can read what its step and the processes around it were given.',
  },
  'credentials-kept': {
    title: 'Token left in the work tree',
    why: 'actions/checkout keeps its token for later steps unless told otherwise, and the build is one.',
  },
  unpinned: {
    title: 'Not pinned',
    why: 'A tag or a branch can be moved to other code, which then runs with the permissions of the job.',
  },
  shallow: {
    title: 'Base commit not fetched',
    why: 'Configuration and whitelists are read from the commit that the patch starts from, which a shallow checkout does not have.',
  },
}
