import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { collectVariant } from '../gate/collect.ts'
import { check } from '../gate/check.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { showProgress } from '../cli/progress-display.ts'
import { errorVerdict } from '../judge/decide.ts'
import type { Verdict } from '../judge/verdict.ts'
import { judge } from '../gate/judge.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import { tool } from '../version.ts'
import { earlierEvidence, planRun } from './plan-run.ts'
import type { GitHub } from './github.ts'
import type { Inputs } from './inputs.ts'
import type { Runner } from './main.ts'
import { nothingVerified, setOutputs } from './outputs.ts'
import { readOrigin, type EventOrigin } from './workflow-event.ts'

/**
 * Runs the command; gives no verdict where there was nothing to judge.
 * @param github absent without a token
 */
export async function runCommand(
  inputs: Inputs,
  runner: Runner,
  github: GitHub | undefined,
): Promise<Verdict | undefined> {
  const { workspace, env, signal } = runner
  const { variants, strategy, symvers, override, against } = inputs
  const path = (text: string | undefined) => (text === undefined ? undefined : resolve(workspace, text))
  const source = path(inputs.source) ?? workspace
  const origin = await readOrigin(env)
  const { value: baselineRef, problems: lost } = trustedCommit(inputs.baselineRef, origin)
  if (lost.length > 0) return errorVerdict(tool, lost, override)
  const request: PlanRequest = {
    config: path(inputs.config),
    source,
    variants,
    strategy,
    symvers,
    cwd: workspace,
  }
  const evidence = resolve(workspace, inputs.evidence)
  const about = { inputs, runner, github, origin, baselineRef, request }
  if (inputs.command === 'judge')
    return judge({
      ...{ ...request, tool, override, origin, baselineRef, evidence, signal },
      // What this run collected is of the very commit, or of no use.
      noCarryOver: true,
      earlier: await earlierEvidence(about),
      expectCommit: inputs.expectCommit,
      source: path(inputs.source),
      docs: docsOf(env),
    })
  if (inputs.command === 'plan') return planRun(about)
  const progress = await showProgress(process.stderr)
  const collecting = {
    ...request,
    tool,
    baselineRef,
    against,
    workDir: path(inputs.workDir) ?? defaultWorkDir(source, env),
    jobs: inputs.jobs ?? availableParallelism(),
    signal,
    onProgress: progress.update,
  }
  if (inputs.command === 'check')
    return check({ ...collecting, override, origin, docs: docsOf(env) }).finally(progress.end)
  const event = env['GITHUB_EVENT_NAME']
  const problems = await collectVariant({ ...collecting, output: evidence, event }).finally(progress.end)
  if (problems.some(isError)) return errorVerdict(tool, problems, undefined)
  setOutputs(nothingVerified)
  return undefined
}

/** The documentation of the very action that runs; undefined where the runner does not say which that is. */
function docsOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_ACTION_REPOSITORY: repository = '', GITHUB_ACTION_REF: ref = '' } = env
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com'
  const docs = `${server}/${repository}/blob/${ref}/docs`
  return /^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+\/blob\/[\w./-]+\/docs$/.test(docs) ? docs : undefined
}

/** The commit that is trusted, by the input or else by the event; undefined: the work tree is. */
function trustedCommit(named: string | undefined, { event, base }: EventOrigin): Read<string | undefined> {
  if (named === 'none') return { value: undefined, problems: [] }
  if (named !== undefined) return { value: named, problems: [] }
  if (base.kind !== 'unreadable')
    return { value: base.kind === 'commit' ? base.commit : undefined, problems: [] }
  const problem: Problem = {
    kind: 'usage',
    message: `the payload of this ${event || 'run'} does not say which commit it starts from, so nobody knows whose configuration counts`,
    advice: 'Name that commit with the input baseline-ref; `none` trusts what the patch brings along.',
  }
  return { value: undefined, problems: [problem] }
}
