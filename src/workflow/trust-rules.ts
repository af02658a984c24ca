import { quote } from '../problem/quote.ts'
import { buildJobs, builds, callsGate, checksOut, gateCommand } from './gate-steps.ts'
import { text, type Job, type Settings, type Step, type Workflow } from './workflow.ts'
import type { WorkflowFault } from './workflow-fault.ts'

/** What gives the patch more than it should have, or takes from the gate what it goes by. */
export function trustFaults(workflow: Workflow): readonly WorkflowFault[] {
  return [
    ...privilegedEvents(workflow),
    ...buildJobs(workflow).flatMap((job) => [...secrets(job, workflow), ...keptCredentials(job)]),
    ...workflow.jobs.filter((job) => callsGate(job) && job.inheritsSecrets).map(inherited),
    ...unpinned(workflow),
    ...workflow.jobs.filter((job) => hasBase(workflow) || job.steps.some(bisects)).flatMap(shallow),
  ]
}

function privilegedEvents(workflow: Workflow): readonly WorkflowFault[] {
  const { triggers, triggersPath, jobs } = workflow
  if (buildJobs(workflow).length === 0 && !jobs.some(callsGate)) return []
  return ['pull_request_target', 'workflow_run', 'issue_comment']
    .filter((event) => triggers.has(event))
    .map((event) => ({
      rule: 'privileged-event',
      path: [...triggersPath, event],
      message: `A workflow that builds is started by ${event}.`,
      corrected: ['on:', '  pull_request:', '  merge_group:'],
    }))
}

const secret = /\bsecrets\b|\bgithub\s*(\.\s*token\b|\[\s*'token'\s*\])/

function secrets(job: Job, { env }: Workflow): readonly WorkflowFault[] {
  const corrected = ['# nothing secret here; comment and override label are the business of `command: judge`']
  const fault = (path: WorkflowFault['path'], where: string): WorkflowFault => ({
    rule: 'token-in-build',
    path,
    message: `A step that builds gets a secret from ${where}.`,
    corrected,
  })
  const wide = [
    ...namesOfSecrets(env).map((name) => fault(['env', name], `env.${name} of the workflow`)),
    ...namesOfSecrets(job.env).map((name) =>
      fault([...job.path, 'env', name], `env.${name} of the job ${job.id}`),
    ),
  ]
  const own = job.steps
    .filter(builds)
    .flatMap(({ path, inputs, env: own }) => [
      ...(text(inputs['github-token'])
        ? [fault([...path, 'with', 'github-token'], 'its input github-token')]
        : []),
      ...namesOfSecrets(own).map((name) => fault([...path, 'env', name], `its env.${name}`)),
    ])
  return [...wide, ...own]
}

function namesOfSecrets(env: Settings): readonly string[] {
  return Object.keys(env).filter((name) => secret.test(text(env[name]) ?? ''))
}

function inherited({ id, path }: Job): WorkflowFault {
  return {
    rule: 'token-in-build',
    path: [...path, 'secrets'],
    message: `The job ${id} hands all secrets to the workflow that builds.`,
    corrected: ['jobs:', `  ${id}:`, '    # no secrets'],
  }
}

function keptCredentials({ steps }: Job): readonly WorkflowFault[] {
  return steps
    .filter(
      ({ uses, inputs }) =>
        uses?.startsWith('actions/checkout@') && text(inputs['persist-credentials']) !== 'false',
    )
    .map(({ path, uses }) => ({
      rule: 'credentials-kept',
      path,
      message: 'A job that builds keeps the token of its checkout.',
      corrected: [`- uses: ${uses ?? ''}`, '  with:', '    persist-credentials: false'],
    }))
}

const pinned = /^[^@]+@[0-9a-f]{40}$|^docker:\/\/[^@]+@sha256:[0-9a-f]{64}$/

/** `./` and `$/` are of the commit that runs. */
function unpinned({ jobs }: Workflow): readonly WorkflowFault[] {
  return jobs
    .flatMap((job) => [job, ...job.steps])
    .filter(({ uses }) => uses !== undefined && !/^(\.|\$)\//.test(uses) && !pinned.test(uses))
    .map(({ path, uses = '' }) => {
      const [name = '', version = ''] = uses.split('@')
      const sha = uses.startsWith('docker:') ? 'sha256:<digest>' : '<full name of the commit>'
      return {
        rule: 'unpinned',
        path: [...path, 'uses'],
        message: `${quote(uses)} is pinned to no commit.`,
        corrected: [`uses: ${name}@${sha}${version === '' ? '' : ` # ${version}`}`],
      }
    })
}

/** Events with a commit that the patch starts from. */
function hasBase({ triggers }: Workflow): boolean {
  return ['pull_request', 'merge_group', 'push', 'workflow_call'].some((event) => triggers.has(event))
}

function shallow({ steps }: Job): readonly WorkflowFault[] {
  const gate = steps.find(
    (step) =>
      step.uses !== undefined &&
      gateCommand(step) !== undefined &&
      text(step.inputs['baseline-ref']) !== 'none',
  )
  const checkouts = steps.filter(checksOut)
  const [first] = checkouts
  if (!gate || !first || checkouts.some(isWhole) || (!bisects(gate) && fetchesTwo(checkouts))) return []
  const what = bisects(gate) ? 'all commits between two' : 'the base of the patch too'
  return [
    {
      rule: 'shallow',
      path: first.path,
      message: `The checkout has one commit only, and kabi-gate needs ${what}.`,
      corrected: [`- uses: ${first.uses ?? ''}`, '  with:', '    fetch-depth: 0'],
    },
  ]
}

function bisects(step: Step): boolean {
  return gateCommand(step) === 'bisect'
}

function isWhole({ inputs }: Step): boolean {
  return text(inputs['fetch-depth']) === '0'
}

/** The base, and then the commit, into the same folder. */
function fetchesTwo(checkouts: readonly Step[]): boolean {
  const folders = checkouts.map(({ inputs }) => text(inputs['path']) ?? '.')
  return folders.some((folder, index) => folders.indexOf(folder) !== index)
}
