import { readFile } from 'node:fs/promises'
import type { RunOrigin } from '../judge/refuse-override.ts'

/** The pull request that a run is about, as the event that started it told. Older than what the API says now. */
export interface PullRequestEvent {
  readonly number: number
  /** The head commit that is judged. */
  readonly head: string
  /** The branch that it is to be merged into. */
  readonly base: string
  /** Set when the run was started by the setting of a label. */
  readonly labeled: { readonly actor: string; readonly label: string } | undefined
}

/**
 * Reads from the event's payload which pull request a run is about.
 * @returns undefined for an event without one, and for a payload that lacks what is needed
 */
export async function readPullRequestEvent(env: Environment): Promise<PullRequestEvent | undefined> {
  return env['GITHUB_EVENT_NAME'] === 'pull_request' ? pullRequestEvent(await payloadOf(env)) : undefined
}

/** The pull request at the end of a merge group, and the commits of the group. */
export interface MergeGroupEvent {
  readonly number: number
  /** The branch that is merged into, and the commit that the group starts from. */
  readonly branch: string
  readonly base: string
  readonly head: string
}

/**
 * Reads from the event's payload which merge group a run is about.
 * @returns undefined for any other event, and for a payload that lacks what is needed
 */
export async function readMergeGroupEvent(env: Environment): Promise<MergeGroupEvent | undefined> {
  return env['GITHUB_EVENT_NAME'] === 'merge_group' ? mergeGroupEvent(await payloadOf(env)) : undefined
}

/** The part of `readMergeGroupEvent` that needs no file. */
export function mergeGroupEvent(payload: unknown): MergeGroupEvent | undefined {
  const [base, head, baseRef, headRef] = ['base_sha', 'head_sha', 'base_ref', 'head_ref'].map((key) => {
    const value = at(payload, 'merge_group', key)
    return typeof value === 'string' ? value : ''
  }) as [string, string, string, string]
  const branch = /^refs\/heads\/(.+)$/.exec(baseRef)?.[1]
  // The forge names the branch of a group for the pull request that was queued last: gh-readonly-queue/main/pr-104-<commit>
  const number = /\/pr-([1-9]\d{0,9})-[\da-f]{40,64}$/.exec(headRef)?.[1]
  if (branch === undefined || number === undefined || !isCommit(base) || !isCommit(head)) return undefined
  return { number: Number(number), branch, base, head }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Undefined where there is none, or none that can be read. */
async function payloadOf(env: Environment): Promise<unknown> {
  const path = env['GITHUB_EVENT_PATH']
  if (path === undefined) return undefined
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** What a pull request or a merge queue merges into, or what a push found. */
type EventBase =
  | { readonly kind: 'commit'; readonly commit: string }
  /** There is none: a run by hand or by the clock, a push that makes a branch. */
  | { readonly kind: 'none' }
  /** There is one, and the payload does not tell which; or nobody knows whether there is one. */
  | { readonly kind: 'unreadable' }

/** Where a run comes from, and the commit that it starts from. */
export interface EventOrigin extends RunOrigin {
  readonly base: EventBase
}

/** Reads from the event's payload and the runner's environment where a run comes from. */
export async function readOrigin(env: Environment): Promise<EventOrigin> {
  return originOf(env, await payloadOf(env))
}

/** The part of `readOrigin` that needs no file. */
export function originOf(env: Environment, payload: unknown): EventOrigin {
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  const text = (...path: readonly string[]): string | undefined => {
    const value = at(payload, ...path)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const ref = text('merge_group', 'base_ref') ?? env['GITHUB_REF'] ?? ''
  const pushed = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
  return {
    event,
    branch: text('pull_request', 'base', 'ref') ?? pushed,
    protectedByForge: env['GITHUB_REF_PROTECTED'] === 'true',
    base: baseOf(
      event,
      text('pull_request', 'base', 'sha') ??
        text('merge_group', 'base_sha') ??
        (event === 'push' ? text('before') : undefined),
    ),
  }
}

/**
 * Events of which the whole commit is the repository's own; outside of a workflow there is none. Others, such as `workflow_run`
 * and `issue_comment`, may be about a patch of anybody, whose own files must not count.
 */
const eventsWithoutBase = ['', 'workflow_dispatch', 'schedule']

function baseOf(event: string, commit: string | undefined): EventBase {
  const isName = commit !== undefined && isCommit(commit)
  // A push that makes a branch found nothing before, which GitHub writes as zeros.
  const isNothing = isName && /^0+$/.test(commit)
  if (isName && !isNothing) return { kind: 'commit', commit }
  return eventsWithoutBase.includes(event) || (event === 'push' && isNothing)
    ? { kind: 'none' }
    : { kind: 'unreadable' }
}

function isCommit(text: string): boolean {
  return /^(?:[\da-f]{40}|[\da-f]{64})$/.test(text)
}

/** The part of `readPullRequestEvent` that needs no file. */
export function pullRequestEvent(payload: unknown): PullRequestEvent | undefined {
  const number = at(payload, 'pull_request', 'number')
  const head = at(payload, 'pull_request', 'head', 'sha')
  const base = at(payload, 'pull_request', 'base', 'ref')
  if (!Number.isSafeInteger(number) || typeof head !== 'string' || !isCommit(head)) return undefined
  if (typeof base !== 'string' || base === '') return undefined
  const actor = at(payload, 'sender', 'login')
  const label = at(payload, 'label', 'name')
  const labeled =
    at(payload, 'action') === 'labeled' && typeof actor === 'string' && typeof label === 'string'
  return { number: number as number, head, base, labeled: labeled ? { actor, label } : undefined }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  )
}
