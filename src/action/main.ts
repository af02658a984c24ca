import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { isError } from '../abi/problem.ts'
import { check, plan, type PlanRequest } from '../gate.ts'
import { showProgress } from '../io/progress-display.ts'
import { errorVerdict } from '../judge/decide.ts'
import { exitCode } from '../judge/exit-code.ts'
import type { Verdict } from '../judge/verdict.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import { tool } from '../version.ts'
import { deliver } from './deliver.ts'
import { readInputs, type Inputs } from './inputs.ts'
import { planOutputs, setOutputs, unverified } from './outputs.ts'

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
  const source = resolve(workspace, inputs.source)
  const config = inputs.config === undefined ? undefined : resolve(workspace, inputs.config)
  const request: PlanRequest = { config, source, variants, strategy, symvers, cwd: workspace }
  if (inputs.command === 'plan') {
    const { value, problems } = await plan(request)
    if (!value) return errorVerdict(tool, problems, override)
    setOutputs(planOutputs(value))
    return undefined
  }
  const progress = showProgress(process.stderr)
  return check({
    ...request,
    tool,
    override,
    workDir: inputs.workDir === undefined ? defaultWorkDir(source, env) : resolve(workspace, inputs.workDir),
    jobs: inputs.jobs ?? availableParallelism(),
    signal,
    onProgress: progress.update,
  }).finally(progress.end)
}
