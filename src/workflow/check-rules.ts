import { quote } from '../problem/quote.ts'
import { callsGate, checkName, decides, gateCommand, mayBeRequired, verdictJobs } from './gate-steps.ts'
import { text, texts, type Job, type Step, type Workflow } from './workflow.ts'
import type { WorkflowFault } from './workflow-fault.ts'

/** What keeps a check from being required, or lets it be green without a verdict. */
export function checkFaults(workflow: Workflow): readonly WorkflowFault[] {
  const jobs = verdictJobs(workflow)
  return [
    ...(hasGate(workflow) ? [] : [noGate(workflow)]),
    ...jobs.flatMap((job) => [...skipped(job, workflow), ...ignored(job)]),
    ...(mayBeRequired(workflow) ? jobs.flatMap(nameNotFixed) : []),
    ...triggerFaults(workflow),
    ...(jobs.length > 0 ? otherEvents(workflow) : []),
  ]
}

function hasGate({ jobs }: Workflow): boolean {
  return jobs.some((job) => callsGate(job) || job.steps.some((step) => gateCommand(step) !== undefined))
}

function noGate({ triggersPath }: Workflow): WorkflowFault {
  return {
    rule: 'no-gate',
    path: triggersPath,
    message: 'No job calls the workflow of kabi-gate, and no step uses its action or runs its command line.',
    corrected: [
      'jobs:',
      '  kabi-gate:',
      '    uses: OWNER/kabi-gate/.github/workflows/kabi-gate.yml@<full name of a commit>',
    ],
  }
}

const always = /^\s*(\$\{\{)?\s*always\(\)\s*(\}\})?\s*$/

function skipped(job: Job, workflow: Workflow): readonly WorkflowFault[] {
  const { id, path, needs, condition } = job
  const corrected = ['jobs:', `  ${id}:`, '    if: ${{ always() }}']
  const fault = (at: WorkflowFault['path'], message: string, lines = corrected): WorkflowFault[] => [
    { rule: 'verdict-skipped', path: at, message, corrected: lines },
  ]
  const required = mayBeRequired(workflow)
  if (condition === undefined && needs.length > 0) {
    return fault(
      [...path, 'needs'],
      `The job ${id} is skipped when ${needs.join(' or ')} fails or is skipped.`,
    )
  }
  if (condition !== undefined && !always.test(condition) && (required || needs.length > 0)) {
    if (required || !condition.includes('always()')) {
      const lines = needs.length > 0 ? corrected : ['jobs:', `  ${id}:`, '    # no if']
      return fault([...path, 'if'], `The job ${id} runs only under a condition: ${quote(condition)}.`, lines)
    }
  }
  const step = job.steps.find(
    (one) => decides(one) && one.condition !== undefined && !always.test(one.condition),
  )
  if (!step || !required) return []
  const message = `The step that decides runs only under a condition: ${quote(step.condition ?? '')}.`
  return fault([...step.path, 'if'], message, ['# no if, or', 'if: ${{ always() }}'])
}

function ignored({ id, path, ignoresFailure, steps }: Job): readonly WorkflowFault[] {
  const inJob: WorkflowFault[] = ignoresFailure ? [ignoredAt(path, `The job ${id} ignores its failure.`)] : []
  const inSteps = steps
    .filter((step: Step) => decides(step) && step.ignoresFailure)
    .map((step) => ignoredAt(step.path, `A step of the job ${id} ignores what kabi-gate decides.`))
  return [...inJob, ...inSteps]
}

function ignoredAt(path: WorkflowFault['path'], message: string): WorkflowFault {
  const corrected = ['# no continue-on-error; for runs that may fail, disable-kabi-check and disable-reason']
  return { rule: 'failure-ignored', path: [...path, 'continue-on-error'], message, corrected }
}

