/** What a failed request tells about when to ask again. */
export interface Failure {
  /** 500 also when there was no answer at all. */
  readonly status: number
  readonly message: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

const mostAttempts = 4
/** All waits for one request together; a job that waits longer than this costs more than it gains. */
export const mostWait = 90_000
const firstWait = 500
/** What GitHub asks for when it names no time for its secondary limits. */
const secondaryWait = 60_000

/**
 * How long to wait before asking again, in milliseconds; undefined: do not. A request that was refused for its rate is
 * repeated when the forge says, any other only where that cannot do a thing twice.
 * @param attempt number of the attempt that failed, from 1
 * @param repeatable whether doing it twice is the same as once
 * @param now milliseconds, as `Date.now()` gives them
 */
export function waitAfter(
  failure: Failure,
  attempt: number,
  repeatable: boolean,
  now: number,
): number | undefined {
  if (attempt >= mostAttempts) return undefined
  const backOff = firstWait * 2 ** (attempt - 1)
  if (isRateLimit(failure)) return Math.max(rateWait(failure, now), backOff)
  return failure.status >= 500 && repeatable ? backOff : undefined
}

/** Whether the forge refused a request because there were too many, without having looked at it. */
export function isRateLimit({ status, message, headers }: Failure): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  return (
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0' ||
    /secondary rate limit/i.test(message)
  )
}

function rateWait({ headers }: Failure, now: number): number {
  const after = headers['retry-after']
  if (after !== undefined) {
    const seconds = Number(after)
    const wait = Number.isNaN(seconds) ? Date.parse(String(after)) - now : seconds * 1000
    return Number.isNaN(wait) ? secondaryWait : wait
  }
  const reset = Number(headers['x-ratelimit-reset'])
  if (String(headers['x-ratelimit-remaining']) === '0' && reset > 0) return reset * 1000 - now
  return secondaryWait
}
