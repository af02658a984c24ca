import type { Value } from './expressions.ts'
import type { TreeEdit } from './git-host.ts'
import type { Hub, Run } from './hub.ts'
import { mergeGroupPayload, pullRequestPayload, pushPayload, repositoryPayload } from './payloads.ts'

export const repository = 'distro/linux'
export const fork = 'pat/linux'

export interface PullRequest {
  readonly number: number
  readonly title: string
  readonly author: string
  readonly from: typeof repository | typeof fork
  readonly branch: string
  base: string
  head: string
  labels: string[]
  readonly events: PullRequestEvent[]
  state: 'open' | 'closed'
}

/** As the API lists events of a pull request. */
export interface PullRequestEvent {
  readonly id: number
  readonly event: 'labeled' | 'unlabeled' | 'base_ref_changed'
  readonly actor: { readonly login: string; readonly type: string }
  readonly created_at: string
  readonly label?: { readonly name: string; readonly color: string }
}

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly user: { readonly login: string; readonly type: string }
  body: string
}

/** A comment at a line of a pull request. */
export interface ReviewComment extends Comment {
  readonly path: string
  readonly line: number
  readonly commit_id: string
}

/** A push to a branch, as the API's activity tells. */
export interface Activity {
  readonly id: number
  readonly repository: string
  readonly ref: string
  readonly after: string
  readonly timestamp: string
}

const defaultBranch = 'main'

/** A distribution's kernel repository: what people do with it, and the events that come of that. */
export class Distro {
  readonly hub: Hub
  readonly pulls = new Map<number, PullRequest>()
  readonly comments: Comment[] = []
  readonly reviewComments: ReviewComment[] = []
  readonly activity: Activity[] = []
  readonly roles: Record<string, string> = { mia: 'maintain', tom: 'triage', pat: 'write', ada: 'admin' }
  private merges = new Map<string, string | undefined>()
  private made = 0

  constructor(hub: Hub) {
    this.hub = hub
  }

  /** Pushes a commit to a branch, which the push makes if it is not there. */
  async push(
    branch: string,
    edit: TreeEdit,
    by = 'mia',
  ): Promise<{ readonly commit: string; readonly runs: Run[] }> {
    const before = await this.hub.git.find(repository, `refs/heads/${branch}`)
    const parent = before ?? (await this.hub.git.tip(repository, defaultBranch))
    const commit = await this.hub.git.commit(
      repository,
      `refs/heads/${branch}`,
      parent,
      edit,
      `change ${branch}`,
    )
    return { commit, runs: await this.pushed(branch, before, commit, by) }
  }

  async openPullRequest(order: {
    readonly title?: string
    readonly author?: string
    readonly fromFork?: boolean
    readonly into: string
    readonly edit: TreeEdit
  }): Promise<{ readonly pull: PullRequest; readonly runs: Run[] }> {
    const number = 12 + this.pulls.size
    const parent = await this.hub.git.tip(repository, order.into)
    const branch = `topic-${number}`
    const pull: PullRequest = {
      number,
      title: order.title ?? 'net: new flags',
      author: order.author ?? 'pat',
      from: order.fromFork === true ? fork : repository,
      branch,
      base: order.into,
      head: '',
      labels: [],
      events: [],
      state: 'open',
    }
    this.pulls.set(number, pull)
    await this.commitTo(pull, parent, order.edit)
    return { pull, runs: await this.pullRequestEvent(pull, 'opened', pull.author) }
  }

  /** Adds a commit to a pull request, or, with `onto`, puts one in place of all that it had. */
  async pushTo(pull: PullRequest, edit: TreeEdit, { onto }: { readonly onto?: string } = {}): Promise<Run[]> {
    const before = pull.head
    await this.commitTo(pull, onto ?? pull.head, edit)
    return this.pullRequestEvent(pull, 'synchronize', pull.author, { before, after: pull.head })
  }

  label(pull: PullRequest, name: string, by: string): Promise<Run[]> {
    this.hub.clock.advance(1)
    pull.labels.push(name)
    this.record(pull, 'labeled', by, name)
    return this.pullRequestEvent(pull, 'labeled', by, { label: { name, color: 'ededed' } })
  }

  unlabel(pull: PullRequest, name: string, by: string): Promise<Run[]> {
    this.hub.clock.advance(1)
    pull.labels = pull.labels.filter((one) => one !== name)
    this.record(pull, 'unlabeled', by, name)
    return this.pullRequestEvent(pull, 'unlabeled', by, { label: { name, color: 'ededed' } })
  }

  async retarget(pull: PullRequest, base: string, by: string): Promise<Run[]> {
    this.hub.clock.advance(1)
    const from = pull.base
    const sha = await this.hub.git.tip(repository, from)
    pull.base = base
    this.record(pull, 'base_ref_changed', by)
    return this.pullRequestEvent(pull, 'edited', by, {
      changes: { base: { ref: { from }, sha: { from: sha } } },
    })
  }

  rename(pull: PullRequest, by: string): Promise<Run[]> {
    this.hub.clock.advance(1)
    return this.pullRequestEvent(pull, 'edited', by, { changes: { title: { from: pull.title } } })
  }

  reopen(pull: PullRequest, by: string): Promise<Run[]> {
    this.hub.clock.advance(1)
    return this.pullRequestEvent(pull, 'reopened', by)
  }

