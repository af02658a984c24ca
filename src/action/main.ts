import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { warning } from '@actions/core'
import { realPath } from '../io/real-path.ts'
import { isError, type Read } from '../problem/problem.ts'
import { applyApproval } from '../judge/apply-approval.ts'
import { errorVerdict } from '../judge/decide.ts'
import { exitCode } from '../judge/exit-code.ts'
import { linesOfPatch, withCommits } from '../judge/lines-of-patch.ts'
import { isAboutMerge } from '../judge/refuse-override.ts'
import type { Verdict } from '../judge/verdict.ts'
import { tool } from '../version.ts'
import { readApproval } from './approval.ts'
import { auditedRun, runUrl } from './audited-run.ts'
import { bisect } from './bisect.ts'
import { checkFlag } from './check-flag.ts'
import { comment, type Commented } from './comment.ts'
import { commitsOfPullRequest } from './commits-of-pull-request.ts'
import { deliver } from './deliver.ts'
import { connect, type Delay, type GitHub } from './github.ts'
import { readInputs, type Inputs } from './inputs.ts'
import { setOutputs, unverified } from './outputs.ts'
import { placeInRepository } from './place-in-repository.ts'
import { suggestionsOf } from './plan-suggestions.ts'
import { runCommand } from './run-command.ts'
import { suggest } from './suggest.ts'
import {
  readMergeGroupEvent,
  readPullRequestEvent,
  type MergeGroupEvent,
  type PullRequestEvent,
} from './workflow-event.ts'

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
  const { value: given, problems: faults } = readInputs(runner.actor)
  if (given.bisection && !faults.some(isError)) return bisect(given, given.bisection, runner)
  const github = connect(given.token, runner.env, runner.delay)
  const { value: inputs, problems } = faults.some(isError)
    ? { value: given, problems: faults }
    : await withCheckedFlag(given, runner, github)
  const refused = problems.some(isError) ? errorVerdict(tool, problems, undefined) : undefined
  const judged = refused ?? (await runCommand(inputs, runner, github))
  if (!judged) return 0
  const forge = await forgeOf(github, runner)
  const repository = repositoryTop(resolve(runner.workspace, inputs.source ?? '.'), runner.workspace)
  const approved = withRun(await withApproval(withLabel(judged, inputs, runner), inputs, forge), runner)
  const verdict = await namingCommits(approved, forge, repository)
  const reportDir = inputs.reportDir ?? join(runner.env['RUNNER_TEMP'] ?? '.', 'kabi-gate-report')
  const delivered = await deliver(verdict, {
    reportDir: resolve(runner.workspace, reportDir),
    repository,
    run: auditedRun(runner, forge?.pullRequest?.head),
    publish: () => publish(verdict, inputs, runner, forge, repository),
  })
  return exitCode(verdict) || (delivered ? 0 : 3)
}

/** Only these two decide, so only for them the flag means something, and only they comment. */
function decides(command: Inputs['command']): boolean {
  return command === 'check' || command === 'judge'
}

async function withCheckedFlag(
  inputs: Inputs,
  { env, actor }: Runner,
  github: GitHub | undefined,
): Promise<Read<Inputs>> {
  const { override, roles, command } = inputs
  if (!override || !decides(command)) return { value: inputs, problems: [] }
  const people = [...new Set([actor, env['GITHUB_ACTOR'] ?? actor])]
  const at = new Date().toISOString()
  const { value, problems } = await checkFlag(github, { override, people, roles, at })
  return { value: { ...inputs, override: value }, problems }
}

/** What a run is about, and the way to ask the forge about it. */
interface Forge {
  readonly github: GitHub
  readonly pullRequest: PullRequestEvent | undefined
  readonly mergeGroup: MergeGroupEvent | undefined
}

/** Nothing for a run without a token. */
async function forgeOf(github: GitHub | undefined, { env }: Runner): Promise<Forge | undefined> {
  if (!github) return undefined
  return {
    github,
    pullRequest: await readPullRequestEvent(env),
    mergeGroup: await readMergeGroupEvent(env),
  }
}

/** Where a label counts, it is what to ask for. */
function withLabel(verdict: Verdict, { label }: Inputs, { env }: Runner): Verdict {
  const merges = isAboutMerge(env['GITHUB_EVENT_NAME'] ?? '')
  return label && merges ? { ...verdict, excuse: { kind: 'label', label: label.label } } : verdict
}

/** An override is only as good as its record: each report says in which run it was. */
function withRun(verdict: Verdict, runner: Runner): Verdict {
  const { override } = verdict
  const run = runUrl(runner.env)
  return override && run !== '' ? { ...verdict, override: { ...override, run } } : verdict
}

/** Asks about the label only when there is a break that it could excuse. */
async function withApproval(verdict: Verdict, { label }: Inputs, forge: Forge | undefined): Promise<Verdict> {
  const event = forge?.pullRequest ?? forge?.mergeGroup
  if (!label || !forge || !event || verdict.result !== 'break') return verdict
  return applyApproval(verdict, await readApproval(forge.github, event, label), label.label)
}

/** Asks the forge which commits made lines of the patch, where the checkout has no history that tells. */
async function namingCommits(
  verdict: Verdict,
  forge: Forge | undefined,
  repository: string,
): Promise<Verdict> {
  const lines = linesOfPatch(verdict).filter(({ commit }) => !commit)
  const tree = verdict.variants.find(({ how }) => how?.source !== undefined)?.how?.source
  if (!forge?.pullRequest || lines.length === 0 || tree === undefined) return verdict
  const root = await realPath(repository)
  const named = lines.map((line) => {
    const { file: path } = placeInRepository({ file: line.file, tree, line: line.line }, repository, root)
    return { line, path }
  })
  const commits = await commitsOfPullRequest(forge.github, forge.pullRequest, named)
  if (typeof commits !== 'string') return withCommits(verdict, commits)
  warning(`The commits of changed lines are not named: ${commits}`, { title: 'kabi-gate: commits' })
  return verdict
}

async function publish(
  verdict: Verdict,
  { command, comment: mode, commentKey: key, suggestions }: Inputs,
  runner: Runner,
  forge: Forge | undefined,
  repository: string,
): Promise<Commented> {
  if (!forge?.pullRequest || !decides(command)) return { kind: 'done', url: '' }
  const { github, pullRequest: event } = forge
  // A run that could not look says nothing about what earlier ones suggested.
  if (suggestions && command === 'judge' && verdict.result !== 'error') {
    const root = await realPath(repository)
    const why = await suggest(github, event, key, suggestionsOf(verdict, { key, repository, root }))
    if (why !== undefined)
      warning(`Suggestions were not written: ${why}`, { title: 'kabi-gate: suggestions' })
  }
  return comment(github, { verdict, event, mode, key, runUrl: runUrl(runner.env) })
}

/**
 * The top of the checkout that a kernel tree is in, from which a forge names files: the nearest folder with a `.git`, not
 * above the workspace. Without any, the workspace.
 * @param source absolute, as the workspace
 */
export function repositoryTop(source: string, workspace: string): string {
  if (source === workspace || relative(workspace, source).startsWith('..')) return workspace
  return existsSync(join(source, '.git')) ? source : repositoryTop(dirname(source), workspace)
}
