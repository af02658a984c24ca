import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../src/action/github.ts'
import { waitAfter, type Failure } from '../../src/action/retry.ts'

const now = Date.parse('2026-11-20T12:00:00Z')
const failure = (status: number, headers: Failure['headers'] = {}, message = 'x'): Failure => ({
  status,
  message,
  headers,
})

describe('waitAfter', () => {
  it.each<[string, Failure, number, boolean, number | undefined]>([
    ['a first 5xx', failure(502), 1, true, 500],
    ['a third 5xx', failure(503), 3, true, 2_000],
    ['a fourth', failure(503), 4, true, undefined],
    ['a 5xx on what must not happen twice', failure(502), 1, false, undefined],
    ['a 429 with seconds', failure(429, { 'retry-after': '3' }), 1, false, 3_000],
    ['a 429 with a date', failure(429, { 'retry-after': 'Fri, 20 Nov 2026 12:00:10 GMT' }), 1, false, 10_000],
    ['a 429 with nonsense', failure(429, { 'retry-after': 'soon' }), 1, false, 60_000],
    [
      'a 429 with a date gone by',
      failure(429, { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }),
      2,
      false,
      1_000,
    ],
    [
      'a used-up limit',
      failure(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 20) }),
      1,
      false,
      20_000,
    ],
    [
      'a secondary limit without a time',
      failure(403, {}, 'exceeded a secondary rate limit'),
      1,
      false,
      60_000,
    ],
    ['a plain 403', failure(403, { 'x-ratelimit-remaining': '40' }), 1, true, undefined],
    ['a 404', failure(404), 1, true, undefined],
    ['an error of another kind', failure(0), 1, true, undefined],
  ])('after %s', (_, one, attempt, repeatable, wait) => {
    expect(waitAfter(one, attempt, repeatable, now)).toBe(wait)
  })
})

describe('explainFailure', () => {
  it.each([
    [{ status: 401, message: 'Bad credentials' }, /github-token/],
    [{ status: 403, message: 'no' }, /needs pull-requests: write/],
    [{ status: 404, message: 'no' }, /may lack pull-requests: write/],
    [{ status: 422, message: 'too long' }, /not accepted \(422: too long\)/],
    [new TypeError('x is undefined'), /^x is undefined$/],
    ['thrown text', /^thrown text$/],
    [undefined, /^undefined$/],
  ])('of %o says what to do', (error, said) => {
    expect(explainFailure(error, 'pull-requests: write')).toMatch(said)
  })
})
