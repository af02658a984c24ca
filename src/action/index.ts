import '../processes/close-inspector.ts'
import { getInput, setFailed } from '@actions/core'
import { context } from '@actions/github'
import { errorCode } from '../io/file-problem.ts'
import { main } from './main.ts'

const cancelled = new AbortController()
// Those that start no build have nothing to end in order; the others let it end, and say what was not looked at.
if (!['judge', 'plan'].includes(getInput('command'))) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancelled.abort())
}
const output = { lost: false }
process.stdout.on('error', () => (output.lost = true))
process.stderr.on('error', () => undefined)

function fail(error: unknown): void {
  process.exitCode = error instanceof Error && 'syscall' in error && errorCode(error) !== undefined ? 3 : 4
  // Its stack is of no use to anybody who runs a workflow.
  setFailed(error instanceof Error ? error.message : String(error))
}

process.on('uncaughtException', (error) => {
  fail(error)
  process.exit()
})

try {
  const code = await main({
    env: process.env,
    workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
    actor: process.env['GITHUB_TRIGGERING_ACTOR'] ?? context.actor,
    signal: cancelled.signal,
  })
  await new Promise<void>((written) => process.stdout.write('', () => written()))
  process.exitCode = code === 0 && output.lost ? 3 : code
} catch (error) {
  fail(error)
}
