import { explainFailure, type GitHub } from './github.ts'
import { suggestionMarker, type Suggestion } from './plan-suggestions.ts'
import type { PullRequestEvent } from './workflow-event.ts'

/** A comment at a line of a pull request, as the API lists it. */
interface Existing {
  readonly id: number
  readonly marker: string
  readonly body: string
  readonly path: string
  /** Absent for one whose line is no longer in the patch. */
  readonly line: number | undefined
}

/**
 * Brings the suggestions of a key on a pull request up to date: makes what is not there, edits what says something else, and deletes
 * what is no longer wanted, of its own comments alone. A suggestion is left out where the commit that was judged does not have the
 * lines, as when the base branch moved them.
 * @returns why some could not be written, as half a sentence; undefined when all were
 */
export async function suggest(
  github: GitHub,
  event: PullRequestEvent,
  key: string,
  wanted: readonly Suggestion[],
): Promise<string | undefined> {
  try {
    const { api, repository } = github
    const { data: pull } = await api.pulls.get({ ...repository, pull_number: event.number })
    if (pull.head.sha !== event.head)
      return 'the pull request has other commits by now, which have a run of their own'
    const existing = await ownComments(github, event.number, key)
    const kept = new Set<number>()
    const failed: string[] = []
    for (const one of wanted) {
      const same = existing.find(
        ({ marker, path, line }) => marker === one.marker && path === one.path && line === one.line,
      )
      if (same) kept.add(same.id)
      const why = await write(github, event, one, same).catch((error: unknown) => explain(error))
      if (why !== undefined) failed.push(`${one.path}:${one.line}: ${why}`)
    }
    for (const { id } of existing.filter((one) => !kept.has(one.id)))
      await api.pulls.deleteReviewComment({ ...repository, comment_id: id })
    return failed.length === 0 ? undefined : failed.join('; ')
  } catch (error) {
    return explain(error)
  }
}

function explain(error: unknown): string {
  return explainFailure(error, 'contents: read and pull-requests: write')
}

async function write(
  github: GitHub,
  { number, head }: PullRequestEvent,
  { path, startLine, line, removed, body }: Suggestion,
  same: Existing | undefined,
): Promise<string | undefined> {
  const { api, repository } = github
  if (same?.body.replaceAll('\r\n', '\n').trim() === body.trim()) return undefined
  const text = await textAt(github, path, head)
  const lines = text.split('\n').slice(startLine - 1, line)
  if (lines.join('\n') !== removed.join('\n'))
    return 'the lines are elsewhere in the commit of the pull request'
  if (same) await api.pulls.updateReviewComment({ ...repository, comment_id: same.id, body })
  else
    await api.pulls.createReviewComment({
      ...repository,
      ...{ pull_number: number, commit_id: head, path, line, side: 'RIGHT', body },
      ...(startLine < line ? { start_line: startLine, start_side: 'RIGHT' as const } : {}),
    })
  return undefined
}

async function textAt({ api, repository }: GitHub, path: string, ref: string): Promise<string> {
  const { data } = await api.repos.getContent({ ...repository, path, ref, mediaType: { format: 'raw' } })
  // The raw form of a file is its text, or its bytes where the answer does not say that they are text; the types say neither.
  const raw: unknown = data
  return typeof raw === 'string' ? raw : raw instanceof ArrayBuffer ? new TextDecoder().decode(raw) : ''
}

/** The token can edit comments of others too, so the marker alone proves nothing. */
async function ownComments(
  { api, paginate, graphql, repository }: GitHub,
  number: number,
  key: string,
): Promise<readonly Existing[]> {
  const all = await paginate(api.pulls.listReviewComments, {
    ...repository,
    pull_number: number,
    per_page: 100,
  })
  const marked = all.flatMap(({ id, user, body, path, line }) => {
    const marker = suggestionMarker(body, key)
    return marker === undefined
      ? []
      : [{ id, marker, body, path, line: line ?? undefined, author: user.login }]
  })
  if (marked.length === 0) return []
  const { viewer } = await graphql<{ viewer: { login: string } }>('query { viewer { login } }')
  return marked.filter(({ author }) => author === viewer.login)
}
