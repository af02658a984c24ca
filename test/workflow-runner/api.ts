import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { permission, send, sendPage } from '../action/forge.ts'
import type { Distro, PullRequest } from './distro.ts'
import { pullRequestOf } from './payloads.ts'
import type { Run } from './run.ts'

export interface Api {
  readonly url: string
  /** Method, path and answer of every request, in order. */
  readonly requests: string[]
  readonly stop: () => Promise<void>
}

type Scope = readonly [scope: string, level: 'read' | 'write']

interface Route {
  readonly line: RegExp
  /** One of these is enough; none: any token. */
  readonly needs: readonly Scope[]
  readonly answer: (call: Call) => Promise<ServerResponse> | ServerResponse
}

interface Call {
  readonly distro: Distro
  readonly url: URL
  readonly parts: readonly string[]
  readonly body: Readonly<Record<string, string>>
  readonly response: ServerResponse
}

/** Serves what the action asks GitHub's API for, on the loopback interface; a token can do what its job may. */
export async function startApi(distro: Distro): Promise<Api> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    response.on('finish', () =>
      requests.push(`${request.method ?? ''} ${request.url ?? ''} ${response.statusCode}`),
    )
    answer(distro, request, response).catch((error: unknown) =>
      send(response, 500, { message: String(error) }),
    )
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  distro: Distro,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ServerResponse> {
  const url = new URL(request.url ?? '/', distro.hub.url)
  let text = ''
  for await (const chunk of request) text += String(chunk)
  const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!distro.hub.knows(token)) return send(response, 401, { message: 'Bad credentials' })
  const line = `${request.method ?? ''} ${url.pathname}`
  for (const { line: pattern, needs, answer: reply } of routes) {
    const found = pattern.exec(line)
    if (!found) continue
    if (needs.length > 0 && !needs.some(([scope, level]) => distro.hub.may(token, scope, level)))
      return send(response, 403, { message: 'Resource not accessible by integration' })
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, string>)
    return reply({ distro, url, parts: found.slice(1).map(decodeURIComponent), body, response })
  }
  return send(response, 404, { message: 'Not Found' })
}

const readActions: readonly Scope[] = [['actions', 'read']]
const readContents: readonly Scope[] = [['contents', 'read']]
const readPulls: readonly Scope[] = [['pull-requests', 'read']]
const writePulls: readonly Scope[] = [['pull-requests', 'write']]
const readIssues: readonly Scope[] = [
  ['pull-requests', 'read'],
  ['issues', 'read'],
]
const writeIssues: readonly Scope[] = [
  ['pull-requests', 'write'],
  ['issues', 'write'],
]

const routes: readonly Route[] = [
  {
    line: /^POST \/graphql$/,
    needs: [],
    answer: ({ response }) => send(response, 200, { data: { viewer: { login: bot } } }),
  },
  { line: on('GET', 'actions/runs/(\\d+)'), needs: readActions, answer: getRun },
  { line: on('GET', 'actions/workflows/([^/]+)/runs'), needs: readActions, answer: listRuns },
  { line: on('GET', 'git/matching-refs/(.+)'), needs: readContents, answer: matchingRefs },
  { line: on('GET', 'compare/([\\da-f]{40})\\.\\.\\.([\\da-f]{40})'), needs: readContents, answer: compare },
  { line: on('GET', 'actions/runs/(\\d+)/artifacts'), needs: readActions, answer: listArtifacts },
  { line: on('GET', 'actions/runs/(\\d+)/jobs'), needs: readActions, answer: listJobs },
  { line: on('GET', 'actions/artifacts'), needs: readActions, answer: findArtifacts },
  { line: on('GET', 'git/commits/([\\da-f]{40})'), needs: readContents, answer: getCommit },
  { line: on('GET', 'git/ref/(.+)'), needs: readContents, answer: getRef },
  { line: on('GET', 'activity'), needs: readContents, answer: listActivity },
  { line: on('GET', 'collaborators/([^/]+)/permission'), needs: [], answer: getPermission },
  { line: on('GET', 'pulls/(\\d+)'), needs: readPulls, answer: getPull },
  { line: on('GET', 'issues/(\\d+)/events'), needs: readIssues, answer: listEvents },
  { line: on('GET', 'issues/(\\d+)/comments'), needs: readIssues, answer: listComments },
  { line: on('POST', 'issues/(\\d+)/comments'), needs: writeIssues, answer: addComment },
  { line: on('PATCH', 'issues/comments/(\\d+)'), needs: writeIssues, answer: editComment },
  { line: on('GET', 'contents/(.+)'), needs: readContents, answer: getFile },
  { line: on('GET', 'pulls/(\\d+)/comments'), needs: readPulls, answer: listReviewComments },
  { line: on('POST', 'pulls/(\\d+)/comments'), needs: writePulls, answer: addReviewComment },
  { line: on('DELETE', 'pulls/comments/(\\d+)'), needs: writePulls, answer: deleteReviewComment },
]

