import { describe, expect, it } from 'vitest'
import { patched, released } from '../support/workspace.ts'
import { head, startForge, type Forge } from './forge.ts'
import { runMain, type MainOptions } from './run-main.ts'

const marker = `<!-- kabi-gate key=kabi-gate head=${head} -->`
const old = `<!-- kabi-gate key=kabi-gate head=${'0'.repeat(40)} -->\nold`
const bot = { login: 'github-actions[bot]', type: 'Bot' }
const writes = ({ requests }: Forge) => requests.filter((line) => /^(POST|PATCH) (?!\/graphql)/.test(line))
const listing = /GET .*\/issues\/12\/comments/
const creating = /POST .*\/comments/

const broken: MainOptions = { symvers: patched }
const clean: MainOptions = { symvers: released }

describe('the comment on a pull request', () => {
  it('is created on a break, with its marker on the first line, and its address is an output', async () => {
    const forge = await startForge()
    const run = await runMain(forge, broken)
    expect(run.code).toBe(1)
    expect(forge.comments).toHaveLength(1)
    const body = forge.comments[0]?.body ?? ''
    expect(body.split('\n')[0]).toBe(marker)
    expect(body).toContain('BREAK')
    expect(body).toContain('https://github.example/distro/linux/actions/runs/77')
    expect(run.outputs.get('comment-url')).toMatch(/#issuecomment-9000$/)
  })

  it('is updated in place, and turns green when the break is fixed', async () => {
    const forge = await startForge()
    forge.comments.push({ id: 1, user: { login: 'pat' }, body: 'hello' }, { id: 2, user: bot, body: old })
    const run = await runMain(forge, clean)
    expect(run.code).toBe(0)
    expect(writes(forge)).toEqual(['PATCH /repos/distro/linux/issues/comments/2'])
    expect(forge.comments[1]?.body).toMatch(/✅.*PASS/)
    expect(run.outputs.get('comment-url')).toMatch(/#issuecomment-2$/)
  })

  it('costs no write when it says the same already', async () => {
    const forge = await startForge()
    await runMain(forge, broken)
    const [only] = forge.comments
    if (only) only.body = only.body.trimEnd().replaceAll('\n', '\r\n')
    const before = writes(forge).length
    const run = await runMain(forge, broken)
    expect(writes(forge)).toHaveLength(before)
    expect(run.outputs.get('comment-url')).toMatch(/#issuecomment-9000$/)
  })

  it('is left to the command that decides: a plan that failed writes none, and misses no permission', async () => {
    const forge = await startForge()
    forge.failAlways(/comments/, { status: 403, message: 'Resource not accessible by integration' })
    const run = await runMain(forge, { inputs: { command: 'plan', config: 'no-such.yml' } })
    expect(run.code).not.toBe(0)
    expect(run.stdout).not.toContain('::warning')
    expect(forge.requests.filter((line) => line.includes('comments'))).toEqual([])
  })

  it.each<[string, MainOptions, number]>([
    ['on-change', clean, 0],
    ['on-change', broken, 1],
    ['on-break', clean, 0],
    ['on-break', broken, 1],
    ['always', clean, 1],
    ['never', broken, 0],
  ])('%s makes what it says', async (mode, options, comments) => {
    const forge = await startForge()
    await runMain(forge, { ...options, inputs: { comment: mode } })
    expect(forge.comments).toHaveLength(comments)
    if (mode === 'never') expect(forge.requests).toEqual([])
  })

  it('is found among 300 comments on page four', async () => {
    const forge = await startForge()
    for (let id = 1; id <= 310; id++) {
      forge.comments.push({ id, user: id === 305 ? bot : { login: 'pat' }, body: id === 305 ? old : 'talk' })
    }
    await runMain(forge, broken)
    expect(forge.requests.filter((line) => listing.test(line))).toHaveLength(4)
    expect(writes(forge)).toEqual(['PATCH /repos/distro/linux/issues/comments/305'])
  })

  it('is not taken from somebody else who wrote our marker, nor from a marker below the first line', async () => {
    const forge = await startForge()
    forge.comments.push(
      { id: 1, user: { login: 'eve', type: 'User' }, body: old },
      { id: 2, user: { login: 'github-actions', type: 'User' }, body: old },
      { id: 3, user: bot, body: `quoted:\n${old}` },
      { id: 4, user: bot, body: old.replace('key=kabi-gate', 'key=other') },
    )
    await runMain(forge, broken)
    expect(writes(forge)).toEqual(['POST /repos/distro/linux/issues/12/comments'])
    expect(forge.comments[0]?.body).toBe(old)
  })

  it('has one for each key, and finds its own by the login of another token', async () => {
    const forge = await startForge()
    forge.viewer = 'distro-bot'
    await runMain(forge, { ...broken, inputs: { 'comment-key': 'rt kernel' } })
    await runMain(forge, { ...broken, inputs: { 'comment-key': 'stable' } })
    await runMain(forge, { ...clean, inputs: { 'comment-key': 'rt kernel' } })
    expect(forge.comments.map(({ body }) => /key=(\S+)/.exec(body)?.[1])).toEqual(['rt-kernel', 'stable'])
    expect(forge.comments[0]?.body).toContain('PASS')
  })

  it('is not written over a newer head', async () => {
    const forge = await startForge()
    forge.pull.head = 'd'.repeat(40)
    forge.comments.push({ id: 2, user: bot, body: old })
    const run = await runMain(forge, broken)
    expect(run.code).toBe(1)
    expect(writes(forge)).toEqual([])
    expect(run.summary).toMatch(/no comment of this verdict: the pull request has other commits by now/)
  })

  it.each<[string, number, string, RegExp]>([
    ['a fork', 403, 'Resource not accessible by integration', /403.*needs pull-requests: write/],
    ['a token that sees nothing', 404, 'Not Found', /404.*may lack pull-requests: write/],
    ['a refused token', 401, 'Bad credentials', /401.*github-token/],
    ['a body that is not accepted', 422, 'Validation Failed', /422: Validation Failed/],
  ])('is missed without any harm to the verdict with %s', async (_, status, message, said) => {
    const forge = await startForge()
    forge.failAlways(creating, { status, message })
    const run = await runMain(forge, broken)
    expect(run.code).toBe(1)
    expect(run.outputs.get('verdict')).toBe('break')
    expect(run.outputs.get('comment-url')).toBe('')
    expect(run.stdout).toMatch(/^::warning.*could not be delivered/m)
    expect(run.summary).toMatch(said)
    expect(run.summary).toContain('BREAK')
    expect(run.waits).toEqual([])
    expect(writes(forge)).toHaveLength(1)
  })

  it('does not make a pass fail when it cannot be written', async () => {
    const forge = await startForge()
    forge.failAlways(/./, { status: 403, message: 'Resource not accessible by integration' })
    const run = await runMain(forge, { ...clean, inputs: { comment: 'always' } })
    expect([run.code, run.outputs.get('verdict')]).toEqual([0, 'pass'])
  })

  it('waits as long as a 429 asks, and not a second time when it succeeds', async () => {
    const forge = await startForge()
    forge.fail(creating, { status: 429, message: 'slow down', headers: { 'retry-after': '7' } })
    const run = await runMain(forge, broken)
    expect(run.waits).toEqual([7_000])
    expect(forge.comments).toHaveLength(1)
  })

  it('waits for a secondary limit, but not for an hour', async () => {
    const forge = await startForge()
    const message = 'You have exceeded a secondary rate limit'
    forge.fail(creating, { status: 403, message, headers: { 'retry-after': '30' } })
    expect((await runMain(forge, broken)).waits).toEqual([30_000])
    expect(forge.comments).toHaveLength(1)
    forge.failAlways(listing, { status: 403, message, headers: { 'retry-after': '3600' } })
    const run = await runMain(forge, broken)
    expect(run.waits).toEqual([])
    expect(run.summary).toMatch(/too many requests \(403/)
  })

  it('comes through 5xx answers', async () => {
    const forge = await startForge()
    forge.fail(listing, { status: 502, message: 'Bad Gateway' }, { status: 503, message: 'Unavailable' })
    const run = await runMain(forge, broken)
    expect(run.waits).toEqual([500, 1_000])
    expect(forge.comments).toHaveLength(1)
  })

  it('looks again after a 5xx on writing, so that there are never two', async () => {
    const forge = await startForge()
    forge.fail(creating, { status: 502, message: 'Bad Gateway' })
    await runMain(forge, broken)
    expect(forge.comments).toHaveLength(1)
    expect(forge.requests.filter((line) => listing.test(line))).toHaveLength(2)
  })

  it('gives up when the API is down, with the verdict as it was', async () => {
    const forge = await startForge()
    await forge.stop()
    const run = await runMain(forge, broken)
    expect(run.code).toBe(1)
    expect(run.summary).toMatch(/the API did not answer properly/)
    expect(run.waits.length).toBeLessThan(20)
  })

  it.each([
    ['without a token', { inputs: { 'github-token': '' } }],
    ['for a push', { env: { GITHUB_EVENT_NAME: 'push' } }],
    ['for a payload without a pull request', { payload: { action: 'synchronize' } }],
  ])('asks the forge nothing %s', async (_, options) => {
    const forge = await startForge()
    const run = await runMain(forge, { ...broken, ...options })
    expect(run.code).toBe(1)
    expect(forge.requests).toEqual([])
  })
})
