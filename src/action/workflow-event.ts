import { readFile } from 'node:fs/promises'
import type { RunOrigin } from '../judge/refuse-override.ts'

/** The pull request that a run is about, as the event that started it told. Older than what the API says now. */
export interface PullRequestEvent {
  readonly number: number
  /** The head commit that is judged. */
  readonly head: string
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

/** Where a run comes from, and the commit that it starts from. */
export interface EventOrigin extends RunOrigin {
  /** What a pull request or a merge queue merges into, or what a push found; absent where the event names none. */
  readonly base: string | undefined
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
  const commit =
    text('pull_request', 'base', 'sha') ??
    text('merge_group', 'base_sha') ??
    (event === 'push' ? text('before') : undefined)
  // A push that makes a branch found nothing before, which GitHub writes as zeros.
  const known = commit !== undefined && /^[\da-f]{40,64}$/.test(commit) && !/^0+$/.test(commit)
  const ref = text('merge_group', 'base_ref') ?? env['GITHUB_REF'] ?? ''
  const pushed = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
  return {
    event,
    branch: text('pull_request', 'base', 'ref') ?? pushed,
    protectedByForge: env['GITHUB_REF_PROTECTED'] === 'true',
    base: known ? commit : undefined,
  }
}

/** The part of `readPullRequestEvent` that needs no file. */
export function pullRequestEvent(payload: unknown): PullRequestEvent | undefined {
  const number = at(payload, 'pull_request', 'number')
  const head = at(payload, 'pull_request', 'head', 'sha')
  if (!Number.isSafeInteger(number) || typeof head !== 'string' || !/^[\da-f]{40,64}$/.test(head)) {
    return undefined
  }
  const actor = at(payload, 'sender', 'login')
  const label = at(payload, 'label', 'name')
  const labeled =
    at(payload, 'action') === 'labeled' && typeof actor === 'string' && typeof label === 'string'
  return { number: number as number, head, labeled: labeled ? { actor, label } : undefined }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  )
}
