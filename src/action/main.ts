import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { isError } from '../abi/problem.ts'
import { collectLeg } from '../collect-leg.ts'
import { matrixOf } from '../config/matrix.ts'
import { check, plan, type PlanRequest } from '../gate.ts'
import { showProgress } from '../io/progress-display.ts'
import { errorVerdict } from '../judge/decide.ts'
import { exitCode } from '../judge/exit-code.ts'
import { judge } from '../judge-legs.ts'
import type { Verdict } from '../judge/verdict.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import { tool } from '../version.ts'
import { deliver } from './deliver.ts'
import { readInputs, type Inputs } from './inputs.ts'
import { nothingVerified, planOutputs, setOutputs, unverified } from './outputs.ts'

/** What the action may know of the runner. */
export interface Runner {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The checked-out repository. */
  readonly workspace: string
  /** Who started, or restarted, the workflow. */
  readonly actor: string
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal
}

/**
 * Runs the action once: inputs, pipeline, outputs and reports.
 * @returns the exit code of the step
 */
export async function main(runner: Runner): Promise<number> {
  setOutputs(unverified)
  const { value: inputs, problems } = readInputs(runner.actor)
  const refused = problems.some(isError) ? errorVerdict(tool, problems, undefined) : undefined
  const verdict = refused ?? (await run(inputs, runner))
  if (!verdict) return 0
  const reportDir = inputs.reportDir ?? join(runner.env['RUNNER_TEMP'] ?? '.', 'kabi-gate-report')
  await deliver(verdict, resolve(runner.workspace, reportDir), runner.workspace)
  return exitCode(verdict)
}

/** Runs the command; gives no verdict where there was nothing to judge. */
async function run(inputs: Inputs, runner: Runner): Promise<Verdict | undefined> {
  const { workspace, env, signal } = runner
  const { variants, strategy, symvers, override } = inputs
  const path = (text: string | undefined) => (text === undefined ? undefined : resolve(workspace, text))
  const source = path(inputs.source) ?? workspace
  const request: PlanRequest = {
    config: path(inputs.config),
    source,
    variants,
    strategy,
    symvers,
    cwd: workspace,
  }
  const evidence = resolve(workspace, inputs.evidence)
  if (inputs.command === 'judge') {
    const { expectCommit } = inputs
    const tree = path(inputs.source)
    return judge({ ...request, tool, override, evidence, expectCommit, source: tree, signal })
  }
  if (inputs.command === 'plan') {
    const { value, problems } = await plan(request)
    const matrix = value ? matrixOf(value) : { value: undefined, problems }
    if (!matrix.value) return errorVerdict(tool, matrix.problems, override)
    setOutputs(planOutputs(matrix.value))
    return undefined
  }
  const progress = showProgress(process.stderr)
  const collecting = {
    ...request,
    tool,
    workDir: path(inputs.workDir) ?? defaultWorkDir(source, env),
    jobs: inputs.jobs ?? availableParallelism(),
    signal,
    onProgress: progress.update,
  }
  if (inputs.command === 'check') return check({ ...collecting, override }).finally(progress.end)
  const event = env['GITHUB_EVENT_NAME']
  const problems = await collectLeg({ ...collecting, output: evidence, event }).finally(progress.end)
  if (problems.some(isError)) return errorVerdict(tool, problems, undefined)
  setOutputs(nothingVerified)
  return undefined
}
