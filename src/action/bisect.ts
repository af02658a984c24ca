import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { bisectionAudit } from '../cli/bisection-audit.ts'
import { bisectionJson } from '../cli/bisection-json.ts'
import { bisectionMarkdown } from '../cli/bisection-markdown.ts'
import { bisectionText } from '../cli/bisection-text.ts'
import type { Bisection } from '../cli/bisection.ts'
import { findBreaks } from '../cli/find-breaks.ts'
import { showProgress } from '../cli/progress-display.ts'
import { meaningsOf } from '../git/meanings-of.ts'
import { resolveCommit } from '../git/resolve-commit.ts'
import { runGit, type GitSession } from '../git/run-git.ts'
import { errorVerdict } from '../judge/decide.ts'
import { exitCode } from '../judge/exit-code.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { annotations } from '../report/annotations/annotations.ts'
import { tool } from '../version.ts'
import { auditedRun, repositoryUrl } from './audited-run.ts'
import type { Asked } from '../cli/find-breaks.ts'
import {
  addLine,
  annotate,
  printFenced,
  summaryBytes,
  watchLosses,
  writeReports,
  writeSummary,
} from './deliver.ts'
import type { Inputs } from './inputs.ts'
import type { Runner } from './main.ts'
import { nothingVerified, setOutputs } from './outputs.ts'

/**
 * Runs `bisect`: finds the commits that broke something, and says so in log, job summary, files and audit line. It decides nothing, so no
 * output says that anything was verified.
 * @returns the exit code of the step: 0 when there is an answer, whatever it is
 */
export async function bisect(inputs: Inputs, asked: Asked, runner: Runner): Promise<number> {
  const { workspace, env, signal } = runner
  const source = resolve(workspace, inputs.source ?? '.')
  const git: GitSession = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const { value: ends, problems } = await endsOf(git, asked, env['GITHUB_EVENT_NAME'] ?? '')
  const bisection = ends
    ? await answer(inputs, { ...asked, ...ends }, runner, source)
    : unanswered(inputs, asked, problems)
  const delivered = await deliver(bisection, inputs, runner, await repositoryOf(git, env))
  if (!bisection.value) return exitCode(errorVerdict(tool, bisection.problems, undefined))
  setOutputs(nothingVerified)
  return delivered ? 0 : 3
}

async function answer(
  { config, variants, strategy, workDir, jobs }: Inputs,
  asked: Asked,
  { workspace, env, signal }: Runner,
  source: string,
): Promise<Bisection> {
  const progress = await showProgress(process.stderr)
  return findBreaks({
    ...asked,
    config: config === undefined ? undefined : resolve(workspace, config),
    source,
    variants,
    strategy,
    symvers: [],
    cwd: workspace,
    workDir: workDir === undefined ? defaultWorkDir(source, env) : resolve(workspace, workDir),
    jobs: jobs ?? availableParallelism(),
    signal,
    onProgress: progress.update,
  }).finally(progress.end)
}

function unanswered(
  { variants }: Inputs,
  { good, bad, symbol, type, firstParent }: Asked,
  problems: readonly Problem[],
): Bisection {
  const ends = { good: { name: good, commit: null }, bad: { name: bad, commit: null } }
  return {
    question: { ...ends, symbol: symbol ?? null, type: type ?? null, firstParent, variants },
    value: undefined,
    problems,
  }
}

type Ends = Pick<Asked, 'good' | 'bad'>

/** Both commits as the checkout names them. Problems, without a value: an event that must not bisect, a name with two meanings. */
async function endsOf(git: GitSession, { good, bad }: Ends, event: string): Promise<Read<Ends | undefined>> {
  // A green bisection of a pull request could stand in for its check.
  if (event !== '' && event !== 'workflow_dispatch') return { value: undefined, problems: [notByHand(event)] }
  const named = { good: await nameOf(git, good), bad: await nameOf(git, bad) }
  const problems = Object.values(named).filter((one) => typeof one !== 'string')
  if (typeof named.good !== 'string' || typeof named.bad !== 'string') return { value: undefined, problems }
  return { value: { good: named.good, bad: named.bad }, problems: [] }
}

function notByHand(event: string): Problem {
  return {
    kind: 'usage',
    message: `A bisection is started by hand, and this run was started by ${event}: its job would stand there as a check of a commit that nobody checked.`,
    advice:
      'Start it by workflow_dispatch, as examples/workflows/bisect.yml does; to check a commit, use the command check, or plan, collect and judge.',
  }
}

/** A checkout of GitHub's has the branches of the server, but for one, only under `origin/`. */
async function nameOf(git: GitSession, name: string): Promise<string | Problem> {
  const own = await resolveCommit(git, name)
  const onServer = `origin/${name}`
  const other = await resolveCommit(git, onServer)
  if (typeof other !== 'string' || own === other) return name
  if (typeof own !== 'string') return (await meaningsOf(git, name)).length === 0 ? onServer : name
  return {
    kind: 'usage',
    message: `${quote(name)} has more than one meaning here: ${own.slice(0, 12)}, and ${quote(onServer)} (${other.slice(0, 12)}).`,
    advice: `Write ${quote(onServer)} for the branch, the name of the other in full, such as ${quote(`refs/tags/${name}`)}, or the whole name of the commit.`,
  }
}

/** The page of the repository, where the checkout is one of it. */
async function repositoryOf(git: GitSession, env: Runner['env']): Promise<string | undefined> {
  const { value } = await runGit(git, ['config', '--get', 'remote.origin.url'])
  const [address = ''] = value
  const page = repositoryUrl(env)
  return page !== '' && address.replace(/(?:\.git)?\/?$/, '') === page ? page : undefined
}

/** @returns false when a file of this machine could not be written */
async function deliver(
  bisection: Bisection,
  { reportDir }: Inputs,
  runner: Runner,
  repository: string | undefined,
): Promise<boolean> {
  const { workspace, env } = runner
  const { lostHere, delivered } = watchLosses()
  const folder = resolve(workspace, reportDir ?? join(env['RUNNER_TEMP'] ?? '.', 'kabi-gate-report'))
  const text = bisectionText(bisection)
  const markdown = bisectionMarkdown(bisection, { maxBytes: summaryBytes, repository })
  printFenced(text)
  if (!bisection.value) {
    const verdict = errorVerdict(tool, bisection.problems, undefined)
    for (const annotation of annotations(verdict)) annotate(annotation, workspace, workspace)
  }
  await writeReports(
    folder,
    [
      ['report-text', 'bisection.txt', text],
      ['report-markdown', 'bisection.md', markdown],
      ['report-json', 'bisection.json', bisectionJson(bisection)],
    ],
    lostHere,
  )
  const line = bisectionAudit(bisection, { ...auditedRun(runner), at: new Date().toISOString() })
  await addLine(join(folder, 'audit.jsonl'), line, lostHere)
  await writeSummary(markdown, lostHere)
  return delivered()
}