  /** Lets the merge queue check pull requests, each on top of those before it. */
  async queue(pulls: readonly PullRequest[]): Promise<{ readonly heads: string[]; readonly runs: Run[] }> {
    const heads: string[] = []
    const runs: Run[] = []
    let base: string | undefined
    for (const pull of pulls) {
      base ??= await this.hub.git.tip(repository, pull.base)
      const head = await this.hub.git.merge(repository, base, pull.head, `Merge pull request #${pull.number}`)
      if (head === undefined) throw new Error(`pull request ${pull.number} does not merge`)
      const headRef = `refs/heads/gh-readonly-queue/${pull.base}/pr-${pull.number}-${base}`
      await this.hub.git.git(repository, 'update-ref', headRef, head)
      const payload = mergeGroupPayload({ head, headRef, base, baseRef: `refs/heads/${pull.base}` })
      const trigger = {
        event: 'merge_group',
        payload,
        sha: head,
        head,
        ref: headRef,
        actor: 'github-merge-queue[bot]',
      }
      runs.push(
        ...(await this.hub.happen(repository, { event: 'merge_group', action: 'checks_requested' }, trigger)),
      )
      heads.push(head)
      base = head
    }
    return { heads, runs }
  }

  /** Moves a branch to the head of a merge group, as the queue does when its checks are green. */
  async mergeGroup(pull: PullRequest, head: string): Promise<Run[]> {
    const before = await this.hub.git.tip(repository, pull.base)
    await this.hub.git.git(repository, 'update-ref', `refs/heads/${pull.base}`, head)
    pull.state = 'closed'
    return this.pushed(pull.base, before, head, 'github-merge-queue[bot]')
  }

  /** The clock strikes: workflows of the default branch run. */
  async schedule(): Promise<Run[]> {
    const sha = await this.hub.git.tip(repository, defaultBranch)
    const payload = { schedule: '37 2 * * *', repository: repositoryPayload(repository) }
    const trigger = {
      event: 'schedule',
      payload,
      sha,
      head: sha,
      ref: `refs/heads/${defaultBranch}`,
      actor: 'mia',
    }
    return this.hub.happen(repository, { event: 'schedule' }, trigger)
  }

  /** Somebody starts a workflow by hand, on a branch. */
  async dispatch(
    file: string,
    {
      branch,
      by,
      inputs = {},
    }: { readonly branch: string; readonly by: string; readonly inputs?: Record<string, Value> },
  ): Promise<Run[]> {
    const path = `.github/workflows/${file}`
    const main = await this.hub.git.tip(repository, defaultBranch)
    const offered = await this.hub.git.read(repository, `${main}:${path}`)
    if (offered === undefined) throw new Error(`the default branch has no ${path}`)
    const sha = await this.hub.git.tip(repository, branch)
    const ref = `refs/heads/${branch}`
    const payload = {
      inputs,
      ref,
      workflow: path,
      repository: repositoryPayload(repository),
      sender: { login: by, type: 'User' },
    }
    const trigger = { event: 'workflow_dispatch', payload, sha, head: sha, ref, actor: by }
    return this.hub.happen(repository, { event: 'workflow_dispatch' }, trigger, { only: path, inputs })
  }

  private async pushed(
    branch: string,
    before: string | undefined,
    after: string,
    by: string,
  ): Promise<Run[]> {
    const ref = `refs/heads/${branch}`
    this.recordPush(repository, ref, after)
    const payload = pushPayload({ ref, before: before ?? '0'.repeat(40), after, by })
    return this.hub.happen(
      repository,
      { event: 'push', branch },
      { event: 'push', payload, sha: after, head: after, ref, actor: by },
    )
  }

  private async commitTo(pull: PullRequest, parent: string, edit: TreeEdit): Promise<void> {
    const { number, from, branch } = pull
    const ref = from === repository ? `refs/heads/${branch}` : `refs/forks/${from}/${branch}`
    pull.head = await this.hub.git.commit(repository, ref, parent, edit, `${pull.title} (${this.made})`)
    await this.hub.git.git(repository, 'update-ref', `refs/pull/${number}/head`, pull.head)
    this.recordPush(from, `refs/heads/${branch}`, pull.head)
  }

  private recordPush(name: string, ref: string, after: string): void {
    this.hub.clock.advance(1)
    this.activity.push({ id: ++this.made, repository: name, ref, after, timestamp: this.hub.clock.text() })
  }

  private record(pull: PullRequest, event: PullRequestEvent['event'], by: string, label?: string): void {
    pull.events.push({
      id: ++this.made,
      event,
      actor: { login: by, type: 'User' },
      created_at: this.hub.clock.text(),
      ...(label === undefined ? {} : { label: { name: label, color: 'ededed' } }),
    })
  }

  private async pullRequestEvent(
    pull: PullRequest,
    action: string,
    by: string,
    more: object = {},
  ): Promise<Run[]> {
    const base = await this.hub.git.tip(repository, pull.base)
    const sha = await this.mergeCommit(pull, base)
    // A pull request that does not merge starts nothing.
    if (sha === undefined) return []
    const ref = `refs/pull/${pull.number}/merge`
    await this.hub.git.git(repository, 'update-ref', ref, sha)
    const payload = pullRequestPayload(pull, { action, base, merge: sha, by, more })
    return this.hub.happen(
      repository,
      { event: 'pull_request', action, branch: pull.base },
      {
        event: 'pull_request',
        payload,
        sha,
        head: pull.head,
        ref,
        headRef: pull.branch,
        baseRef: pull.base,
        actor: by,
        fromFork: pull.from !== repository,
      },
    )
  }

  /** The same as long as neither the branch nor its base has moved. */
  private async mergeCommit({ head, number }: PullRequest, base: string): Promise<string | undefined> {
    const key = `${head} ${base}`
    if (!this.merges.has(key))
      this.merges.set(
        key,
        await this.hub.git.merge(repository, base, head, `Merge ${head} into ${base} for #${number}`),
      )
    return this.merges.get(key)
  }
}
