#!/usr/bin/env node
import '../close-inspector.ts'
import { main } from './main.ts'

const interrupt = new AbortController()
let received: 'SIGINT' | 'SIGTERM' | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    received = signal
    interrupt.abort()
  })
}
// A reader such as `head` may leave before the end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
const code = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
})
// A shell loop stops only when it sees that its child ended by the signal.
process.exitCode = received === 'SIGINT' ? 130 : received === 'SIGTERM' ? 143 : code