function nameNotFixed({ id, path, name, hasMatrix }: Job): readonly WorkflowFault[] {
  const byName = name.includes('${{')
  if (!byName && !hasMatrix) return []
  const message = byName
    ? `The name of the job ${id} is an expression: ${quote(name)}.`
    : `The job ${id} is one for each entry of a matrix, and each has a check of its own.`
  const corrected = [
    'jobs:',
    '  judge:',
    '    name: verdict',
    '    needs: [plan, collect]',
    '    if: ${{ always() }}',
  ]
  return [
    {
      rule: 'name-not-fixed',
      path: [...path, byName ? 'name' : 'strategy'],
      message,
      corrected: byName ? ['jobs:', `  ${id}:`, `    name: ${id}`] : corrected,
    },
  ]
}

function triggerFaults(workflow: Workflow): readonly WorkflowFault[] {
  const { triggers, triggersPath } = workflow
  const pull = triggers.get('pull_request')
  if (!pull) return []
  const faults: WorkflowFault[] = []
  if (!triggers.has('merge_group')) {
    const message = 'The workflow has the event pull_request, but not merge_group.'
    const corrected = ['on:', '  pull_request:', '  merge_group:']
    faults.push({ rule: 'no-merge-group', path: triggersPath, message, corrected })
  }
  const path = [...triggersPath, 'pull_request']
  for (const filter of ['paths', 'paths-ignore']) {
    if (pull[filter] === undefined) continue
    const message = `The check starts only for some files (${filter}).`
    faults.push({
      rule: 'path-filter',
      path: [...path, filter],
      message,
      corrected: ['on:', '  pull_request:', `    # no ${filter}`],
    })
  }
  const types = texts(pull['types'])
  if (usesLabel(workflow) && !(types.includes('labeled') && types.includes('unlabeled'))) {
    const message = 'There is an override label, but setting or removing it starts no run.'
    faults.push({ rule: 'label-types', path, message, corrected: allTypes })
  }
  if (!types.includes('edited')) {
    const message = 'A pull request that gets another base starts no run.'
    faults.push({ rule: 'base-types', path, message, corrected: allTypes })
  }
  return faults
}

const allTypes = [
  'on:',
  '  pull_request:',
  '    types: [opened, reopened, synchronize, edited, labeled, unlabeled]',
]

function usesLabel({ jobs }: Workflow): boolean {
  return jobs.some((job) =>
    [job, ...job.steps].some(({ inputs }) => (text(inputs['override-label']) ?? '') !== ''),
  )
}

/** Events that make checks on a commit of a pull request without being about the pull request. */
const others = [
  'workflow_dispatch',
  'repository_dispatch',
  'push',
  'schedule',
  'workflow_run',
  'issue_comment',
]

function otherEvents({ triggers, triggersPath }: Workflow): readonly WorkflowFault[] {
  if (!triggers.has('pull_request') && !triggers.has('merge_group')) return []
  return others
    .filter((event) => triggers.has(event))
    .map((event) => ({
      rule: 'other-event',
      path: [...triggersPath, event],
      message: `The workflow of the required check is also started by ${event}.`,
      corrected: [
        'on:',
        '  pull_request:',
        '  merge_group:',
        `# ${event}: in a file of its own, with a job of another name`,
      ],
    }))
}

/** A workflow, and how its file is called. */
export interface NamedWorkflow {
  readonly file: string
  readonly workflow: Workflow
}

/** Checks of one file, of whatever job, that have the name of a required check of another. */
export function sameNameFaults(
  { file, workflow }: NamedWorkflow,
  all: readonly NamedWorkflow[],
): readonly WorkflowFault[] {
  if (isAboutPullRequests(workflow)) return []
  const required = all.filter((one) => one.file !== file && isAboutPullRequests(one.workflow))
  return workflow.jobs.flatMap((job): WorkflowFault[] => {
    const name = checkName(job)
    const other = required.find((one) => verdictJobs(one.workflow).some((its) => checkName(its) === name))
    if (!other) return []
    const message = `The check ${quote(name)} is also that of ${other.file}, which pull requests start.`
    const corrected = ['jobs:', `  ${job.id}:`, '    name: <a name of its own>']
    return [{ rule: 'other-event', path: job.path, message, corrected }]
  })
}

function isAboutPullRequests({ triggers }: Workflow): boolean {
  return triggers.has('pull_request') || triggers.has('merge_group')
}
