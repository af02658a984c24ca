import { builds, callsGate, decides, gateCommand } from './gate-steps.ts'
import { text, type Job, type Permissions, type Workflow } from './workflow.ts'
import type { WorkflowFault } from './workflow-fault.ts'

type Scopes = Readonly<Record<string, 'read' | 'write'>>

/** Permissions of the jobs that run the gate: not said, too wide, missing. */
export function permissionFaults({ jobs }: Workflow): readonly WorkflowFault[] {
  return jobs
    .filter((job) => callsGate(job) || job.steps.some((step) => gateCommand(step) !== undefined))
    .flatMap(faultsOfJob)
}

function faultsOfJob(job: Job): readonly WorkflowFault[] {
  const { id, path, permissions } = job
  const needed = neededBy(job)
  const corrected = correctedPermissions(id, needed)
  if (!permissions) {
    const message = `Neither the job ${id} nor the workflow says what the token may do.`
    return [{ rule: 'permissions-missing', path, message, corrected }]
  }
  const tooWide = writable(permissions).filter((scope) => !mayWrite(job).includes(scope))
  const tooShort = Object.entries(needed).filter(([scope, access]) => !has(permissions, scope, access))
  const faults: WorkflowFault[] = []
  if (tooWide.length > 0) {
    const what = tooWide.map((scope) => (scope === '*' ? 'everything' : scope)).join(', ')
    const message = `The token of the job ${id} may write: ${what}.`
    faults.push({ rule: 'permissions-wide', path: permissions.path, message, corrected })
  }
  if (tooShort.length > 0) {
    const what = tooShort.map(([scope, access]) => `${scope}: ${access}`).join(', ')
    const message = `The job ${id} lacks ${what}.`
    faults.push({ rule: 'permissions-short', path: permissions.path, message, corrected })
  }
  return faults
}

/** What the job cannot do without. */
function neededBy(job: Job): Scopes {
  if (callsGate(job)) return { contents: 'read', actions: 'read', 'pull-requests': 'write' }
  const asks = job.steps.filter(
    (step) => gateCommand(step) !== undefined && isGiven(step.inputs['github-token']),
  )
  const writes = asks.some(
    (step) =>
      decides(step) && (text(step.inputs['comment']) !== 'never' || isGiven(step.inputs['suggestions'])),
  )
  const looksAtLabels = asks.some((step) => decides(step) && isGiven(step.inputs['override-label']))
  const otherRun =
    asks.some(({ inputs }) => isGiven(inputs['reuse-evidence'])) ||
    job.steps.some(
      ({ uses, inputs }) => uses?.startsWith('actions/download-artifact@') && isGiven(inputs['run-id']),
    )
  return {
    contents: 'read',
    ...(otherRun ? { actions: 'read' } : {}),
    ...(writes ? { 'pull-requests': 'write' } : looksAtLabels ? { 'pull-requests': 'read' } : {}),
  }
}

/** The scopes that the job has a use for writing to. */
function mayWrite(job: Job): readonly string[] {
  if (callsGate(job)) return ['pull-requests']
  if (job.steps.some(builds) || !job.steps.some(decides)) return []
  return ['pull-requests', 'security-events']
}

function writable({ scopes }: Permissions): readonly string[] {
  return Object.keys(scopes).filter((scope) => scopes[scope] === 'write')
}

function has({ scopes }: Permissions, scope: string, access: 'read' | 'write'): boolean {
  const given = scopes[scope] ?? scopes['*']
  return given === 'write' || given === access
}

function isGiven(value: unknown): boolean {
  const given = text(value)
  return given !== undefined && given !== '' && given !== 'false'
}

function correctedPermissions(id: string, needed: Scopes): readonly string[] {
  const lines = Object.entries(needed).map(([scope, access]) => `      ${scope}: ${access}`)
  return ['permissions: {}', 'jobs:', `  ${id}:`, '    permissions:', ...lines]
}
