import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patched, released } from '../e2e/workspace.ts'
import { pullRequestPayload, startForge } from './forge.ts'
import { runMain } from './run-main.ts'

const list = 'whitelists/x86_64/kabi_whitelist'

function git(folder: string, ...args: readonly string[]): string {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org']
  return execFileSync('git', ['-C', folder, ...person, ...args], { encoding: 'utf8' }).trim()
}

/** Runs on a checkout whose patch made the whitelist agree with the break. */
async function runOnEdited(
  payloadWith: (base: string) => object,
  options: { readonly event: string; readonly inputs?: Readonly<Record<string, string>> },
) {
  const payload: Record<string, unknown> = {}
  return runMain(await startForge(), {
    symvers: patched,
    payload,
    inputs: options.inputs ?? {},
    env: { GITHUB_EVENT_NAME: options.event },
    prepare: (folder) => {
      writeFileSync(join(folder, 'Makefile'), 'VERSION = 6\n')
      git(folder, 'init', '--quiet')
      git(folder, 'add', 'Makefile', 'kabi.yml', 'whitelists')
      git(folder, 'commit', '--quiet', '-m', 'base')
      Object.assign(payload, payloadWith(git(folder, 'rev-parse', 'HEAD')))
      const kept = patched.split('\n').filter((line) => !line.includes('nobody_cares'))
      writeFileSync(join(folder, list), kept.join('\n'))
    },
  })
}

const pullRequest = (sha: string) => {
  const payload = pullRequestPayload() as { pull_request: object }
  return { ...payload, pull_request: { ...payload.pull_request, base: { ref: 'main', sha } } }
}

describe('the action on a patch that edits its own whitelist', () => {
  it.each([
    ['pull_request', pullRequest],
    ['merge_group', (sha: string) => ({ merge_group: { base_sha: sha, base_ref: 'refs/heads/main' } })],
    ['push', (sha: string) => ({ before: sha })],
  ])('goes by the base of a %s', async (event, payloadWith) => {
    const run = await runOnEdited(payloadWith, { event })
    expect(run.outputs.get('verdict')).toBe('break')
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('whitelist-edit')
  })

  it('trusts the work tree only where the workflow says so', async () => {
    const run = await runOnEdited(pullRequest, { event: 'pull_request', inputs: { 'baseline-ref': 'none' } })
    expect(run.outputs.get('verdict')).toBe('pass')
  })

  it('is an error when the commit was not fetched', async () => {
    const run = await runOnEdited(() => pullRequest('c'.repeat(40)), { event: 'pull_request' })
    expect(run.outputs.get('verdict')).toBe('error')
    expect(run.code).toBe(2)
  })

  it('reads the plan from the base too', async () => {
    const run = await runOnEdited(pullRequest, { event: 'pull_request', inputs: { command: 'plan' } })
    expect(run.code).toBe(0)
    expect(run.outputs.get('matrix')).toContain('x86_64')
  })
})

describe('the disable flag in the action', () => {
  const disable = { 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' }
  const on = async (event: string, env: Readonly<Record<string, string>> = {}) =>
    runMain(await startForge(), {
      symvers: patched,
      inputs: disable,
      payload: {},
      env: { GITHUB_EVENT_NAME: event, ...env },
    })

  it.each([
    ['pull_request', {}],
    ['merge_group', { GITHUB_REF: 'refs/heads/gh-readonly-queue/topic/pr-1' }],
    ['push', { GITHUB_REF: 'refs/heads/main' }],
    ['push', { GITHUB_REF: 'refs/heads/topic', GITHUB_REF_PROTECTED: 'true' }],
  ])('is an error on %s %j', async (event, env) => {
    const run = await on(event, env)
    expect(run.code).toBe(2)
    expect(run.outputs.get('verdict')).toBe('error')
    expect(run.stdout).toContain('cannot be disabled')
  })

  it.each([
    ['workflow_dispatch', { GITHUB_REF: 'refs/heads/main' }],
    ['push', { GITHUB_REF: 'refs/heads/topic' }],
  ])('is accepted on %s %j', async (event, env) => {
    const run = await on(event, env)
    expect(run.code).toBe(0)
    expect(run.outputs.get('verdict')).toBe('overridden')
  })

  it('does not stand in the way of a run that needs no flag', async () => {
    const run = await runMain(await startForge(), {
      symvers: released,
      payload: {},
      env: { GITHUB_EVENT_NAME: 'push' },
    })
    expect(run.outputs.get('verdict')).toBe('pass')
  })
})
