import { resolve } from 'node:path'
import { warning } from '@actions/core'
import { openBase, type BaseRequest } from '../base/open-base.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import { matrixOf } from '../config/matrix.ts'
import type { Plan } from '../config/plan.ts'
import type { EarlierFolder } from '../gate/judge.ts'
import { plan } from '../gate/prepare.ts'
import { errorVerdict } from '../judge/decide.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { Read } from '../problem/problem.ts'
import { tool } from '../version.ts'
import { earlierFolder, earlierRun, leftOf, type Asking } from './earlier-evidence.ts'
import { findEvidenceRun, type EvidenceRun } from './evidence-run.ts'
import type { GitHub } from './github.ts'
import type { Inputs } from './inputs.ts'
import type { Runner } from './main.ts'
import { planOutputs, setOutputs } from './outputs.ts'

/** What is known of a run that plans, or judges what others collected. */
interface About extends Asking {
  readonly runner: Runner
  readonly request: PlanRequest
}

/** Reads the plan and sets the outputs of `plan`; a verdict only where it cannot be read. */
export async function planRun(about: About): Promise<Verdict | undefined> {
  const { inputs, runner, github, baselineRef, request } = about
  const { value, problems } = await planOf(about)
  const matrix = value ? matrixOf(value) : { value: undefined, problems }
  if (!value || !matrix.value) return errorVerdict(tool, matrix.problems, inputs.override)
  const { earlierRun: taken, earlierEvidence: folder, expectCommit } = inputs
  if (taken !== undefined && expectCommit !== undefined) {
    const evidence = resolve(runner.workspace, folder)
    const asked = { ...request, tool, baselineRef, expectCommit, evidence, signal: runner.signal }
    setOutputs(planOutputs(await leftOf(matrix.value, asked), '', undefined))
    return undefined
  }
  const names = matrix.value.include.map(({ variant }) => variant)
  const again = await reusableRun(inputs, runner, github, names)
  const earlier = again === '' ? await earlierRun(about, value) : undefined
  setOutputs(planOutputs(matrix.value, again, earlier))
  return undefined
}

/** What `judge` may take of an earlier commit; undefined for nothing. */
export async function earlierEvidence(about: About): Promise<EarlierFolder | undefined> {
  const { earlierRun: run, earlierEvidence: folder } = about.inputs
  if (run === undefined) return undefined
  const { value } = await planOf(about)
  // A plan that cannot be read is an error of the verdict.
  return value && earlierFolder(about, value, run, resolve(about.runner.workspace, folder))
}

/** The plan, of the commit that is trusted. */
async function planOf({ request, baselineRef, runner }: About): Promise<Read<Plan | undefined>> {
  const trusted: BaseRequest = { ...request, baselineRef, signal: runner.signal }
  const { value: base, problems } = await openBase(trusted)
  if (!base) return { value: undefined, problems }
  try {
    return base.named(await plan(request, base.commit))
  } finally {
    await base.close()
  }
}

/** The run for the output `evidence-run`; empty where there is none, and, with a warning, where nobody knows. */
async function reusableRun(
  { reuseEvidence, expectCommit, strategy }: Inputs,
  { env }: Runner,
  github: GitHub | undefined,
  variants: readonly string[],
): Promise<string> {
  if (!reuseEvidence) return ''
  const commit = expectCommit ?? env['GITHUB_SHA'] ?? ''
  const run = Number(env['GITHUB_RUN_ID'])
  const found: EvidenceRun =
    github && commit !== '' && run > 0
      ? await findEvidenceRun(github, { run, commit, variants, strategy })
      : { kind: 'unknown', why: 'it takes the input github-token and the variables of a runner' }
  if (found.kind === 'found') return found.run
  if (found.kind === 'unknown')
    warning(`Evidence of an earlier run was not looked for: ${found.why}.`, {
      title: 'kabi-gate: everything is collected again',
    })
  return ''
}
