import { approve, type Approval, type LabelFacts, type LabelPolicy } from '../judge/label.ts'
import { explainFailure, type GitHub } from './github.ts'
import { queuedPullRequest } from './queued-pull-request.ts'
import { rolesOf } from './roles-of.ts'
import type { MergeGroupEvent, PullRequestEvent } from './workflow-event.ts'

/**
 * Asks the forge, live, whether the override label excuses a break on a pull request, so that a run that is started
 * again sees what happened since. When the forge cannot be asked there is no approval.
 *
 * When a commit came to a branch is taken from the branch's activity (`GET /repos/{owner}/{repo}/activity`), which the
 * forge writes by its own clock as pushes arrive. Dates inside commits are the author's to choose, and a commit's first
 * check or workflow run may be from an earlier push of the same commit; neither is looked at. When the pull request was pointed
 * at another branch is taken from its events (https://docs.github.com/en/rest/using-the-rest-api/issue-event-types).
 */
export async function readApproval(
  github: GitHub,
  event: PullRequestEvent | MergeGroupEvent,
  policy: LabelPolicy,
): Promise<Approval> {
  try {
    const { data: pull } = await github.api.pulls.get({ ...github.repository, pull_number: event.number })
    if (!hasLabel(pull, policy.label)) return { kind: 'absent' }
    const judged = 'branch' in event ? await queuedPullRequest(github, event) : event
    if (typeof judged === 'string') return { kind: 'refused', why: judged }
    return approve(policy, await labelFacts(github, judged, pull, policy.label))
  } catch (error) {
    const why = explainFailure(error, 'contents: read and pull-requests: read')
    return { kind: 'refused', why: `it could not be checked: ${why}` }
  }
}

/** What the API says of a pull request. */
type PullRequest = Awaited<ReturnType<GitHub['api']['pulls']['get']>>['data']

function hasLabel({ labels }: PullRequest, label: string): boolean {
  return labels.some(({ name }) => name.toLowerCase() === label.toLowerCase())
}

async function labelFacts(
  { api, paginate, request, repository }: GitHub,
  event: PullRequestEvent,
  pull: PullRequest,
  label: string,
): Promise<LabelFacts> {
  const events = await paginate(api.issues.listEvents, {
    ...repository,
    issue_number: event.number,
    per_page: 100,
  })
  const labeled = newestLabeling(events, label.toLowerCase())
  return {
    pullRequest: { number: event.number, title: pull.title, author: pull.user.login },
    judgedHead: event.head,
    liveHead: pull.head.sha,
    judgedBase: event.base,
    liveBase: pull.base.ref,
    baseChangedAt: newestBaseChange(events),
    labels: pull.labels.map(({ name }) => name),
    labeled,
    roles: labeled ? await rolesOf({ api, repository }, labeled.actor) : [],
    startedBy: event.labeled && { ...event.labeled, head: event.head, base: event.base },
    // Null when the fork is gone, whatever the types say.
    pushedAt: await pushTime({ request }, pull.head.repo, pull.head.ref, pull.head.sha),
  }
}

type IssueEvents = Awaited<ReturnType<GitHub['api']['issues']['listEvents']>>['data']

function newestLabeling(events: IssueEvents, wanted: string): LabelFacts['labeled'] {
  const settings = events.flatMap((event) => {
    if (event.event !== 'labeled' || !('label' in event)) return []
    // A user that is gone cannot be asked for a role: no name stands for it.
    const actor = (event.actor as { readonly login: string } | null)?.login ?? ''
    return event.label.name.toLowerCase() === wanted ? [{ id: event.id, actor, at: event.created_at }] : []
  })
  const newest = settings.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id).at(-1)
  return newest && { actor: newest.actor, at: newest.at }
}

/** Events of which the pull request has another base afterwards; the last is of a branch that was rewritten. */
const baseChanges = ['base_ref_changed', 'automatic_base_change_succeeded', 'base_ref_force_pushed']

function newestBaseChange(events: IssueEvents): string | undefined {
  const times = events.filter(({ event }) => baseChanges.includes(event)).map((event) => event.created_at)
  return times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1)
}

interface FullName {
  readonly full_name: string
}

interface Activity {
  readonly after: string
  readonly timestamp: string
}

/** When the branch came to stand at its head; undefined when its activity does not tell. */
async function pushTime(
  { request }: Pick<GitHub, 'request'>,
  repository: FullName | null,
  branch: string,
  head: string,
): Promise<string | undefined> {
  const [owner = '', repo = ''] = repository?.full_name.split('/') ?? []
  const ref = `refs/heads/${branch}`
  try {
    const { data } = await request('GET /repos/{owner}/{repo}/activity', { owner, repo, ref, per_page: 100 })
    const newest = [...(data as readonly Activity[])].sort(
      (a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp),
    )[0]
    return newest?.after === head ? newest.timestamp : undefined
  } catch {
    // A fork may not let the token look; the event of this run may still tell.
    return undefined
  }
}
