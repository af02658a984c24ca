import { info, warning } from '@actions/core'
import { leftText } from '../cli/left-text.ts'
import { matrixOf, type Matrix } from '../config/matrix.ts'
import type { Plan } from '../config/plan.ts'
import type { EarlierFolder } from '../gate/judge.ts'
import { leftToCollect } from '../gate/left-to-collect.ts'
import { glob } from '../judge/glob.ts'
import { quote } from '../problem/quote.ts'
import { checkEarlierRun, findEarlierRun, type EarlierRun } from './earlier-run.ts'
import type { GitHub } from './github.ts'
import type { Inputs } from './inputs.ts'
import type { EventOrigin } from './workflow-event.ts'

/** What a run knows when it asks for evidence of earlier commits. */
export interface Asking {
  readonly inputs: Inputs
  readonly origin: EventOrigin
  /** The commit that is trusted; undefined: the work tree is. */
  readonly baselineRef: string | undefined
  readonly github: GitHub | undefined
}

/**
 * Finds the run for the outputs `earlier-run` and `earlier-commit`.
 * @param plan of the commit that is trusted
 */
export async function earlierRun(asking: Asking, plan: Plan): Promise<EarlierRun | undefined> {
  const wanted = wantedOf(asking, plan)
  if (wanted === undefined) return undefined
  const found =
    typeof wanted === 'string'
      ? ({ kind: 'unknown', why: wanted } as const)
      : await findEarlierRun(wanted.github, wanted)
  if (found.kind === 'found') return found
  if (found.kind === 'none') info(`No evidence of an earlier commit is at hand: ${found.why}.`)
  else
    warning(`Evidence of an earlier commit was not looked for: ${found.why}.`, {
      title: 'kabi-gate: every variant is collected',
    })
  return undefined
}

/** The folder with evidence of an earlier commit, for who judges; whether it may count is asked of the forge, not of the plan. */
export async function earlierFolder(
  asking: Asking,
  plan: Plan,
  run: number,
  folder: string,
): Promise<EarlierFolder | undefined> {
  const wanted = wantedOf(asking, plan) ?? 'the input evidence-workflow is empty'
  const found = typeof wanted === 'string' ? wanted : await checkEarlierRun(wanted.github, wanted, run)
  if (typeof found !== 'string') return { folder, commit: found.commit }
  warning(`The evidence of run ${run} does not count: ${found}.`, { title: 'kabi-gate: earlier evidence' })
  return undefined
}

/** Undefined where nobody wants any; half a sentence where none may count. */
function wantedOf({ inputs, origin, baselineRef: base, github }: Asking, plan: Plan) {
  const { evidenceWorkflow: workflow } = inputs
  if (workflow === undefined) return undefined
  const { branch } = origin
  if (!github) return 'it takes the input github-token'
  if (base === undefined || branch === undefined) return 'there is no base to start from'
  const isProtected = (name: string) => plan.protectedBranches.some((pattern) => glob(pattern)(name))
  if (!isProtected(branch))
    return `no pattern of \`protected\` in the configuration names the branch ${quote(branch)}`
  return { github, workflow, branch, base, isProtected }
}

/** What `leftToCollect` needs to know of a run. */
type LeftRequest = Parameters<typeof leftToCollect>[0]

/** The variants for which no evidence at hand holds; all of them where that cannot be told. */
export async function leftOf(all: Matrix, request: LeftRequest): Promise<Matrix> {
  const { value, problems } = await leftToCollect(request)
  if (!value) {
    warning(`It cannot be told which variants have to look: ${problems[0]?.message ?? ''}`, {
      title: 'kabi-gate: every variant is collected',
    })
    return all
  }
  info(leftText(value))
  return matrixOf(value.plan).value ?? all
}
