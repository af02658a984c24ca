#!/usr/bin/env node
import '../processes/close-inspector.ts'
import { codeForBisect } from '../judge/exit-code.ts'
import { asksToBisect } from './asks-to-bisect.ts'
import { main } from './main.ts'
import { failureOf, watchStreams } from './streams.ts'

/** What they do is read and say: nothing has to be ended in order, so the signals do what they always do, at once. */
const atOnce = ['compare', 'judge', 'plan', 'module', 'deps', 'waiver', 'init', 'completion', 'man']

const interrupt = new AbortController()
let received: 'SIGINT' | 'SIGTERM' | undefined
if (!atOnce.includes(process.argv[2] ?? '')) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      received = signal
      interrupt.abort()
    })
  }
}
/** What nobody decided ends a bisection; git would call the commit bad. */
const isStep = asksToBisect(process.argv.slice(2))
const forCaller = (code: number): number => (isStep ? codeForBisect(code) : code)
if (isStep) process.exitCode = forCaller(4)
const lost = watchStreams(process.stdout, process.stderr)
process.on('uncaughtException', (error) => {
  const { code, text } = failureOf(error)
  process.stderr.write(text)
  process.exit(forCaller(code))
})
const code = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
})
const unsaid = await lost()
const isLost = unsaid !== undefined && (isStep || code === 0)
if (isLost) {
  process.stderr.write(`error: standard output could not be written: ${unsaid}\n`)
}
// A shell loop stops only when it sees that its child ended by the signal.
const ended = received === 'SIGINT' ? 130 : received === 'SIGTERM' ? 143 : undefined
// A report that nobody got says nothing; only a break that was found stays one, outside of a bisection.
process.exitCode = ended ?? forCaller(isLost ? 3 : code)