const bot = 'github-actions[bot]'

function on(method: string, path: string): RegExp {
  return new RegExp(`^${method} /repos/distro/linux/${path}$`)
}

function missing({ response }: Call): ServerResponse {
  return send(response, 404, { message: 'Not Found' })
}

function getRun(call: Call): ServerResponse {
  const run = call.distro.hub.runs.find(({ id }) => id === Number(call.parts[0]))
  return run ? send(call.response, 200, shownRun(run)) : missing(call)
}

function shownRun(run: Run): object {
  return {
    id: run.id,
    head_sha: run.head,
    // The number of a workflow is that of its file.
    workflow_id: Buffer.from(run.path).reduce((sum, byte) => (sum * 31 + byte) % 1e9, 7),
    path: run.path,
    event: run.trigger.event,
    status: run.conclusion === undefined ? 'in_progress' : 'completed',
    conclusion: run.conclusion ?? null,
    run_attempt: run.attempt,
    // A tag gives its name, too.
    head_branch: run.trigger.headRef ?? run.trigger.ref.replace(/^refs\/(?:heads|tags)\//, ''),
    repository: { full_name: run.repository },
    head_repository: { full_name: run.fromFork ? 'pat/linux' : run.repository },
  }
}

/** The runs of a workflow file, the newest first. */
function listRuns({ distro: { hub }, parts: [file = ''], url, response }: Call): ServerResponse {
  const { searchParams: asked } = url
  const runs = hub.runs.filter(
    ({ path, trigger }) =>
      path === `.github/workflows/${file}` &&
      [trigger.event, null].includes(asked.get('event')) &&
      [trigger.headRef ?? trigger.ref.replace(/^refs\/(?:heads|tags)\//, ''), null].includes(
        asked.get('branch'),
      ),
  )
  return sendPage(response, url, runs.reverse().map(shownRun), 'workflow_runs')
}

async function matchingRefs({
  distro: { hub },
  parts: [ref = ''],
  url,
  response,
}: Call): Promise<ServerResponse> {
  const listed = await hub.git.git('distro/linux', 'for-each-ref', '--format=%(refname)')
  const refs = listed.split('\n').filter((name) => name.startsWith(`refs/${ref}`))
  return sendPage(
    response,
    url,
    refs.map((name) => ({ ref: name })),
  )
}

async function compare(call: Call): Promise<ServerResponse> {
  const [from = '', to = ''] = call.parts
  const { git } = call.distro.hub
  const base = await git.git('distro/linux', 'merge-base', from, to).catch(() => undefined)
  if (base === undefined) return missing(call)
  const status = from === to ? 'identical' : base === from ? 'ahead' : base === to ? 'behind' : 'diverged'
  return send(call.response, 200, { status })
}

function artifactsOf({ distro: { hub } }: Call, all: ReturnType<typeof hub.artifacts.of>): object[] {
  return all.map(({ id, name, run, head, expires }) => ({
    id,
    name,
    expired: expires <= hub.clock.now(),
    workflow_run: { id: run, head_sha: head },
  }))
}

function listArtifacts(call: Call): ServerResponse {
  const asked = call.url.searchParams.get('name')
  const all = call.distro.hub.artifacts
    .of(Number(call.parts[0]))
    .filter(({ name }) => [name, null].includes(asked))
  return sendPage(call.response, call.url, artifactsOf(call, all), 'artifacts')
}

function findArtifacts(call: Call): ServerResponse {
  const all = call.distro.hub.artifacts.named(call.url.searchParams.get('name') ?? '')
  return sendPage(call.response, call.url, artifactsOf(call, all).reverse(), 'artifacts')
}

function listJobs(call: Call): ServerResponse {
  const newest = new Map<string, object>()
  for (const { run, name, conclusion = null } of call.distro.hub.checks)
    if (run === Number(call.parts[0])) newest.set(name, { name, conclusion })
  return sendPage(call.response, call.url, [...newest.values()], 'jobs')
}

async function getCommit(call: Call): Promise<ServerResponse> {
  const [sha = ''] = call.parts
  const parents = await call.distro.hub.git.parents('distro/linux', sha)
  if (!parents) return missing(call)
  return send(call.response, 200, { sha, parents: parents.map((parent) => ({ sha: parent })) })
}

async function getRef(call: Call): Promise<ServerResponse> {
  const ref = `refs/${call.parts[0] ?? ''}`
  const sha = await call.distro.hub.git.find('distro/linux', ref)
  return sha === undefined
    ? missing(call)
    : send(call.response, 200, { ref, object: { type: 'commit', sha } })
}

function listActivity({ distro, url, response }: Call): ServerResponse {
  const ref = url.searchParams.get('ref')
  const all = distro.activity.filter((one) => one.repository === 'distro/linux' && one.ref === ref)
  return send(response, 200, [...all].reverse())
}

function getPermission({ distro, parts: [user = ''], response }: Call): ServerResponse {
  return send(response, 200, permission(user, distro.roles[user] ?? 'read'))
}

function pullOf({ distro, parts: [number] }: Call): PullRequest | undefined {
  return distro.pulls.get(Number(number))
}

async function getPull(call: Call): Promise<ServerResponse> {
  const pull = pullOf(call)
  if (!pull) return missing(call)
  return send(
    call.response,
    200,
    pullRequestOf(pull, await call.distro.hub.git.tip('distro/linux', pull.base)),
  )
}

function listEvents(call: Call): ServerResponse {
  const pull = pullOf(call)
  return pull ? sendPage(call.response, call.url, pull.events) : missing(call)
}

function listComments(call: Call): ServerResponse {
  const issue = Number(call.parts[0])
  return sendPage(
    call.response,
    call.url,
    call.distro.comments.filter((one) => one.issue === issue).map(shown),
  )
}

function addComment({ distro, parts: [issue], body, response }: Call): ServerResponse {
  const comment = {
    id: 9_000 + distro.comments.length,
    issue: Number(issue),
    user: { login: bot, type: 'Bot' },
    body: body['body'] ?? '',
  }
  distro.comments.push(comment)
  return send(response, 201, shown(comment))
}

function editComment(call: Call): ServerResponse {
  const comment = call.distro.comments.find(({ id }) => id === Number(call.parts[0]))
  if (!comment) return missing(call)
  comment.body = call.body['body'] ?? ''
  return send(call.response, 200, shown(comment))
}

/** In the raw form, the only one that is asked for. */
async function getFile(call: Call): Promise<ServerResponse> {
  const object = `${call.url.searchParams.get('ref') ?? ''}:${call.parts[0] ?? ''}`
  const file = await call.distro.hub.git
    .git('distro/linux', 'cat-file', 'blob', object)
    .catch(() => undefined)
  if (file === undefined) return missing(call)
  return call.response.writeHead(200, { 'content-type': 'application/vnd.github.raw' }).end(file)
}

function listReviewComments({ distro, parts, url, response }: Call): ServerResponse {
  const issue = Number(parts[0])
  return sendPage(
    response,
    url,
    distro.reviewComments.filter((one) => one.issue === issue),
  )
}

function addReviewComment({ distro, parts: [issue], body, response }: Call): ServerResponse {
  const { path = '', commit_id = '' } = body
  const comment = {
    ...{ id: 5_000 + distro.reviewComments.length, issue: Number(issue), user: { login: bot, type: 'Bot' } },
    ...{ path, line: Number(body['line']), commit_id, body: body['body'] ?? '' },
  }
  distro.reviewComments.push(comment)
  return send(response, 201, comment)
}

function deleteReviewComment(call: Call): ServerResponse {
  const { reviewComments } = call.distro
  const at = reviewComments.findIndex(({ id }) => id === Number(call.parts[0]))
  if (at < 0) return missing(call)
  reviewComments.splice(at, 1)
  return call.response.writeHead(204).end()
}

function shown(comment: Distro['comments'][number]): object {
  return {
    ...comment,
    html_url: `https://github.example/distro/linux/pull/${comment.issue}#issuecomment-${comment.id}`,
  }
}
