import type { Verdict } from '../judge/verdict.ts'
import { explainFailure, failureOf, type GitHub } from './github.ts'
import {
  hasMarker,
  planComment,
  renderComment,
  type CommentMode,
  type ExistingComment,
} from './plan-comment.ts'
import type { PullRequestEvent } from './workflow-event.ts'

/** What became of the comment. */
export type Commented =
  /** The pull request shows the verdict, or needs no comment. */
  | { readonly kind: 'done'; readonly url: string }
  /** Why there is no comment of this verdict, as half a sentence. */
  | { readonly kind: 'not-written'; readonly why: string }

interface CommentRequest {
  readonly verdict: Verdict
  readonly event: PullRequestEvent
  readonly mode: CommentMode
  readonly key: string
  readonly runUrl: string
}

const mostAttempts = 2

/**
 * Brings the one comment of a key on a pull request up to date. It is found by its marker and by its author, who has
 * to be the token's own; it is not touched once the pull request has other commits than the ones judged.
 */
export async function comment(github: GitHub, request: CommentRequest): Promise<Commented> {
  if (request.mode === 'never') return { kind: 'done', url: '' }
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(github, request)
    } catch (error) {
      // A comment may have been made although the answer was an error: so look again before trying again.
      if (failureOf(error).status < 500 || attempt === mostAttempts) {
        return { kind: 'not-written', why: explainFailure(error, 'pull-requests: write') }
      }
      await github.delay(1_000 * attempt)
    }
  }
}

async function write(github: GitHub, request: CommentRequest): Promise<Commented> {
  const { api, repository } = github
  const { verdict, event, key, mode, runUrl } = request
  const body = renderComment(verdict, { key, head: event.head, runUrl })
  const existing = await findComment(github, event.number, key)
  const plan = planComment(existing, { body, mode, verdict })
  if (plan.kind === 'none') return { kind: 'done', url: plan.url ?? '' }
  const { data: pull } = await api.pulls.get({ ...repository, pull_number: event.number })
  if (pull.head.sha !== event.head) {
    return {
      kind: 'not-written',
      why: 'the pull request has other commits by now, which have a run of their own',
    }
  }
  const written =
    plan.kind === 'create'
      ? await api.issues.createComment({ ...repository, issue_number: event.number, body })
      : await api.issues.updateComment({ ...repository, comment_id: plan.id, body })
  return { kind: 'done', url: written.data.html_url }
}

/** The token can edit comments of others too, so the marker alone proves nothing. */
async function findComment(
  { api, paginate, graphql, repository }: GitHub,
  number: number,
  key: string,
): Promise<ExistingComment | undefined> {
  const all = await paginate(api.issues.listComments, {
    ...repository,
    issue_number: number,
    per_page: 100,
  })
  const marked = all.flatMap(({ id, user, body = '', html_url: url }) =>
    hasMarker(body, key) ? [{ id, author: user?.login ?? '', body, url }] : [],
  )
  if (marked.length === 0) return undefined
  const { viewer } = await graphql<{ viewer: { login: string } }>('query { viewer { login } }')
  return marked.find(({ author }) => author === viewer.login)
}
