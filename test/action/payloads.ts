import { checkedOut, head, tip } from './forge.ts'

/** Payloads as GitHub sends them, without what nobody reads. */

const repository = {
  id: 1,
  name: 'linux',
  full_name: 'distro/linux',
  private: false,
  fork: false,
  default_branch: 'main',
  owner: { login: 'distro', type: 'Organization' },
}

const sender = { login: 'pat', type: 'User' }

/** The payload of a `pull_request` event. */
export function pullRequestPayload(
  action = 'synchronize',
  more: object = {},
  {
    base = tip,
    baseRef = 'main',
    from = repository,
  }: { readonly base?: string; readonly baseRef?: string; readonly from?: object } = {},
): object {
  return {
    action,
    number: 12,
    ...(action === 'synchronize' ? { before: '1'.repeat(40), after: head } : {}),
    pull_request: {
      number: 12,
      state: 'open',
      draft: false,
      title: 'as it was when the event was sent',
      user: sender,
      head: { label: 'distro:topic', ref: 'topic', sha: head, user: sender, repo: from },
      base: { label: `distro:${baseRef}`, ref: baseRef, sha: base, user: repository.owner, repo: repository },
      merge_commit_sha: checkedOut,
      author_association: 'CONTRIBUTOR',
      labels: [],
    },
    repository,
    sender,
    ...more,
  }
}

/** The same of a pull request from a fork. */
export function forkPayload(action = 'synchronize', more: object = {}, base = tip): object {
  return pullRequestPayload(action, more, {
    base,
    from: { ...repository, id: 2, full_name: 'pat/linux', fork: true, owner: sender },
  })
}

/** The payload of a `merge_group` event. */
export function mergeGroupPayload(base = tip): object {
  return {
    action: 'checks_requested',
    merge_group: {
      head_sha: checkedOut,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-12-${base}`,
      base_sha: base,
      base_ref: 'refs/heads/main',
      head_commit: { id: checkedOut, tree_id: '2'.repeat(40), message: 'Merge pull request #12' },
    },
    repository,
    sender,
  }
}

/** The payload of a `push` event. */
export function pushPayload(branch = 'topic', before = tip): object {
  return {
    ref: `refs/heads/${branch}`,
    before,
    after: checkedOut,
    created: /^0+$/.test(before),
    deleted: false,
    forced: false,
    base_ref: null,
    compare: 'https://github.example/distro/linux/compare/a...b',
    commits: [
      { id: checkedOut, message: 'net: new flags', added: [], removed: [], modified: ['net/core.c'] },
    ],
    head_commit: { id: checkedOut, message: 'net: new flags' },
    pusher: { name: 'pat', email: 'pat@example.org' },
    repository,
    sender,
  }
}

/** The payload of a `workflow_dispatch` event. */
export function dispatchPayload(branch = 'topic', inputs: object = {}): object {
  return {
    inputs,
    ref: `refs/heads/${branch}`,
    workflow: '.github/workflows/kabi.yml',
    repository,
    sender,
  }
}

/** The payload of a `schedule` event. */
export function schedulePayload(): object {
  return { schedule: '17 3 * * *', workflow: '.github/workflows/kabi.yml', repository }
}
