import type { PullRequest } from './distro.ts'

/** Payloads as GitHub sends them, without what nobody reads. */

export function repositoryPayload(name: string): object {
  const [owner = '', short = ''] = name.split('/')
  return {
    id: name === 'distro/linux' ? 1 : 2,
    name: short,
    full_name: name,
    private: true,
    fork: owner !== 'distro',
    default_branch: 'main',
    owner: { login: owner, type: 'Organization' },
  }
}

export function pullRequestPayload(
  pull: PullRequest,
  {
    action,
    base,
    merge,
    by,
    more,
  }: { action: string; base: string; merge: string; by: string; more: object },
): object {
  return {
    action,
    number: pull.number,
    pull_request: { ...pullRequestOf(pull, base), merge_commit_sha: merge },
    repository: repositoryPayload('distro/linux'),
    sender: { login: by, type: 'User' },
    ...more,
  }
}

/** A pull request as payloads and the API show it. */
export function pullRequestOf(pull: PullRequest, base: string): object {
  const author = { login: pull.author, type: 'User' }
  return {
    number: pull.number,
    state: pull.state,
    draft: false,
    title: pull.title,
    user: author,
    labels: pull.labels.map((name, id) => ({ id, name, color: 'ededed', default: false })),
    head: { ref: pull.branch, sha: pull.head, user: author, repo: repositoryPayload(pull.from) },
    base: { ref: pull.base, sha: base, repo: repositoryPayload('distro/linux') },
  }
}

export function mergeGroupPayload(group: {
  head: string
  headRef: string
  base: string
  baseRef: string
}): object {
  return {
    action: 'checks_requested',
    merge_group: {
      head_sha: group.head,
      head_ref: group.headRef,
      base_sha: group.base,
      base_ref: group.baseRef,
      head_commit: { id: group.head, message: 'Merge pull request' },
    },
    repository: repositoryPayload('distro/linux'),
    sender: { login: 'github-merge-queue[bot]', type: 'Bot' },
  }
}

export function pushPayload({
  ref,
  before,
  after,
  by,
}: {
  ref: string
  before: string
  after: string
  by: string
}): object {
  return {
    ref,
    before,
    after,
    created: /^0+$/.test(before),
    deleted: false,
    forced: false,
    head_commit: { id: after, message: 'change' },
    pusher: { name: by },
    repository: repositoryPayload('distro/linux'),
    sender: { login: by, type: 'User' },
  }
}
