import { explainFailure, type GitHub } from './github.ts'

/** What came of the search for an earlier run whose evidence can be judged again. */
export type EvidenceRun =
  | { readonly kind: 'found'; readonly run: string }
  | { readonly kind: 'none' }
  /** Why nobody knows, as half a sentence. */
  | { readonly kind: 'unknown'; readonly why: string }

interface EvidenceWanted {
  /** The number of the run that asks. */
  readonly run: number
  /** The commit that is checked out. */
  readonly commit: string
  readonly variants: readonly string[]
  /** The strategy that was asked for; absent: each variant has its own. */
  readonly strategy: string | undefined
}

/** The name under which a workflow stores the evidence of a variant. */
function artifactName({ commit, strategy }: EvidenceWanted, variant: string): string {
  return `kabi-evidence-${strategy === undefined ? '' : `${strategy}-`}${commit}-${variant}`
}

/** More are not looked at: a label that is set and taken away again and again makes many runs. */
const mostRuns = 5

/**
 * Finds the newest earlier run of the same workflow file, event and head commit that still has the evidence of every variant.
 * Whoever downloads it has to check it like any other; an answer that is not clear is no run.
 */
export async function findEvidenceRun(github: GitHub, wanted: EvidenceWanted): Promise<EvidenceRun> {
  const { run, variants } = wanted
  const { api, paginate, repository } = github
  const names = variants.map((variant) => artifactName(wanted, variant))
  const [first] = names
  if (first === undefined) return { kind: 'none' }
  try {
    const own = await runOf(github, run)
    const { data } = await api.actions.listArtifactsForRepo({ ...repository, name: first, per_page: 100 })
    const earlier = data.artifacts
      .filter(({ name, expired }) => name === first && !expired)
      .flatMap(({ workflow_run: maker }) =>
        maker?.id !== undefined && maker.id < run && maker.head_sha === own.head ? [maker.id] : [],
      )
    for (const id of [...new Set(earlier)].sort((a, b) => b - a).slice(0, mostRuns)) {
      if (JSON.stringify(await runOf(github, id)) !== JSON.stringify(own)) continue
      const listed = await paginate(api.actions.listWorkflowRunArtifacts, {
        ...repository,
        run_id: id,
        per_page: 100,
      })
      const there = new Set(listed.filter(({ expired }) => !expired).map(({ name }) => name))
      if (!names.every((name) => there.has(name))) continue
      if (!(await collectingFailed(github, id, variants))) return { kind: 'found', run: String(id) }
    }
    return { kind: 'none' }
  } catch (error) {
    return { kind: 'unknown', why: explainFailure(error, 'actions: read') }
  }
}

/**
 * True when a job `collect VARIANT` of a run, as the reusable workflow names them, did not succeed: what it left as evidence
 * says so, and would be judged again and again.
 */
async function collectingFailed(
  { api, paginate, repository }: GitHub,
  run: number,
  variants: readonly string[],
): Promise<boolean> {
  const jobs = await paginate(api.actions.listJobsForWorkflowRun, {
    ...repository,
    run_id: run,
    per_page: 100,
  })
  const names = new Set(variants.map((variant) => `collect ${variant}`))
  return jobs.some(({ name, conclusion }) => {
    const [own = ''] = name.split(' / ').slice(-1)
    return names.has(own) && conclusion !== 'success'
  })
}

/** What two runs have to have in common. */
interface RunIdentity {
  readonly head: string
  readonly workflow: number
  /** Of the workflow file. */
  readonly path: string
  readonly event: string
}

async function runOf({ api, repository }: GitHub, run: number): Promise<RunIdentity> {
  const { data } = await api.actions.getWorkflowRun({ ...repository, run_id: run })
  const { head_sha: head, workflow_id: workflow, path, event } = data
  // GitHub may name the branch of the file as well.
  return { head, workflow, path: path.replace(/@.*$/, ''), event }
}
