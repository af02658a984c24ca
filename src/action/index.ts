import '../close-inspector.ts'
import { setFailed } from '@actions/core'
import { context } from '@actions/github'
import { main } from './main.ts'

const cancelled = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancelled.abort())

try {
  process.exitCode = await main({
    env: process.env,
    workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
    actor: process.env['GITHUB_TRIGGERING_ACTOR'] ?? context.actor,
    signal: cancelled.signal,
  })
} catch (error) {
  setFailed(error instanceof Error ? error : String(error))
  process.exitCode = 4
}
