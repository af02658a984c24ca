import { readFile } from 'node:fs/promises'

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
export async function readPullRequestEvent(
  env: Readonly<Record<string, string | undefined>>,
): Promise<PullRequestEvent | undefined> {
  const path = env['GITHUB_EVENT_PATH']
  if (path === undefined || env['GITHUB_EVENT_NAME'] !== 'pull_request') return undefined
  try {
    return pullRequestEvent(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
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
