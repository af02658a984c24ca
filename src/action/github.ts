import { setTimeout } from 'node:timers/promises'
import { getOctokit } from '@actions/github'
import { isRateLimit, mostWait, waitAfter, type Failure } from './retry.ts'

/** The API of the forge, for one repository. */
export interface GitHub {
  readonly api: ReturnType<typeof getOctokit>['rest']
  readonly paginate: ReturnType<typeof getOctokit>['paginate']
  readonly graphql: ReturnType<typeof getOctokit>['graphql']
  readonly request: ReturnType<typeof getOctokit>['request']
  readonly repository: { readonly owner: string; readonly repo: string }
  readonly delay: Delay
}

/** Waits so many milliseconds. */
export type Delay = (milliseconds: number) => Promise<void>

/** One request has to be answered within this time. */
const patience = 15_000

/**
 * Connects to the API that the runner names (`GITHUB_API_URL`), also that of a GitHub Enterprise Server.
 * @returns undefined without a token or a repository
 */
export function connect(
  token: string,
  env: Readonly<Record<string, string | undefined>>,
  delay: Delay = (milliseconds) => setTimeout(milliseconds, undefined),
): GitHub | undefined {
  const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  if (token === '' || owner === '' || repo === '') return undefined
  const octokit = getOctokit(token, {
    baseUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    // What fails is said once, in our words.
    log: { debug: silent, info: silent, warn: silent, error: silent },
  })
  const api = new URL(env['GITHUB_API_URL'] ?? 'https://api.github.com')
  octokit.hook.wrap('request', async (request, options) => {
    // Answers name the next page by its whole address, and the token goes along.
    if (new URL(options.url, api).host !== api.host || new URL(options.baseUrl, api).host !== api.host)
      throw new Error(`an answer of the API leads to another host: ${new URL(options.url, api).host}`)
    const repeatable = options.method !== 'POST' || options.url === '/graphql'
    const started = Date.now()
    let waited = 0
    for (let attempt = 1; ; attempt++) {
      try {
        return await request({
          ...options,
          request: { ...options.request, signal: AbortSignal.timeout(patience) },
        })
      } catch (error) {
        const wait = waitAfter(failureOf(error), attempt, repeatable, Date.now())
        const spent = Math.max(waited, Date.now() - started)
        if (wait === undefined || spent + wait > mostWait) throw error
        waited += wait
        await delay(wait)
      }
    }
  })
  const { rest, paginate, graphql, request } = octokit
  return { api: rest, paginate, graphql, request, repository: { owner, repo }, delay }
}

function silent(): void {
  // Nothing to say.
}

/** What an error of a request tells; an error of any other kind has status 0. */
export function failureOf(error: unknown): Failure {
  const { status, message, response } = Object(error) as Partial<Failure> & { response?: Partial<Failure> }
  return {
    status: typeof status === 'number' ? status : 0,
    message: String(message ?? error),
    headers: response?.headers ?? {},
  }
}

/**
 * Says why a request failed and what to do about it.
 * @param permission what the token needs for it, as in a workflow's `permissions`
 */
export function explainFailure(error: unknown, permission: string): string {
  const failure = failureOf(error)
  const { status, message } = failure
  const said = message.replace(/\s+/g, ' ').slice(0, 200)
  if (isRateLimit(failure)) return `too many requests (${status}: ${said}); run again later`
  if (status === 401) return `the token was not accepted (401: ${said}); check the input github-token`
  if (status === 403)
    return `the token may not do this (403: ${said}); it needs ${permission}, which the token of a pull request from a fork never has`
  if (status === 404)
    return `not found (404: ${said}); the token sees no such thing, it may lack ${permission}`
  if (status === 422) return `the request was not accepted (422: ${said})`
  if (status >= 500) return `the API did not answer properly (${status}: ${said})`
  return said
}
