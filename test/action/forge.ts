import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export const head = 'a'.repeat(40)

/** The commit that the event says is checked out, and the one that the branch stands at. */
export const checkedOut = 'c'.repeat(40)
export const tip = 'b'.repeat(40)

interface User {
  readonly login: string
  readonly type?: string
}

interface Comment {
  readonly id: number
  readonly user: User
  body: string
}

/** A comment at a line of the pull request; the line is null once the patch no longer has it. */
interface ReviewComment extends Comment {
  readonly path: string
  readonly line: number | null
  readonly start_line?: number
  readonly commit_id?: string
  readonly side?: string
}

/** An answer in place of the regular one. */
export interface Trouble {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

interface WorkflowRun {
  readonly head: string
  readonly event: string
  readonly path: string
  readonly workflow: number
  /** `topic` unless given. */
  readonly branch?: string
  /** Where its commit comes from; null when that fork is gone. */
  readonly from?: string | null
}

interface Artifact {
  readonly name: string
  readonly run: number
  readonly expired?: boolean
}

/** What the pretended GitHub knows; tests change it before they run the action. */
export interface Forge {
  readonly url: string
  /** Method and path of every request, in order. */
  readonly requests: string[]
  readonly comments: Comment[]
  readonly reviewComments: ReviewComment[]
  /** Texts of files at the head of the pull request. */
  readonly files: Record<string, string>
  /** First and last lines of the hunks of the pull request, by file; absent: every line can have a comment. */
  hunks?: Readonly<Record<string, readonly (readonly [first: number, last: number])[]>>
  readonly events: object[]
  readonly activity: object[]
  readonly roles: Record<string, string>
  readonly pull: {
    title: string
    author: string
    head: string
    labels: string[]
    base: string
    /** Null when the fork is gone. */
    from: string | null
  }
  viewer: string
  /** Workflow runs, by their number. */
  readonly runs: Map<number, WorkflowRun>
  readonly artifacts: Artifact[]
  /** Jobs of workflow runs: name and conclusion. */
  readonly jobs: { readonly run: number; readonly name: string; readonly conclusion: string }[]
  /** Names of tags. */
  readonly tags: string[]
  /** How the second of two commits stands to the first, `FROM...TO`; two that are not here have nothing in common. */
  readonly compared: Record<string, 'ahead' | 'behind' | 'diverged'>
  /** Parents of commits. */
  parents: Record<string, readonly string[]>
  /** The commits of the pull request, the last is its head. */
  commits: readonly ForgeCommit[]
  /** Where the branch main stands. */
  tip: string
  /** Answers the next requests that match with these, one each. */
  readonly fail: (request: RegExp, ...answers: readonly Trouble[]) => void
  /** Answers every request that matches with this. */
  readonly failAlways: (request: RegExp, answer: Trouble) => void
  /** Answers the next request that matches with success and this. */
  readonly answerOnce: (
    request: RegExp,
    answer: { readonly body: object; readonly headers: Readonly<Record<string, string>> },
  ) => void
  readonly stop: () => Promise<void>
}

/** Starts an API server on the loopback interface, stopped when the test ends. Its answers have the shape of GitHub's. */
export async function startForge(): Promise<Forge> {
  const answers: { request: RegExp; body: object; headers: Readonly<Record<string, string>> }[] = []
  const troubles: { request: RegExp; answers: Trouble[]; always: boolean }[] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const stop = () =>
    new Promise<void>((stopped) => {
      server.close(() => stopped())
      server.closeAllConnections()
    })
  onTestFinished(stop)
  const forge: Forge = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    comments: [],
    reviewComments: [],
    files: {},
    events: [],
    activity: [{ id: 1, after: head, ref: 'refs/heads/topic', timestamp: '2026-11-20T09:00:00Z' }],
    roles: { mia: 'maintain', tom: 'triage', pat: 'admin' },
    pull: { title: 'net: new flags', author: 'pat', head, labels: [], base: 'main', from: 'distro/linux' },
    viewer: 'github-actions[bot]',
    runs: new Map(),
    artifacts: [],
    jobs: [],
    tags: [],
    compared: {},
    parents: {},
    commits: [],
    tip,
    fail: (request, ...answers) => troubles.push({ request, answers: [...answers], always: false }),
    failAlways: (request, one) => troubles.push({ request, answers: [one], always: true }),
    answerOnce: (request, one) => void answers.push({ request, ...one }),
    stop,
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> {
    const url = new URL(request.url ?? '/', forge.url)
    const line = `${request.method ?? ''} ${url.pathname}${url.search}`
    forge.requests.push(line)
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const trouble = troubles.find((one) => one.request.test(line) && one.answers.length > 0)
    const one = trouble?.always === true ? trouble.answers[0] : trouble?.answers.shift()
    if (one) return send(response, one.status, { message: one.message, documentation_url: '' }, one.headers)
    const given = answers.findIndex((other) => other.request.test(line))
    const [fixed] = given < 0 ? [] : answers.splice(given, 1)
    if (fixed) return send(response, 200, fixed.body, fixed.headers)
    if (request.headers.authorization !== 'token t0ken')
      return send(response, 401, { message: 'Bad credentials' })
    return route(line, url, text === '' ? {} : (JSON.parse(text) as Record<string, string>), response)
  }

  function route(
    line: string,
    url: URL,
    body: Record<string, string>,
    response: ServerResponse,
  ): ServerResponse {
    const base = '/repos/distro/linux'
    const comment = (made: Comment) => ({
      ...made,
      html_url: `https://github.example/distro/linux/pull/12#issuecomment-${made.id}`,
    })
    if (line === 'POST /graphql') return send(response, 200, { data: { viewer: { login: forge.viewer } } })
    if (line === `POST ${base}/issues/12/comments`) {
      if ((body['body'] ?? '').length > 65_536) return send(response, 422, { message: 'body is too long' })
      const made = {
        id: 9_000 + forge.comments.length,
        user: botUser(forge.viewer),
        body: body['body'] ?? '',
      }
      forge.comments.push(made)
      return send(response, 201, comment(made))
    }
    const review = reviewAnswer(line, base, body)
    if (review) return send(response, review.status, review.body)
    const file = new RegExp(`^GET ${base}/contents/([^?]+)\\?ref=${forge.pull.head}$`).exec(line)?.[1]
    const text = forge.files[decodeURIComponent(file ?? '')]
    if (text !== undefined)
      return response.writeHead(200, { 'content-type': 'application/vnd.github.raw' }).end(text)
    const edited = forge.comments.find(({ id }) => line === `PATCH ${base}/issues/comments/${id}`)
    if (edited) {
      edited.body = body['body'] ?? ''
      return send(response, 200, comment(edited))
    }
    const run = Number(
      /^GET \/repos\/distro\/linux\/actions\/runs\/(\d+)(?=$|\/(?:artifacts|jobs)\?)/.exec(line)?.[1],
    )
    if (line.endsWith(`/runs/${run}`)) {
      const found = forge.runs.get(run)
      return found
        ? send(response, 200, workflowRun(run, found))
        : send(response, 404, { message: 'Not Found' })
    }
    const [, workflow] = /^GET [^?]*\/actions\/workflows\/([^/]+)\/runs\?/.exec(line) ?? []
    if (workflow !== undefined) {
      const of = (one: WorkflowRun) =>
        one.path === `.github/workflows/${workflow}` &&
        one.event === url.searchParams.get('event') &&
        [one.branch ?? 'topic', null].includes(url.searchParams.get('branch'))
      const runs = [...forge.runs].filter(([, one]) => of(one)).sort(([a], [b]) => b - a)
      if (![...forge.runs.values()].some(({ path }) => path.endsWith(`/${workflow}`)))
        return send(response, 404, { message: 'Not Found' })
      return sendPage(
        response,
        url,
        runs.map(([id, one]) => workflowRun(id, one)),
        'workflow_runs',
      )
    }
    const prefix = new RegExp(`^GET ${base}/git/matching-refs/(tags(?:/|%2F)[^?]+)`).exec(line)?.[1]
    if (prefix !== undefined) {
      const refs = forge.tags.map((tag) => `refs/tags/${tag}`)
      const matching = refs.filter((ref) => ref.startsWith(`refs/${decodeURIComponent(prefix)}`))
      return send(
        response,
        200,
        matching.map((ref) => ({ ref, object: { type: 'commit', sha: tip } })),
      )
    }
    const pair = new RegExp(`^GET ${base}/compare/([^?]+)`).exec(line)?.[1]
    const status = forge.compared[decodeURIComponent(pair ?? '')]
    if (status !== undefined) return send(response, 200, { status, ahead_by: 3, behind_by: 0 })
    const listed = forge.artifacts.map((one, id) => artifact(id, one, forge.runs.get(one.run)?.head))
    if (url.pathname.endsWith(`/runs/${run}/jobs`))
      return sendPage(
        response,
        url,
        forge.jobs.filter((job) => job.run === run),
        'jobs',
      )
    if (!Number.isNaN(run))
      return sendPage(
        response,
        url,
        listed.filter(
          ({ name, workflow_run: { id } }) =>
            id === run && [name, null].includes(url.searchParams.get('name')),
        ),
        'artifacts',
      )
    if (line.startsWith(`GET ${base}/actions/artifacts?`)) {
      const wanted = url.searchParams.get('name')
      return sendPage(response, url, listed.filter(({ name }) => name === wanted).reverse(), 'artifacts')
    }
    const change = forge.commits.find(({ sha }) => line === `GET ${base}/commits/${sha}`)
    if (change)
      return send(response, 200, {
        ...pullCommit(change),
        files: Object.entries(change.files).map(([filename, patch]) => ({
          ...{ filename, status: 'modified' },
          ...(patch === null ? {} : { patch }),
        })),
      })
    const commit = /^GET \/repos\/distro\/linux\/git\/commits\/([\da-f]{40})$/.exec(line)?.[1]
    const parents = forge.parents[commit ?? '']
    if (commit !== undefined && parents)
      return send(response, 200, { sha: commit, parents: parents.map((sha) => ({ sha })) })
    if (line === `GET ${base}/git/ref/heads%2Fmain` || line === `GET ${base}/git/ref/heads/main`)
      return send(response, 200, { ref: 'refs/heads/main', object: { type: 'commit', sha: forge.tip } })
    const user = /^GET \/repos\/distro\/linux\/collaborators\/([^/]+)\/permission$/.exec(line)?.[1]
    if (user !== undefined) return send(response, 200, permission(user, forge.roles[user] ?? 'read'))
    switch (`GET ${url.pathname}` === line.split('?')[0] ? url.pathname : '') {
      case `${base}/issues/12/comments`:
        return sendPage(response, url, forge.comments.map(comment))
      case `${base}/pulls/12/comments`:
        return sendPage(response, url, forge.reviewComments)
      case `${base}/issues/12/events`:
        return sendPage(response, url, forge.events)
      case `${base}/activity`:
        return url.searchParams.get('ref') === 'refs/heads/topic'
          ? send(response, 200, forge.activity)
          : send(response, 200, [])
      case `${base}/pulls/12/commits`:
        return sendPage(response, url, forge.commits.map(pullCommit))
      case `${base}/pulls/12`:
        return send(response, 200, {
          number: 12,
          state: 'open',
          title: forge.pull.title,
          user: { login: forge.pull.author, type: 'User' },
          labels: forge.pull.labels.map((name, id) => ({ id, name, color: 'ededed', default: false })),
          head: {
            ref: 'topic',
            sha: forge.pull.head,
            repo: forge.pull.from && { full_name: forge.pull.from, fork: forge.pull.from !== 'distro/linux' },
          },
          base: { ref: forge.pull.base, sha: 'b'.repeat(40) },
        })
      default:
        return send(response, 404, { message: 'Not Found' })
    }
  }

  /** Comments at lines of the pull request: made, edited, deleted. */
  function reviewAnswer(line: string, base: string, body: Record<string, string>) {
    if (line === `POST ${base}/pulls/12/comments`) {
      const { path = '', side = '', commit_id = '', ...rest } = body
      const { line: at, start_line } = body as unknown as {
        readonly line: number
        readonly start_line?: number
      }
      const inHunk = (forge.hunks?.[path] ?? []).some(
        ([first, last]) => first <= (start_line ?? at) && at <= last,
      )
      if (forge.hunks && !inHunk) return { status: 422, body: notInDiff }
      const made: ReviewComment = {
        ...{ id: 5_000 + forge.reviewComments.length, user: botUser(forge.viewer), body: rest['body'] ?? '' },
        ...{ path, side, commit_id, line: at, ...(start_line === undefined ? {} : { start_line }) },
      }
      forge.reviewComments.push(made)
      return { status: 201, body: made }
    }
    const found = forge.reviewComments.findIndex(({ id }) => line.endsWith(` ${base}/pulls/comments/${id}`))
    const one = forge.reviewComments[found]
    if (!one) return undefined
    if (line.startsWith('DELETE ')) forge.reviewComments.splice(found, 1)
    else one.body = body['body'] ?? ''
    return { status: line.startsWith('DELETE ') ? 204 : 200, body: one }
  }

  return forge
}

/** What GitHub says to a comment at a line that the pull request does not show. */
const notInDiff = {
  message: 'Validation Failed',
  errors: [
    {
      resource: 'PullRequestReviewComment',
      code: 'custom',
      field: 'pull_request_review_thread.line',
      message: 'pull_request_review_thread.line must be part of the diff',
    },
  ],
}

function botUser(login: string): User {
  return { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
}

/** GitHub calls maintainers writers and triagers readers in `permission`. */
export function permission(login: string, role: string): object {
  const rank = ['read', 'triage', 'write', 'maintain', 'admin'].indexOf(role)
  return {
    permission: { maintain: 'write', triage: 'read' }[role] ?? role,
    role_name: role,
    user: {
      login,
      permissions: {
        pull: true,
        triage: rank >= 1,
        push: rank >= 2,
        maintain: rank >= 3,
        admin: rank >= 4,
      },
    },
  }
}

export function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  return response.end(JSON.stringify(body))
}

/** The API wraps some lists in an object. */
export function sendPage(
  response: ServerResponse,
  url: URL,
  all: readonly object[],
  wrappedAs?: string,
): ServerResponse {
  const size = Number(url.searchParams.get('per_page') ?? 30)
  const page = Number(url.searchParams.get('page') ?? 1)
  const next = new URL(url)
  next.searchParams.set('page', String(page + 1))
  const more = all.length > page * size
  const some = all.slice((page - 1) * size, page * size)
  return send(
    response,
    200,
    wrappedAs === undefined ? some : { total_count: all.length, [wrappedAs]: some },
    more ? { link: `<${next.href}>; rel="next"` } : {},
  )
}

function workflowRun(
  id: number,
  { head: sha, event, path, workflow, branch = 'topic', from = 'distro/linux' }: WorkflowRun,
): object {
  return {
    id,
    name: 'kABI',
    head_branch: branch,
    head_sha: sha,
    path,
    event,
    status: 'completed',
    conclusion: 'failure',
    workflow_id: workflow,
    run_attempt: 1,
    pull_requests: [],
    repository: { id: 1, full_name: 'distro/linux' },
    head_repository: from === null ? null : { id: 1, full_name: from },
  }
}

function artifact(id: number, { name, run, expired = false }: Artifact, sha = '') {
  return {
    id,
    name,
    size_in_bytes: 100,
    expired,
    digest: `sha256:${'0'.repeat(64)}`,
    workflow_run: { id: run, repository_id: 1, head_repository_id: 1, head_branch: 'topic', head_sha: sha },
  }
}

/** A `labeled` event as the API lists it. */
export function labeledEvent(actor: string, label: string, at: string): object {
  return {
    id: Date.parse(at),
    event: 'labeled',
    actor: { login: actor, type: 'User' },
    created_at: at,
    label: { name: label, color: 'ededed' },
  }
}

/** What a runner tells the action about the forge and the event. */
export function forgeEnvironment(forge: Pick<Forge, 'url'>, eventPath: string): Record<string, string> {
  return {
    GITHUB_API_URL: forge.url,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'distro/linux',
    GITHUB_RUN_ID: '77',
    GITHUB_SHA: checkedOut,
    GITHUB_REF: 'refs/pull/12/merge',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_WORKFLOW_REF: 'distro/linux/.github/workflows/kabi.yml@refs/pull/12/merge',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: eventPath,
  }
}

/** A commit of the pull request. */
interface ForgeCommit {
  readonly sha: string
  readonly message: string
  readonly parents?: number
  /** The hunks of each file; null for one whose change is too large. */
  readonly files: Readonly<Record<string, string | null>>
}

function pullCommit({ sha, message, parents = 1 }: ForgeCommit) {
  return {
    sha,
    commit: { message, author: { name: 'Ann', email: 'ann@example.org', date: '2026-11-03T12:00:00Z' } },
    parents: Array.from({ length: parents }, (_, at) => ({ sha: String(at).repeat(40) })),
  }
}
