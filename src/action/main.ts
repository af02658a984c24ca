import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { isError, type Problem } from '../abi/problem.ts'
import { collectLeg } from '../collect-leg.ts'
import { matrixOf } from '../config/matrix.ts'
import { check, plan, type PlanRequest } from '../gate.ts'
import { showProgress } from '../io/progress-display.ts'
import { applyApproval } from '../judge/apply-approval.ts'
import { errorVerdict } from '../judge/decide.ts'
import { exitCode } from '../judge/exit-code.ts'
import { judge } from '../judge-legs.ts'
import type { Verdict } from '../judge/verdict.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import type { AuditedRun } from '../report/audit.ts'
import { tool } from '../version.ts'
import { readApproval } from './approval.ts'
import { comment, type Commented } from './comment.ts'
import { withBase } from '../with-base.ts'
import { deliver } from './deliver.ts'
import { connect, type Delay, type GitHub } from './github.ts'
import { readInputs, type Inputs } from './inputs.ts'
import { nothingVerified, planOutputs, setOutputs, unverified } from './outputs.ts'
import { repositoryTop } from './repository-top.ts'
import { readOrigin, readPullRequestEvent, type PullRequestEvent } from './workflow-event.ts'

/** What the action may know of the runner. */
export interface Runner {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The checked-out repository. */
  readonly workspace: string
  /** Who started, or restarted, the workflow. */
  readonly actor: string
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal
  /** Waits between requests to the forge; the clock's unless given. */
  readonly delay?: Delay
}

/**
 * Runs the action once: inputs, pipeline, outputs and reports.
 * @returns the exit code of the step
 */
export async function main(runner: Runner): Promise<number> {
  setOutputs(unverified)
  const { value: inputs, problems } = readInputs(runner.actor)
  const refused = problems.some(isError) ? errorVerdict(tool, problems, undefined) : undefined
  const judged = refused ?? (await run(inputs, runner))
  if (!judged) return 0
  const forge = await forgeOf(inputs, runner)
  const verdict = await withApproval(judged, inputs, forge)
  const reportDir = inputs.reportDir ?? join(runner.env['RUNNER_TEMP'] ?? '.', 'kabi-gate-report')
  await deliver(verdict, {
    reportDir: resolve(runner.workspace, reportDir),
    repository: repositoryTop(resolve(runner.workspace, inputs.source ?? '.'), runner.workspace),
    run: auditedRun(runner, forge?.event.head),
    publish: () => publish(verdict, inputs, runner, forge),
  })
  return exitCode(verdict)
}

/** The pull request that a run is about, and the way to ask the forge about it. */
interface Forge {
  readonly github: GitHub
  readonly event: PullRequestEvent
}

/** Nothing for a run without a token, and for one that is about no pull request. */
async function forgeOf({ token }: Inputs, { env, delay }: Runner): Promise<Forge | undefined> {
  const github = connect(token, env, delay)
  const event = await readPullRequestEvent(env)
  return github && event ? { github, event } : undefined
}

/** Asks about the label only when there is a break that it could excuse. */
async function withApproval(verdict: Verdict, { label }: Inputs, forge: Forge | undefined): Promise<Verdict> {
  if (!label || !forge || verdict.result !== 'break') return verdict
  return applyApproval(verdict, await readApproval(forge.github, forge.event, label), label.label)
}

function publish(
  verdict: Verdict,
  { comment: mode, commentKey: key }: Inputs,
  runner: Runner,
  forge: Forge | undefined,
): Promise<Commented> {
  if (!forge) return Promise.resolve({ kind: 'done', url: '' })
  const { github, event } = forge
  return comment(github, { verdict, event, mode, key, runUrl: runUrl(runner) })
}

function auditedRun(runner: Runner, head: string | undefined): Omit<AuditedRun, 'at'> {
  const { env, actor } = runner
  const commit = head ?? env['GITHUB_SHA'] ?? ''
  return { actor, url: runUrl(runner), repository: env['GITHUB_REPOSITORY'] ?? '', commit }
}

function runUrl({ env }: Runner): string {
  const [server, repository, run] = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'].map(
    (name) => env[name] ?? '',
  )
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : ''
}

/** Runs the command; gives no verdict where there was nothing to judge. */
async function run(inputs: Inputs, runner: Runner): Promise<Verdict | undefined> {
  const { workspace, env, signal } = runner
  const { variants, strategy, symvers, override } = inputs
  const path = (text: string | undefined) => (text === undefined ? undefined : resolve(workspace, text))
  const source = path(inputs.source) ?? workspace
  const origin = await readOrigin(env)
  const named = inputs.baselineRef ?? origin.base
  const baselineRef = named === 'none' ? undefined : named
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
    return judge({
      ...request,
      tool,
      override,
      origin,
      baselineRef,
      evidence,
      expectCommit,
      source: tree,
      signal,
    })
  }
  if (inputs.command === 'plan') {
    const refuse = (problems: readonly Problem[]) => ({ value: undefined, problems })
    const { value, problems } = await withBase({ ...request, baselineRef, signal }, refuse, plan)
    const matrix = value ? matrixOf(value) : { value: undefined, problems }
    if (!matrix.value) return errorVerdict(tool, matrix.problems, override)
    setOutputs(planOutputs(matrix.value))
    return undefined
  }
  const progress = showProgress(process.stderr)
  const collecting = {
    ...request,
    tool,
    baselineRef,
    workDir: path(inputs.workDir) ?? defaultWorkDir(source, env),
    jobs: inputs.jobs ?? availableParallelism(),
    signal,
    onProgress: progress.update,
  }
  if (inputs.command === 'check') return check({ ...collecting, override, origin }).finally(progress.end)
  const event = env['GITHUB_EVENT_NAME']
  const problems = await collectLeg({ ...collecting, output: evidence, event }).finally(progress.end)
  if (problems.some(isError)) return errorVerdict(tool, problems, undefined)
  setOutputs(nothingVerified)
  return undefined
}
