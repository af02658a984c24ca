import { text, type Job, type Step, type Workflow } from './workflow.ts'

const gateCommands = ['check', 'plan', 'collect', 'judge', 'bisect'] as const

type GateCommand = (typeof gateCommands)[number]

/** The reusable workflow, by the name of its file. */
const gateWorkflow = /(^|\/)kabi-gate\.ya?ml(@|$)/
/** The action, in a repository or a folder of that name. */
const gateAction = /(^|\/)kabi-gate(@|$)/
const gateOnCommandLine = /\bkabi-gate(?:\/dist\/cli\.js)?\s+(check|plan|collect|judge|bisect)\b/

/** True for a job that calls the reusable workflow. */
export function callsGate({ uses }: Job): boolean {
  return uses !== undefined && gateWorkflow.test(uses)
}

/** What a step lets kabi-gate do; undefined for a step of something else. A command that is an expression may be anything. */
export function gateCommand({ uses, run, inputs }: Step): GateCommand | 'any' | undefined {
  if (uses === undefined) return gateOnCommandLine.exec(run)?.[1] as GateCommand | undefined
  if (!gateAction.test(uses)) return undefined
  const command = text(inputs['command']) ?? 'check'
  return gateCommands.find((known) => known === command) ?? 'any'
}

/** True for a step that runs the kernel's build system, which is code of the patch. */
export function builds(step: Step): boolean {
  const command = gateCommand(step)
  if (command === undefined || command === 'plan' || command === 'judge') return false
  const prebuilt = text(step.inputs['symvers']) !== undefined || step.run.includes('--symvers')
  return command !== 'check' || !prebuilt
}

/** True for a step whose failure is the verdict. */
export function decides(step: Step): boolean {
  const command = gateCommand(step)
  return command === 'check' || command === 'judge' || command === 'any'
}

/** Jobs whose check can be required. */
export function verdictJobs({ jobs }: Workflow): readonly Job[] {
  return jobs.filter((job) => callsGate(job) || job.steps.some(decides))
}

/** Jobs in which code of the patch runs, not counting those of a workflow that is called. */
export function buildJobs({ jobs }: Workflow): readonly Job[] {
  return jobs.filter(({ steps }) => steps.some(builds))
}

/** True when the check of the workflow, or of one that calls it, may be required of a pull request. */
export function mayBeRequired({ triggers }: Workflow): boolean {
  return ['pull_request', 'merge_group', 'workflow_call'].some((event) => triggers.has(event))
}

/** The check as a ruleset names it. */
export function checkName(job: Job): string {
  return callsGate(job) ? `${job.name} / verdict` : job.name
}

/** True for a step of actions/checkout that fetches the repository of the workflow itself. */
export function checksOut({ uses, inputs }: Step): boolean {
  return uses !== undefined && uses.startsWith('actions/checkout@') && inputs['repository'] === undefined
}
