import { quote } from '../problem/quote.ts'
import { explainFailure, failureOf, type GitHub } from './github.ts'

/** A run that left evidence of an earlier commit, and that commit. */
export interface EarlierRun {
  readonly run: string
  readonly commit: string
}

/** What came of the search; `why` nobody found one, as half a sentence. */
type FoundRun =
  ({ readonly kind: 'found' } & EarlierRun) | { readonly kind: 'none' | 'unknown'; readonly why: string }

/** Which evidence of earlier commits may be taken. */
interface EarlierWanted {
  /** The workflow file whose runs leave it, by its name in `.github/workflows`. */
  readonly workflow: string
  /** The protected branch that is merged into. */
  readonly branch: string
  /** Whether only reviewed commits come to a branch. */
  readonly isProtected: (branch: string) => boolean
  /** The commit of that branch which the patch starts from. */
  readonly base: string
}

/** More runs of one event are not asked about. */
const mostRuns = 10

/**
 * Finds the newest run that left evidence of a commit which the patch is based on: a run of the workflow file that was started by a push
 * to the branch, else one by the clock, in this very repository. What it left is evidence like any other, and nobody takes it without
 * proof.
 */
export async function findEarlierRun(github: GitHub, wanted: EarlierWanted): Promise<FoundRun> {
  try {
    const why = await namedTwice(github, wanted.branch)
    if (why !== undefined) return { kind: 'none', why }
    for (const filter of [{ event: 'push', branch: wanted.branch }, { event: 'schedule' }] as const) {
      const { data } = await github.api.actions.listWorkflowRuns({
        ...github.repository,
        ...{ workflow_id: wanted.workflow, per_page: mostRuns, ...filter },
      })
      for (const run of data.workflow_runs.slice(0, mostRuns)) {
        const earlier = await leftBy(github, run, wanted)
        if (typeof earlier !== 'string') return { kind: 'found', ...earlier }
      }
    }
    return { kind: 'none', why: `no run of ${quote(wanted.workflow)} has left any of this branch` }
  } catch (error) {
    return { kind: 'unknown', why: explainedFor(error, wanted) }
  }
}

/**
 * Asks whether a run is one that `findEarlierRun` could have found, and of which commit its evidence is: whoever judges does not
 * believe who planned.
 * @param id number of the run
 * @returns half a sentence that says why it is not
 */
export async function checkEarlierRun(
  github: GitHub,
  wanted: EarlierWanted,
  id: number,
): Promise<EarlierRun | string> {
  try {
    const why = await namedTwice(github, wanted.branch)
    if (why !== undefined) return why
    const { data: run } = await github.api.actions.getWorkflowRun({ ...github.repository, run_id: id })
    return await leftBy(github, run, wanted)
  } catch (error) {
    return explainedFor(error, wanted)
  }
}

function explainedFor(error: unknown, { workflow }: EarlierWanted): string {
  if (failureOf(error).status === 404)
    return `there is no workflow ${quote(workflow)}, or the token may not see its runs (actions: read)`
  return explainFailure(error, 'actions: read')
}

/** The forge names the branch of a run by its last part: a tag of the same name could not be told from it. */
async function namedTwice({ api, repository }: GitHub, branch: string): Promise<string | undefined> {
  const { data } = await api.git.listMatchingRefs({ ...repository, ref: `tags/${branch}` })
  const isThere = data.some(({ ref }) => ref === `refs/tags/${branch}`)
  return isThere ? `a tag has the name of the branch ${quote(branch)}` : undefined
}

/** What the forge says of a run, as far as it matters. */
interface AnyRun {
  readonly id: number
  readonly event: string
  readonly path: string
  readonly head_branch: string | null
  readonly head_sha: string
  readonly repository: FullName
  readonly head_repository: FullName | null
}

interface FullName {
  readonly full_name: string
}

/** Why nothing of a run is taken, whatever it left; undefined where something may be. */
function refused(
  { event, path, head_branch, repository, head_repository }: AnyRun,
  { repository: { owner, repo } }: GitHub,
  { workflow, branch, isProtected }: EarlierWanted,
): string | undefined {
  const own = `${owner}/${repo}`.toLowerCase()
  const names = [repository, head_repository].map((one) => one?.full_name.toLowerCase())
  if (names.some((name) => name !== own)) return 'it is of another repository'
  if (path.replace(/@.*$/, '') !== `.github/workflows/${workflow}`) return 'it is of another workflow'
  // The clock starts the workflow of the default branch, whose file says what is collected.
  const isOf = { push: head_branch === branch, schedule: isProtected(head_branch ?? '') }[event]
  if (isOf === undefined) return `it was started by ${quote(event)}`
  return isOf ? undefined : `it is of the branch ${quote(head_branch ?? '')}`
}

/** The run, with the commit of which it left evidence and which the patch is based on; else half a sentence that says why not. */
async function leftBy(github: GitHub, run: AnyRun, wanted: EarlierWanted): Promise<EarlierRun | string> {
  const why = refused(run, github, wanted)
  if (why !== undefined) return why
  const { api, repository } = github
  const { base } = wanted
  for (const commit of await commitsOf(github, run)) {
    const earlier = { run: String(run.id), commit }
    if (commit === base) return earlier
    const basehead = `${commit}...${base}`
    const { data } = await api.repos.compareCommitsWithBasehead({ ...repository, basehead, per_page: 1 })
    if (data.status === 'ahead' || data.status === 'identical') return earlier
  }
  return 'it has left no evidence of a commit that the patch is based on'
}

/** What the artifact with the evidence of all variants is called, before the commit. */
const prefix = 'kabi-evidence-all-'

/** The commits of which a run left evidence that has not expired. A run by the clock is of the default branch, and looks at others. */
async function commitsOf({ api, paginate, repository }: GitHub, run: AnyRun): Promise<readonly string[]> {
  const asked = { ...repository, run_id: run.id, per_page: 100 }
  const { listWorkflowRunArtifacts } = api.actions
  const listed =
    run.event === 'push'
      ? (await listWorkflowRunArtifacts({ ...asked, name: prefix + run.head_sha })).data.artifacts
      : await paginate(listWorkflowRunArtifacts, asked)
  const commits = listed.flatMap(({ name, expired }) =>
    name.startsWith(prefix) && !expired ? [name.slice(prefix.length)] : [],
  )
  return commits.filter((commit) => (run.event === 'push' ? commit === run.head_sha : isCommit.test(commit)))
}

const isCommit = /^(?:[\da-f]{40}|[\da-f]{64})$/
